import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { boardFile } from "../../host/build/boards.ts";
import { bundle } from "../../host/build/bundle.ts";
import { checkDialect } from "../../host/build/guard/index.ts";
import { createProgram } from "../../host/build/program.ts";
import { aliasesOf } from "../../host/build/sources.ts";
import { readScript } from "./script.ts";

const folder = mkdtempSync(join(tmpdir(), "kept-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SOURCES = {
  "shape.ts": `export interface Shape { amount: number }\nexport const value = "x";\n`,
  "middle.ts": `export { type Shape, value } from "./shape.ts";\n`,
  "maker.ts": `import { type Shape, value } from "./middle.ts";
export function shapeOf(amount: number): Shape { return { amount: amount * 2 }; }
export const text = "a" + value;
export function joined(at: number) { return \`\${at}\${value}\`; }\n`,
  "entry.ts": `import { joined, shapeOf, text } from "./maker.ts";
print(text, joined(getTime()), shapeOf(getTime()).amount);\n`,
};

/** Writes the sources, some of them other than they are above, and builds them. */
async function made(others: Partial<typeof SOURCES> = {}) {
  const sources = { ...SOURCES, ...others };
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  const entry = join(folder, "entry.ts");
  const aliases = aliasesOf(boardFile("linux"));
  const program = createProgram([entry], aliases);
  const findings = checkDialect(program).map(
    ({ file, line }) => `${file.split("/").at(-1)}:${line}`,
  );
  const file = join(folder, "script.js");
  await bundle({ program, entry, aliases, file, prefix: "$" });
  return { findings, script: readScript(file).text };
}

test("a file that stays is looked at again when what it imports changes, or what becomes of its members", async () => {
  const first = await made();
  assert.deepEqual(first.findings, []);
  assert.doesNotMatch(first.script, /amount/);
  assert.deepEqual(await made(), first);

  // Nothing that `maker.ts` imports has changed: what it makes is seen outside now.
  const seen = await made({
    "entry.ts": `import { shapeOf } from "./maker.ts";\nprint(JSON.stringify(shapeOf(getTime())));\n`,
  });
  assert.deepEqual(seen.findings, []);
  assert.match(seen.script, /\{amount:/);

  const dated = await made({
    "shape.ts": SOURCES["shape.ts"].replace(`"x"`, "new Date()"),
  });
  assert.deepEqual(dated.findings, ["maker.ts:3", "maker.ts:4"]);

  const numbered = await made({ "shape.ts": SOURCES["shape.ts"].replace(`"x"`, "getTime()") });
  assert.deepEqual(numbered.findings, []);
  // Two numbers in a text: the second has to be text by itself.
  assert.match(numbered.script, /\(\)\+""\+/);
  assert.doesNotMatch(first.script, /\(\)\+""\+/);

  assert.deepEqual(await made(), first);
});
