/**
 * What is read from callgrind's counts, in its format 1 with parts and numbered names.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readCounts } from "../../bench/instructions/callgrind.ts";

const folder = mkdtempSync(join(tmpdir(), "callgrind-"));
after(() => rmSync(folder, { recursive: true }));

/** Reads parts, each with how it ended, its sum and its lines. */
function read(...parts: [ended: string, sum: number, lines: string][]) {
  const file = join(folder, "callgrind.out");
  const texts = parts.map(
    ([ended, sum, lines], index) =>
      `part: ${index + 1}\ndesc: Trigger: ${ended}\nevents: Ir\nsummary: ${sum}\n${lines}\ntotals: ${sum}\n`,
  );
  writeFileSync(file, `version: 1\n${texts.join("\n")}`);
  return readCounts({ file, within: ["run"], marks: ["mark"] });
}

test("stretches end at marks; costs of calls are summed by the function that was called", () => {
  const calls =
    "fn=(1) run\n0 5\ncfn=(2) read\ncalls=2 0\n0 30\nfn=(3) look\ncfn=(2)\ncalls=1 0\n0 4";
  const [first, second, third] = read(
    ["--dump-before=mark", 100, calls],
    ["--dump-after=unpack", 7, "fn=(4) unpack\n0 1\ncfn=(2)\ncalls=1 0\n0 6"],
    ["Program termination", 3, "fn=(1)\n0 3"],
  );
  assert.deepEqual([first?.mark, first?.apart, first?.instructions], ["mark", undefined, 100]);
  assert.equal(first?.spentIn("read"), 34);
  assert.equal(first?.spentIn("unpack"), 0);
  assert.deepEqual([second?.mark, second?.apart], [undefined, "unpack"]);
  assert.equal(second?.spentIn("read"), 6);
  assert.deepEqual([third?.mark, third?.apart, third?.instructions], [undefined, undefined, 3]);
});

test("a program without the functions to watch is named, not shown as 0", () => {
  assert.throws(() => read(["Program termination", 0, ""]), /counted nothing.* no run/);
});
