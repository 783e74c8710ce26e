/**
 * The REPL on the real interpreter: whose scope the code runs in, and what is shown of what it throws.
 * @module
 */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { connectBoard, startRepl } from "../../host/monitor/index.ts";
import { openBoard } from "../../host/serial/index.ts";
import { InterpreterRepl, noInterpreter } from "../serial/interpreter.ts";

const LINES = `var five = 5
let six = 6
five + six
function broken(a) {
  return a.b.c
}
broken({})
"a" + "b"
setTimeout(function () { throw "from a timer" }, 1)
`;

/** How long the last line may take, ms. */
const PATIENCE = 120_000;

/** What the terminal shows of the lines, without one. */
async function shownOf(lines: string): Promise<{ failures: number; text: string }> {
  const interpreter = new InterpreterRepl();
  const board = await openBoard(connectBoard(interpreter, "the interpreter"), { patience: 20_000 });
  try {
    const input = new PassThrough();
    const output = new PassThrough().setEncoding("utf8");
    let text = "";
    output.on("data", (more: string) => {
      text += more;
      if (text.includes("from a timer")) input.end();
    });
    input.write(lines);
    const late = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`never shown what the timer throws, but:\n${text}`));
      setTimeout(fail, PATIENCE).unref();
    });
    return { failures: await Promise.race([startRepl(board, { input, output }), late]), text };
  } finally {
    await board.close();
    await interpreter.close();
  }
}

test("code runs in the global scope; errors have the lines that were typed, and no others", {
  skip: noInterpreter(),
}, async () => {
  const { failures, text } = await shownOf(LINES);
  assert.equal(failures, 1);
  assert.match(text, /^= 11$/m);
  assert.match(text, /^="ab"$/m);
  assert.match(
    text,
    /Uncaught Error: Can't read property 'c' of undefined\n {4}at broken \(:1:\d+\)/,
  );
  assert.match(text, /at eval \(:1:\d+\)/);
  assert.doesNotMatch(text, /at REPL/);
  assert.match(text, /Uncaught from a timer/);
});
