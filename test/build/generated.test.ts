/**
 * Generated programs print the same as they are written and as they are built, on Node and, where
 * it is installed, on the interpreter.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findInterpreter } from "../../host/board/find-interpreter.ts";
import { boardFile } from "../../host/build/boards.ts";
import { bundle } from "../../host/build/bundle.ts";
import { checkDialect } from "../../host/build/guard/index.ts";
import { createProgram } from "../../host/build/program.ts";
import { aliasesOf } from "../../host/build/sources.ts";
import { runOnInterpreter } from "./interpreter.ts";
import { plainScript, runOnNode } from "./node-runner.ts";
import { generateProgram } from "./program-generator.ts";
import { readScript } from "./script.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];

const out = mkdtempSync(join(tmpdir(), "generated-"));
after(() => rmSync(out, { recursive: true, force: true }));
const entries = SEEDS.map((seed) => {
  const file = join(out, `seed${seed}.ts`);
  writeFileSync(file, generateProgram(seed));
  return file;
});
const aliases = aliasesOf(boardFile("esp32"));
const program = createProgram(entries, aliases);
const interpreter = findInterpreter();
if (interpreter === undefined) console.log("no espruino-linux: generated programs on Node only");

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}

test("the guard accepts the generated programs", () => {
  assert.deepEqual(checkDialect(program), []);
});

for (const entry of entries) {
  test(`builds ${entry.slice(out.length + 1)} to the same meaning`, async () => {
    const expected = lines(await runOnNode(await plainScript(entry)));
    assert.ok(expected.length > 100);
    const file = `${entry}.js`;
    const { findings } = await bundle({ program, entry, aliases, file, prefix: "$" });
    assert.deepEqual(findings, []);
    assert.deepEqual(lines(await runOnNode(readScript(file).text)), expected);
    if (interpreter === undefined) return;
    assert.deepEqual(lines(await runOnInterpreter(interpreter, file)), expected);
  });
}
