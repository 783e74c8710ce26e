import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { buildProgram, engines, noInterpreter, Run } from "../../mqtt/interpreter.ts";

if (noInterpreter) console.log(`modem driver on the interpreter: skipped, ${noInterpreter}`);

test("the driver as the interpreter's network: online, and data both ways on two sockets", async (t) => {
  const script = await buildProgram(join(import.meta.dirname, "device/driver.ts"));
  for (const engine of engines().filter(({ name }) => name !== "Node")) {
    await t.test(engine.name, async () => {
      const run = new Run(engine, script, {});
      try {
        assert.equal(await run.line("up"), "true modem, 10.1.2.3");
        assert.equal(await run.line("echo0"), "true");
        assert.equal(await run.line("echo1"), "true");
        t.diagnostic(`${engine.name}: ${await run.line("vars")} variables`);
      } finally {
        await run.end();
      }
    });
  }
});
