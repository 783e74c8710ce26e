/**
 * The log of records on the virtual board and the interpreters, in Storage as the Linux build has it.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import * as linux from "../../boards/linux.ts";
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import { crc32 } from "../../host/image/crc32.ts";
import { allowFlash } from "../../src/store/flash.ts";
import { RecordLog } from "../../src/store/record-log.ts";
import { buildProgram, interpreters, noInterpreter, Run } from "../mqtt/interpreter.ts";
import { useFlash } from "./fake-flash.ts";
import { runLogSteps } from "./log-steps.ts";

const BYTES = 16384;

let script = "";
before(async () => {
  const program = await buildProgram(join(import.meta.dirname, "device/record-log.ts"));
  // A file lies before the log's.
  script = `require("Storage").write("before","x".repeat(3000));\n${program}`;
});

/** CRC-32 of what Node sees in the same steps. */
function stepsInNode(): number {
  useFlash(new NorFlash(new Uint8Array(BYTES).fill(0xff), 0, 1024));
  allowFlash(0, BYTES);
  const digest = (text: string) => crc32(Buffer.from(text, "latin1"));
  return runLogSteps(() => new RecordLog(0, BYTES), 300, digest);
}

async function check(line: (word: string) => Promise<string> | string): Promise<string> {
  assert.equal(await line("file"), "before,queue 992");
  assert.equal(await line("steps"), String(stepsInNode()));
  assert.equal(await line("same"), "before,queue true");
  const vars = await line("vars");
  assert.match(await line("guarded"), /^false/);
  return vars;
}

test("the log of records on the virtual board", async () => {
  const board = new DrivenBoard({ board: linux });
  board.powerOn();
  board.type(`\x10${script.replace("\n", "\n\x10")}\n`);
  board.run(1000);
  const lines = board.output.split("\r\n").map((one) => one.replace(/^>/, ""));
  await check((word) => {
    const at = lines.findIndex((one) => one.startsWith(`${word} `));
    assert.ok(at >= 0, `no "${word}": ${board.output.slice(-500)}`);
    return (lines.splice(at, 1)[0] as string).slice(word.length + 1);
  });
});

test("the log of records on the interpreter", { skip: noInterpreter }, async (t) => {
  for (const interpreter of interpreters())
    await t.test(interpreter.name, async (context) => {
      const run = new Run(interpreter, script, {});
      try {
        const [vars] = (await check((word) => run.line(word))).split(" ");
        context.diagnostic(`an open log holds ${vars} JsVars`);
      } finally {
        await run.end();
      }
    });
});
