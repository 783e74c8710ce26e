/**
 * The dialect guard on the refused fixtures. A fixture's last lines say what must be found, as
 * `// @LINE:COLUMN words of the message`; nothing else may be.
 * @module
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { boardFile } from "../../host/build/boards.ts";
import { checkTypes, type Finding } from "../../host/build/check.ts";
import { checkDialect } from "../../host/build/guard/index.ts";
import { createProgram } from "../../host/build/program.ts";
import { inProject, shownPath } from "../../host/build/project.ts";
import { aliasesOf } from "../../host/build/sources.ts";

const folder = inProject("test/fixtures/dialect/refused");
const files = (readdirSync(folder, { recursive: true }) as string[])
  .filter((file) => file.endsWith(".ts"))
  .sort()
  .map((file) => `${folder}/${file}`);

interface Expectation {
  place: string;
  words: string;
}

function expectations(file: string): Expectation[] {
  const marks = readFileSync(file, "utf8").matchAll(/^\/\/ @(\d+:\d+) (.*)$/gm);
  return [...marks].map(([, place = "", words = ""]) => ({ place, words }));
}

const aliases = aliasesOf(boardFile("esp32"));
const found = [
  ...(await checkTypes(files, aliases)),
  ...checkDialect(createProgram(files, aliases)),
];

for (const file of files) {
  const name = shownPath(file);
  test(`refuses ${name.replace(/^.*refused\//, "")}`, () => {
    const rest = new Set<Finding>(found.filter((finding) => finding.file === name));
    const missing = expectations(file).filter(({ place, words }) => {
      const match = [...rest].find(
        (finding) =>
          place === `${finding.line}:${finding.column}` && finding.message.includes(words),
      );
      if (match) rest.delete(match);
      return match === undefined;
    });
    assert.deepEqual({ missing, unexpected: [...rest] }, { missing: [], unexpected: [] });
  });
}
