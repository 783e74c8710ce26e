/**
 * `AliIot<Model>` at compile time: what fits the thing model compiles, each misfit is an error of its
 * own, and without a model everything goes as before.
 * @module
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";

const FOLDER = join(import.meta.dirname, "device");
const TSC = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith("typed.ts"));

interface Place {
  file: string;
  line: number;
  text: string;
}

/** Errors that the comments announce: on the next line, with a part of the message. */
function announced(file: string): Place[] {
  const lines = readFileSync(join(FOLDER, file), "utf8").split("\n");
  return lines.flatMap((text, index) => {
    const part = /^ *\/\/ expected: (.+)$/.exec(text)?.[1];
    return part === undefined ? [] : [{ file, line: index + 2, text: part }];
  });
}

let errors: Place[];
before(() => {
  const { stdout } = spawnSync(process.execPath, [TSC, "-p", FOLDER, "--pretty", "false"], {
    encoding: "utf8",
    cwd: FOLDER,
  });
  errors = [];
  for (const text of stdout.split("\n")) {
    const found = /^(?:(\S+)\((\d+),\d+\): )?error TS\d+: (.*)$/.exec(text);
    if (found) {
      const [, file = "no file", line, message = ""] = found;
      errors.push({ file, line: Number(line), text: message });
      // The reasons follow, indented.
    } else if (errors.length > 0) (errors.at(-1) as Place).text += `\n${text}`;
  }
});

for (const file of FILES) {
  const expected = announced(file);
  test(`${file}: ${expected.length} errors, and no other`, () => {
    const found = errors.filter((error) => error.file === file);
    for (const { line, text } of expected) {
      const messages = found.filter((error) => error.line === line).map((error) => error.text);
      assert.ok(
        messages.some((message) => message.includes(text)),
        `${file}:${line}: expected "${text}", not ${JSON.stringify(messages)}`,
      );
    }
    const lines = new Set(expected.map(({ line }) => line));
    assert.deepEqual(
      found.filter(({ line }) => !lines.has(line)),
      [],
    );
  });
}

test("no other file has errors", () => {
  assert.deepEqual(
    errors.filter(({ file }) => !FILES.includes(file)),
    [],
  );
  assert.equal(FILES.length, 2);
});
