/**
 * The console of the virtual board, as people and the `espruino` tool use it.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as linux from "../../boards/linux.ts";
import {
  ConsoleServer,
  createInterpreterBoard,
  createVirtualBoard,
  findInterpreter,
  type PoweredBoard,
} from "../../host/board/index.ts";
import { closeLater, folder, printed, start } from "./started.ts";

describe("the console", () => {
  /** Types lines one after the other, each when the prompt is back; what the console prints. */
  async function dialogue(board: PoweredBoard, lines: string[]): Promise<string> {
    let heard = "";
    let waiting = () => {};
    board.onConsole((text) => {
      heard += text;
      if (heard.endsWith("\r\n>") || heard.endsWith("\r\n:")) waiting();
    });
    const prompt = () =>
      new Promise<void>((resolve) => {
        waiting = resolve;
      });
    await board.powerOn();
    // Prompts of the start are over when this is answered.
    board.type('print("ready")\n');
    while (!heard.endsWith("=undefined\r\n>")) await prompt();
    let all = "";
    for (const line of lines) {
      heard = "";
      const back = prompt();
      board.type(`${line}\n`);
      await back;
      all += heard;
    }
    return all;
  }
  const lines = [
    '"text"',
    "var a=5",
    "function f(x){return x+1}",
    "f(2)",
    'print("printed")',
    '({a:1,b:[1,2,{c:"d"}]})',
    "new Uint8Array(20)",
    "let z=3",
    "let z=4",
    "if(z){",
    "}",
    '"x".repeat(80)',
    "new Array(30).fill(7)",
    "0.1+0.2",
    "Serial1",
  ];

  test("a dialogue is the same as on the interpreter", {
    skip: findInterpreter() === undefined && "no Espruino on this machine",
  }, async () => {
    const virtual = createVirtualBoard({ board: linux, flash: join(folder, "console.flash") });
    const own = mkdtempSync(join(folder, "console-"));
    const real = createInterpreterBoard({ board: linux, flash: join(own, "espruino.flash") });
    closeLater(virtual);
    closeLater(real);
    assert.equal(await dialogue(virtual, lines), await dialogue(real, lines));
  });

  test("the espruino tool evaluates and uploads over TCP", async () => {
    const board = await start("");
    const server = new ConsoleServer(board);
    closeLater(server);
    const port = await server.listen();
    const script = "../../node_modules/espruino/bin/espruino-cli.js";
    const address = `tcp://127.0.0.1:${port}`;
    /** The tool does not end by itself on TCP, on no board: its work is seen here. */
    const tool = async (until: RegExp, ...args: string[]) => {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, script), "--no-ble", "-q", "-p", address, ...args],
        { cwd: folder, stdio: "ignore" },
      );
      const ended = once(child, "exit");
      await printed(board, until);
      child.kill();
      await ended;
    };
    const code = join(folder, "code.js");
    writeFileSync(code, "print('from the file',6*7)\n");
    await tool(/from the file 42/, "--config", "SAVE_ON_SEND=0", code);
    const data = join(folder, "data.txt");
    writeFileSync(data, `${"some data ".repeat(300)}end`);
    await tool(/done 1/, "--storage", `stored:${data}`, "-e", "print('done',1)");
    assert.equal(await board.evaluate('require("Storage").read("stored").length'), "3003");
  });
});
