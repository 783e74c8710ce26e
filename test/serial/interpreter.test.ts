/**
 * The real interpreter's REPL on a pseudo terminal.
 * @module
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  type Board,
  EvaluationError,
  fileDigest,
  openBoard,
  readFile,
  writeFile,
} from "../../host/serial/index.ts";
import { InterpreterRepl, noInterpreter } from "./interpreter.ts";
import { Wire } from "./wire.ts";

describe("the interpreter on a pseudo terminal", { skip: noInterpreter() }, () => {
  let repl: InterpreterRepl;
  let wire: Wire;
  let board: Board;
  before(async () => {
    repl = new InterpreterRepl();
    wire = await Wire.open(repl, { baud: 115200 });
    board = await openBoard(wire.path);
  });
  after(async () => {
    await board.close();
    await wire.close();
    await repl.close();
  });

  test("answers questions while a program runs", async () => {
    const run = 'setInterval(function(){ticks=global.ticks+1||1;print("tick "+ticks)},50)';
    await board.query(run);
    assert.equal(await board.evaluate("6*7"), 42);
    assert.deepEqual(await board.query('({a:["\\n\\"\'",null,1.5]})'), {
      a: ["\n\"'", null, 1.5],
    });
    assert.equal(await board.query("undefined"), undefined);
    assert.equal(await board.query("print"), undefined);
    assert.equal(await board.query("var kept=5;kept"), 5);
    assert.equal(await board.query("kept"), 5);
    assert.equal((await board.query<string>('"0123456789".repeat(2000)')).length, 20_000);
    assert.ok((await board.query<number>("ticks")) > 0);
    await assert.rejects(board.query("nobody.home()"), (error) => {
      assert.ok(error instanceof EvaluationError);
      assert.match(error.message, /ReferenceError: .*nobody/);
      assert.match(error.boardStack, /at/);
      return true;
    });
    await assert.rejects(board.query("[1,2"), /SyntaxError/);
    await assert.rejects(board.query('throw "a text"'), /^EvaluationError: a text$/);
  });

  test("takes files of all bytes", async () => {
    const bytes = randomBytes(6000);
    await writeFile(board, "data", bytes);
    assert.deepEqual(await readFile(board, "data"), bytes);
    const script = Buffer.from("print('\"')\n".repeat(500));
    const { sent } = await writeFile(board, "data", script);
    assert.ok(sent < script.length / 2, `${sent} bytes: not compressed`);
    assert.equal((await fileDigest(board, "data"))?.size, script.length);
    assert.deepEqual(await readFile(board, "data"), script);
  });
});
