/**
 * What the build lowers means the same afterwards: each fixture prints on Node as TypeScript has it,
 * then as the built script on Node, and, where it is installed, on the interpreter.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import vm from "node:vm";
import { rollup } from "rollup";
import ts from "typescript-es5";
import { boardFile } from "../../host/build/boards.ts";
import { bundle } from "../../host/build/bundle.ts";
import { checkTypes, showFinding } from "../../host/build/check.ts";
import { checkDialect } from "../../host/build/guard/index.ts";
import { createProgram } from "../../host/build/program.ts";
import { inProject } from "../../host/build/project.ts";
import { findInterpreter, runOnInterpreter } from "./interpreter.ts";

const fixtures = inProject("test/fixtures/dialect/lowered");
const entries = readdirSync(fixtures)
  .sort()
  .map((name) => join(fixtures, name.endsWith(".ts") ? name : `${name}/main.ts`));
const board = boardFile("esp32");
const program = createProgram(entries, board);
const out = mkdtempSync(join(tmpdir(), "lowered-"));
after(() => rmSync(out, { recursive: true, force: true }));

const interpreter = findInterpreter();
if (interpreter === undefined) console.log("no espruino-linux: lowered fixtures run on Node only");

/** The fixture as a script for Node: types taken away, nothing else changed. */
async function plainScript(entry: string): Promise<string> {
  const built = await rollup({
    input: entry,
    plugins: [
      {
        name: "strip-types",
        transform: (code) =>
          ts.transpileModule(code.replace(/^#!.*/, ""), {
            compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
          }).outputText,
      },
    ],
  });
  const { output } = await built.generate({ format: "iife" });
  return output[0].code;
}

/** What a script prints on Node; waits for its promises and timers. */
async function runOnNode(code: string): Promise<string> {
  const lines: string[] = [];
  let waiting = 0;
  let idle = () => {};
  const done = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const later = (call: () => void, ms: number) => {
    waiting++;
    setTimeout(() => {
      call();
      if (--waiting === 0) setImmediate(() => waiting === 0 && idle());
    }, ms);
  };
  vm.runInNewContext(code, {
    print: (...values: unknown[]) => lines.push(values.map(String).join(" ")),
    setTimeout: later,
    getTime: () => Date.now() / 1000,
    btoa,
    atob,
  });
  later(() => {}, 0);
  await done;
  return lines.join("\n");
}

test("the type check and the guard accept the lowered fixtures", async () => {
  const findings = [...(await checkTypes(entries, board)), ...checkDialect(program)];
  assert.deepEqual(findings.map(showFinding), []);
});

for (const entry of entries) {
  const name = entry.slice(fixtures.length + 1);
  test(`lowers ${name}`, async () => {
    // text is UTF-8 bytes in the built script
    const expected = Buffer.from(await runOnNode(await plainScript(entry)), "utf8");
    assert.notEqual(expected.length, 0);
    const file = join(out, `${name.replaceAll("/", "-")}.js`);
    const { findings } = await bundle({ program, entry, boardFile: board, file, prefix: "$" });
    assert.deepEqual(findings, []);
    const code = readFileSync(file, "utf8");
    assert.equal(await runOnNode(code), expected.toString("latin1"));
    if (interpreter === undefined) return;
    assert.equal(await runOnInterpreter(interpreter, file), expected.toString("latin1"));
  });
}
