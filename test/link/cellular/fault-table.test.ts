import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { trafficFaults } from "./fault-kinds.ts";

const table = readFileSync(join(import.meta.dirname, "../../../docs/modem-faults.md"), "utf8");
const rows = table.split("\n").filter((line) => /^\| F\d\d /.test(line));

/** Names of a file's tests as they stand there, with `*` for what is filled in. */
function namesIn(source: string): string[] {
  const literals = source.matchAll(/\btest\(\s*("(?:[^"\\]|\\.)*"|`[^`]*`)/g);
  return [...literals].map(([, literal = ""]) =>
    literal
      .slice(1, -1)
      .replace(/\$\{[^}]*\}/g, "*")
      .replace(/\\(.)/g, "$1"),
  );
}

/** Whether a file has a test of this name; one per fault where the name begins with a variant's. */
function hasTest(source: string, name: string): boolean {
  const names = namesIn(source);
  if (names.includes(name)) return true;
  const [, variant = "", rest = ""] = /^(F\d\d\.[\w-]+)(: .*)$/.exec(name) ?? [];
  return variant !== "" && names.includes(`*${rest}`) && source.includes(`"${variant}"`);
}

test("the table of faults has a row for each of the catalogue, in order", () => {
  assert.deepEqual(
    rows.map((row) => row.slice(2, 5)),
    Array.from({ length: 42 }, (_, at) => `F${String(at + 1).padStart(2, "0")}`),
  );
});

test("a name that no test has is found out", () => {
  const source =
    'for (const fault of ["F14.slow"]) test(`$' + '{fault}: one boot`, f); test("two", f);';
  assert.ok(hasTest(source, "two"));
  assert.ok(hasTest(source, "F14.slow: one boot"));
  assert.equal(hasTest(source, "F14.late: one boot"), false);
  assert.equal(hasTest(source, "three"), false);
});

for (const row of rows) {
  const number = row.slice(2, 5);
  test(`every test in the row of ${number} exists`, () => {
    const cell = row.split(" | ").at(-1) ?? "";
    let seen = 0;
    for (const [, file = "", name = ""] of cell.matchAll(/`([\w-]+\.test\.ts)(?:: ([^`]*))?`/g)) {
      const path = join(import.meta.dirname, file);
      assert.ok(existsSync(path), file);
      seen++;
      if (name) assert.ok(hasTest(readFileSync(path, "utf8"), name), `${file}: ${name}`);
      else {
        // `faults.test.ts` has a test for each of these.
        const variants = cell.match(/F\d\d\.[\w-]+(?=,| \||$)/g) ?? [];
        assert.ok(variants.length > 0, row);
        for (const variant of variants) {
          assert.ok(variant.startsWith(number), variant);
          assert.ok(
            trafficFaults.some((kind) => kind.name === variant),
            variant,
          );
        }
      }
    }
    assert.ok(seen > 0, row);
  });
}
