/**
 * `docs/features.md`: each row names what there is to use, and tests that are there.
 * @module
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { programOf, scripts } from "./command-lines.ts";
import { readDocument, root } from "./documents.ts";

const [table = []] = readDocument("docs/features.md").tables;
const [head, ...rows] = table;

const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** A test file, or a folder that has some. */
function isTest(path: string): boolean {
  const full = join(root, path);
  if (!path.startsWith("test/") || !existsSync(full)) return false;
  if (!statSync(full).isDirectory()) return path.endsWith(".test.ts");
  return (readdirSync(full, { recursive: true }) as string[]).some((at) => at.endsWith(".test.ts"));
}

/** What is not there, of code in a command's cell: a command, a short name of one, a flag, a path. */
function isThere(code: string): boolean {
  if (/^(npm|\.\/flash)/.test(code)) return code.split(" && ").every(isCommand);
  if (code.startsWith("--")) return true;
  return code in scripts || existsSync(join(root, code));
}

function isCommand(command: string): boolean {
  if (command === "npm ci") return true;
  try {
    // Words without "--" before them are a program's verbs.
    return programOf(command).name !== "";
  } catch {
    return false;
  }
}

test("the table has its columns, and no row twice", () => {
  assert.deepEqual(head?.slice(1), ["Command", "Test"]);
  assert.ok(rows.length > 20);
  assert.equal(new Set(rows.map(([what]) => what)).size, rows.length);
});

for (const [what = "", command = "", tests = ""] of rows) {
  test(`${what}: command and tests are there`, () => {
    for (const code of codeIn(command)) assert.ok(isThere(code), `no ${code}`);
    const named = codeIn(tests);
    assert.ok(named.length > 0, "no test is named");
    for (const path of named) assert.ok(isTest(path), `no test ${path}`);
  });
}

test("a command or a test that there is not is found", () => {
  assert.ok(!isThere("npm run toast"));
  assert.ok(!isThere("host/toaster"));
  assert.ok(!isTest("test/toast.test.ts"));
  assert.ok(!isTest("test/fixtures/"));
});

for (const readme of ["README.md", "README.zh.md"]) {
  test(`${readme}: the tests of what a device can do are there`, () => {
    const cells = readDocument(readme).tables.flatMap((table) => table.flat());
    const named = cells.flatMap(codeIn).filter((code) => code.startsWith("test/"));
    assert.ok(named.length > 25);
    for (const path of named) assert.ok(existsSync(join(root, path)), `no ${path}`);
  });
}
