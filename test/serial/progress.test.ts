/**
 * How progress is shown: a bar on a terminal, plain lines elsewhere.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressDisplay } from "../../host/flash/progress.ts";

/** What is written while 10,000 bytes go in pieces of 1,000, 0.1 s each. */
function shown(isTTY: boolean): string {
  let text = "";
  let now = 0;
  const write = (more: string) => {
    text += more;
  };
  const display = new ProgressDisplay({ write, isTTY }, () => now);
  display.step("sending");
  for (let done = 1000; done <= 10_000; done += 1000) {
    now += 100;
    display.progress("factory", { done, total: 10_000 });
  }
  display.warn("done");
  return text;
}

test("plain lines without a terminal, with the rate of what was sent", () => {
  assert.deepEqual(shown(false).split("\n"), [
    "sending",
    "  factory     3000 of 10000 bytes, 30 %  10.0 KB/s",
    "  factory     6000 of 10000 bytes, 60 %  10.0 KB/s",
    "  factory     9000 of 10000 bytes, 90 %  10.0 KB/s",
    "  factory     10000 of 10000 bytes, 100 %  10.0 KB/s",
    "warning: done",
    "",
  ]);
});

test("a bar that is drawn anew on a terminal, with the time that is left", () => {
  const lines = shown(true).split("\r\x1b[K");
  assert.match(lines[1] ?? "", /^ {2}factory {5}█{6}░{22} 20 % {2}10\.0 KB\/s {2}1 s left$/);
  assert.match(lines.at(-1) ?? "", /^ {2}factory {5}█{28} 100 % {2}10\.0 KB\/s\nwarning: done\n$/);
});
