import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { describeError, logDebug, logError, logLevel, setLogLevel } from "../../src/debug/log.ts";

function printed(run: () => void): string[] {
  const lines: string[] = [];
  Object.assign(globalThis, { print: (line: string) => lines.push(line) });
  run();
  return lines;
}

test("levels", () => {
  assert.equal(setLogLevel("error"), true);
  const lines = printed(() => {
    logDebug("ali", "quiet");
    logError("ali", "loud");
  });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^\d+\.\d error ali: loud$/);
  assert.equal(setLogLevel("loud" as "info"), false);
  assert.equal(logLevel(), "error");
  setLogLevel("off");
  assert.deepEqual(
    printed(() => logError("ali", "x")),
    [],
  );
});

test("an error in one line, of whatever kind", () => {
  assert.equal(describeError("text"), "text");
  assert.equal(describeError(undefined), "undefined");
  const stack = "    at f (firmware:1:22)\r\n         ^\r\n    at g (firmware:1:99)\r\n";
  assert.equal(
    describeError({ type: "TypeError", message: "no", stack }),
    "TypeError: no at f (firmware:1:22) at g (firmware:1:99)",
  );
});
