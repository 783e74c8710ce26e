/**
 * What is there in English and in Chinese says the same, as far as its form tells: headings, blocks of
 * code, rows of tables, links.
 * @module
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { type Block, type Document, documents, parse } from "./documents.ts";

const all = documents();
const isChinese = ({ path }: Document) => /\.zh\.md$|\/zh\//.test(path);

/** The English document that a Chinese one is the same as. */
const englishOf = (path: string) => path.replace(".zh.md", ".md").replace("/zh/", "/");

/** Code without what is for people: remarks, what a drawing or a list explains. */
function codeOf({ language, lines }: Block): string {
  const kept = lines.map((line) => {
    if (language === "sh") return line.replace(/\s+#.*$/, "");
    if (language === "ts") return line.replace(/(^|\s+)\/\/ .*$/, "");
    if (language === "mermaid") return /^ *[\w.]*/.exec(line)?.[0];
    return language === "text" ? /^ *\S.*?(?= {2,})/.exec(line)?.[0] : line;
  });
  return [language, ...kept].join("\n");
}

/** A target from the root and without its language. */
function plainTarget(from: string, target: string): string {
  if (/^[a-z]+:/.test(target)) return target;
  const url = new URL(target, `file:///${from}`);
  return englishOf(url.pathname) + url.hash;
}

/** All that has to be the same in both. */
function formOf({ path, headings, blocks, tables, links }: Document) {
  return {
    headings: headings.map(({ level }) => level),
    blocks: blocks.map(codeOf),
    tables: tables.map((rows) => rows.map((cells) => cells.length)),
    // The first leads to the other language.
    links: links.slice(1).map((target) => plainTarget(path, target)),
  };
}

test("every document in Chinese has one in English, and each leads to the other first", () => {
  for (const document of all.filter(isChinese)) {
    const path = englishOf(document.path);
    assert.ok(existsSync(path), `${document.path}: no ${path}`);
    const english = all.find((one) => one.path === path);
    assert.ok(english);
    for (const [one, other] of [
      [document, english],
      [english, document],
    ] as const) {
      const target = new URL(one.links[0] ?? "", `file:///${one.path}`).pathname.slice(1);
      assert.equal(target, other.path, one.path);
    }
  }
});

test("the README and what it leads users to are there in both languages", () => {
  const chinese = all.filter(isChinese).map(({ path }) => englishOf(path));
  // For those who work on the project, or a list to look things up.
  const english = ["docs/features.md", "docs/modem-faults.md"];
  const users = all
    .map(({ path }) => path)
    .filter((path) => /^(README|docs\/[^/]*)\.md$/.test(path));
  assert.deepEqual(
    users.filter((path) => !chinese.includes(path) && !english.includes(path)),
    [],
  );
});

for (const document of all.filter(isChinese)) {
  test(`${document.path} has the form of the English one`, () => {
    const english = all.find(({ path }) => path === englishOf(document.path));
    assert.ok(english);
    assert.deepEqual(formOf(document), formOf(english));
  });
}

test("a difference is found", () => {
  const text =
    "# A\n[other](A.zh.md)\n```sh\nnpm start # go\n```\n| a |\n|---|\n| `b|c` |\n[d](docs/d.md)\n";
  const english = formOf(parse("A.md", text));
  const chinese = (changed: string) =>
    formOf(parse("A.zh.md", changed.replace("A.zh.md", "A.md").replace("# go", "# 开始")));
  assert.deepEqual(chinese(text.replace("docs/d", "docs/zh/d")), english);
  assert.deepEqual(english.tables, [[1, 1]]);
  for (const [from, to] of [
    ["# A", "## A"],
    ["npm start", "npm test"],
    ["| `b|c` |\n", ""],
    ["docs/d.md", "docs/e.md"],
  ] as const) {
    assert.notDeepEqual(chinese(text.replace(from, to)), english, from);
  }
});
