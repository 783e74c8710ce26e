import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { boardFile } from "../../host/build/boards.ts";
import { bundle } from "../../host/build/bundle.ts";
import { createProgram } from "../../host/build/program.ts";
import { inProject } from "../../host/build/project.ts";
import { aliasesOf } from "../../host/build/sources.ts";
import { readScript } from "./script.ts";

const out = mkdtempSync(join(tmpdir(), "private-names-"));
after(() => rmSync(out, { recursive: true, force: true }));

test("a bundle holds no name of a member that nobody outside uses, and each prototype once", async () => {
  const entry = inProject("test/fixtures/dialect/lowered/private-members.ts");
  const aliases = aliasesOf(boardFile("esp32"));
  const program = createProgram([entry], aliases);
  const file = join(out, "script.js");
  await bundle({ program, entry, aliases, file, prefix: "$" });
  const code = readScript(file).text;
  assert.doesNotMatch(code, /doubled/);
  assert.match(code, /hidden:5/);
  assert.equal(code.match(/\.hidden\b/g), null);
  assert.equal(code.match(/\.inner\b/g), null);
  assert.doesNotMatch(code, /\bshown\b/);
  const perClass = code.match(/\$\w+\.prototype\b/g) ?? [];
  assert.equal(perClass.length, 2, code);
});
