/**
 * The store's device code on the virtual board and the interpreters.
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
import { buildProgram, interpreters, noInterpreter, Run } from "../mqtt/interpreter.ts";
import { useFlash } from "./fake-flash.ts";
import { runSteps } from "./steps.ts";

let script = "";
before(async () => {
  script = await buildProgram(join(import.meta.dirname, "device/store.ts"));
});

/** CRC-32 of what Node sees in the same steps. */
function stepsInNode(): number {
  const flash = new NorFlash(new Uint8Array(16384).fill(0xff), 0, 1024);
  useFlash(flash);
  allowFlash(0, 16384);
  return runSteps(0, 60, (text) => crc32(Buffer.from(text, "latin1")));
}

const expected = () => ({
  steps: `${stepsInNode()}`,
  slot: /^8192 CCC 2 \d+$/,
  same: "true a file of the user's",
  settings: 'true {"deviceName":"d1","n":1.5}',
  armed: 'true {"active":2,"previous":-1,"trial":0,"security":0}',
  confirmed: 'true {"active":0,"previous":-1,"trial":-1,"security":7} false 0',
  listeners: "undefined",
  counts: "true",
});

async function check(line: (word: string) => Promise<string> | string): Promise<string> {
  for (const [word, text] of Object.entries(expected())) {
    const said = await line(word);
    if (text instanceof RegExp) assert.match(said, text, word);
    else assert.equal(said, text, word);
  }
  for (const what of ["write", "erase"])
    assert.match(
      await line("refused"),
      new RegExp(`^flash: ${what} at 0x1000[0-9a-f]+: expected a`),
    );
  return line("vars");
}

test("the store on the virtual board", async () => {
  const board = new DrivenBoard({ board: linux });
  // The program is typed in: Storage is its own.
  board.powerOn();
  board.type(`\x10${script}\n`);
  board.run(1000);
  const lines = board.output.split("\r\n");
  await check((word) => {
    const at = lines.findIndex((one) => one.replace(/^>/, "").startsWith(`${word} `));
    assert.ok(at >= 0, `no "${word}": ${board.output}`);
    return (lines.splice(at, 1)[0] as string).replace(/^>/, "").slice(word.length + 1);
  });
});

test("the store on the interpreter", { skip: noInterpreter }, async (t) => {
  for (const interpreter of interpreters())
    await t.test(interpreter.name, async (context) => {
      const run = new Run(interpreter, script, {});
      try {
        const [vars, marks] = (await check((word) => run.line(word))).split(" ");
        context.diagnostic(`an open journal holds ${vars} JsVars`);
        assert.equal(marks, "12");
      } finally {
        await run.end();
      }
    });
});
