/**
 * What `npm start` shows of a board: traces of a program with faults, read with its build's map.
 * @module
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BuildResult } from "../../host/build/index.ts";
import { BoardLines } from "../../host/demo/board-lines.ts";
import { type Engine, openStage } from "../../host/demo/stage.ts";
import { traceDecoder, tracesOf } from "../../host/trace/index.ts";
import { noInterpreter } from "../mqtt/interpreter.ts";
import { buildFaulty } from "../trace/faulty-build.ts";

let built: BuildResult;

before(async () => {
  built = await buildFaulty();
});

for (const engine of ["virtual", "espruino"] satisfies Engine[]) {
  const skip = engine === "espruino" && noInterpreter;
  test(`what the program prints and throws, on engine ${engine}`, { skip }, async () => {
    const stage = await openStage({ build: built, engine });
    const lines: string[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const { title } = stage.board.board.machine;
        const shown = new BoardLines(traceDecoder(tracesOf(built)), title, (line) => {
          lines.push(line);
          if (line === "#END") resolve();
        });
        stage.board.onConsole((text) => shown.take(text));
        stage.board.powerOn().catch(reject);
      });
    } finally {
      await stage.close();
    }
    const text = lines.join("\n");
    const place = (name: string) => `at ${name} \\(test/trace/device/faulty\\.ts:\\d+:\\d+\\)`;
    assert.match(text, new RegExp(`Uncaught .*'last'.*\n {4}${place("latest")}\n`), text);
    assert.match(text, new RegExp(`error test: the callback failed: .* ${place("average")}`), text);
    assert.doesNotMatch(text, /factory:1:|G\.Williams|virtual board/);
  });
}

test("answers, prompts and greetings are no lines; the log between them is", () => {
  const lines: string[] = [];
  const decoder = { push: (text: string) => text, flush: () => "" };
  const shown = new BoardLines(decoder, "Espruino for ESP32", (line) => lines.push(line));
  const all =
    "\r\nEspruino for ESP32\r\n 2v29.277 (virtual board)\r\n\r\n0.0 info board: esp32\r\n" +
    ">\r\x1b[J\x027\r\n42\r\n1.5 warn ali: disconnected\r\n\x037\r\n>print(1)\r\nhello\r\n" +
    " ____                 _ \r\n|  __|\r\n\r\n2.0 info ali: on\r\nhttp://espruino.com/Donate\r\n" +
    "the end\r\nnot yet a li";
  // However it is cut.
  for (const text of all) shown.take(text);
  shown.flush();
  assert.deepEqual(lines, [
    "0.0 info board: esp32",
    "1.5 warn ali: disconnected",
    "print(1)",
    "hello",
    "2.0 info ali: on",
    "the end",
  ]);
});
