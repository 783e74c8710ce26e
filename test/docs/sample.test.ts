/**
 * What a reader copies out of the README: the application compiles as `src/app/app.ts`, and what is
 * typed at the prompt is what `test/cli/start.test.ts` types.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { boardFile } from "../../host/build/boards.ts";
import { checkTypes } from "../../host/build/check.ts";
import { checkDialect } from "../../host/build/guard/index.ts";
import { createProgram } from "../../host/build/program.ts";
import { aliasesOf } from "../../host/build/sources.ts";
import { HELP } from "../../host/demo/prompt.ts";
import { readDocument, root } from "./documents.ts";

const { blocks } = readDocument("README.md");

test("the application compiles, and is what a board understands", async (context) => {
  const [sample] = blocks.filter(({ language }) => language === "ts");
  assert.ok(sample);
  const folder = mkdtempSync(join(tmpdir(), "sample-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const app = join(folder, "app.ts");
  // As in src/app.
  writeFileSync(app, sample.lines.join("\n").replaceAll(' "../', ` "${root}/src/`));
  const aliases = aliasesOf(boardFile("linux"), app);
  assert.deepEqual(await checkTypes([app], aliases), []);
  assert.deepEqual(checkDialect(createProgram([app], aliases)), []);
});

test("the prompt's lines are those that its test types", () => {
  const prompt = blocks.find(({ lines }) => lines.some((line) => line.startsWith("set {")));
  assert.ok(prompt);
  const tried = readFileSync(join(root, "test/cli/start.test.ts"), "utf8");
  for (const line of prompt.lines) {
    const [typed = ""] = line.split(/ {2,}/);
    assert.ok(tried.includes(`"${typed}"`) || tried.includes(`'${typed}'`), `not tried: ${typed}`);
    const [word = ""] = typed.split(" ");
    assert.ok(HELP.includes(word) || word === "help", `not in the prompt's help: ${word}`);
  }
});
