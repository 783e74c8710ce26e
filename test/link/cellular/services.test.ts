import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { buildProgram, engines, Run } from "../../mqtt/interpreter.ts";

const URL = "http://files.example/fw.bin";

test("clock, TLS and upgrade as a device program", async (t) => {
  const script = await buildProgram(join(import.meta.dirname, "device/services.ts"));
  for (const engine of engines().filter(({ name }) => name !== "Node")) {
    await t.test(engine.name, async () => {
      const run = new Run(engine, script, {});
      try {
        const sent = () => run.line("sent");
        assert.equal(await sent(), "AT+QLTS=1");
        const time = Number(await run.line("time"));
        assert.ok(Math.abs(time - Date.UTC(2026, 7, 7, 12, 5, 9)) < 60_000, `${time}`);
        assert.equal(await sent(), "AT+CCLK?");
        const name = /^AT\+QFLST="(ca\d+\.pem)"$/.exec(await sent())?.[1];
        assert.ok(name);
        assert.equal(await sent(), `AT+QFUPL="${name}",1455,10`);
        await run.line("payload");
        for (const setting of [
          '"sslversion",1,3',
          '"ciphersuite",1,0XFFFF',
          '"sni",1,1',
          `"cacert",1,"UFS:${name}"`,
          '"ignorelocaltime",1,0',
          '"seclevel",1,1',
        ]) {
          assert.equal(await sent(), `AT+QSSLCFG=${setting}`);
        }
        assert.equal(await run.line("secured"), "true");
        for (const text of ["+CGMR", "+QGMR", '+QCFG="fota/cid",1', `+QFOTADL="${URL}",1,5`]) {
          assert.equal(await sent(), `AT${text}`);
        }
        await run.line("held");
        for (const percent of [1, 2, 21, 40, 42, 71, 94]) {
          assert.equal(await run.line("percent"), `${percent}`);
        }
        await run.line("resumed");
        assert.equal(await run.line("upgraded"), "well");
        assert.equal(await run.line("kept"), "undefined");
      } finally {
        await run.end();
      }
    });
  }
});
