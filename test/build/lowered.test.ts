/**
 * What the build lowers means the same afterwards: each fixture prints on Node as TypeScript has it,
 * then as the built script on Node, and, where it is installed, on the interpreter.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findInterpreter } from "../../host/board/find-interpreter.ts";
import { boardFile } from "../../host/build/boards.ts";
import { bundle } from "../../host/build/bundle.ts";
import { checkTypes, showFinding } from "../../host/build/check.ts";
import { checkDialect } from "../../host/build/guard/index.ts";
import { createProgram } from "../../host/build/program.ts";
import { inProject } from "../../host/build/project.ts";
import { aliasesOf } from "../../host/build/sources.ts";
import { runOnInterpreter } from "./interpreter.ts";
import { plainScript, runOnNode } from "./node-runner.ts";
import { readScript } from "./script.ts";

const fixtures = inProject("test/fixtures/dialect/lowered");
const entries = readdirSync(fixtures)
  .sort()
  .map((name) => join(fixtures, name.endsWith(".ts") ? name : `${name}/main.ts`));
const aliases = aliasesOf(boardFile("esp32"));
const program = createProgram(entries, aliases);
const out = mkdtempSync(join(tmpdir(), "lowered-"));
after(() => rmSync(out, { recursive: true, force: true }));

const interpreter = findInterpreter();
if (interpreter === undefined) console.log("no espruino-linux: lowered fixtures run on Node only");

test("the type check and the guard accept the lowered fixtures", async () => {
  const findings = [...(await checkTypes(entries, aliases)), ...checkDialect(program)];
  assert.deepEqual(findings.map(showFinding), []);
});

for (const entry of entries) {
  const name = entry.slice(fixtures.length + 1);
  test(`lowers ${name}`, async () => {
    // text is UTF-8 bytes in the built script
    const expected = Buffer.from(await runOnNode(await plainScript(entry)), "utf8");
    assert.notEqual(expected.length, 0);
    const file = join(out, `${name.replaceAll("/", "-")}.js`);
    const { findings } = await bundle({ program, entry, aliases, file, prefix: "$" });
    assert.deepEqual(findings, []);
    const code = readScript(file).text;
    assert.equal(await runOnNode(code), expected.toString("latin1"));
    if (interpreter === undefined) return;
    assert.equal(await runOnInterpreter(interpreter, file), expected.toString("latin1"));
  });
}
