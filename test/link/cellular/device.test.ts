import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { readTranscript } from "../../../host/transcripts/format.ts";
import type { Step } from "../../../host/transcripts/play.ts";
import { play, stepsOf } from "../../../host/transcripts/replay.ts";
import { buildProgram, engines, noInterpreter, Run } from "../../mqtt/interpreter.ts";

const folder = join(import.meta.dirname, "../../fixtures/at");
const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => stepsOf(readTranscript(readFileSync(join(folder, name), "latin1"), name)));

const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");

function inHex(step: Step): object {
  if ("ticks" in step) throw new Error("a transcript has no ticks");
  if ("bytes" in step) return { bytes: hex(step.bytes) };
  const payload = step.payload === undefined ? {} : { payload: hex(step.payload) };
  return { command: hex(step.command), prefix: hex(step.prefix), raw: step.raw, ...payload };
}

if (noInterpreter) console.log(`AT channel on the interpreter: skipped, ${noInterpreter}`);

test("the AT channel as a device program", async (t) => {
  const script = await buildProgram(join(import.meta.dirname, "device/replay.ts"));
  for (const engine of engines().filter(({ name }) => name !== "Node")) {
    for (const size of [64, 1]) {
      await t.test(`${engine.name}, ${size} bytes at once`, async () => {
        const settings = { size, transcripts: transcripts.map((steps) => steps.map(inHex)) };
        const run = new Run(engine, script, settings);
        try {
          for (const [index, steps] of transcripts.entries()) {
            const notes: string[] = [];
            for (const _note of play(steps, (bytes) => [bytes])) {
              notes.push(Buffer.from(await run.line(`note${index}`), "hex").toString("latin1"));
            }
            assert.deepEqual(
              notes,
              play(steps, (bytes) => [bytes]),
            );
            await run.line(`end${index}`);
          }
          // A channel with tokenizer and counters; the virtual board counts no variables.
          const vars = await run.line("vars");
          assert.ok(Number.parseInt(vars, 10) < 200, vars);
          t.diagnostic(`${engine.name}: ${vars} variables`);
        } finally {
          await run.end();
        }
      });
    }
  }
});
