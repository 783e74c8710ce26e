/**
 * Links and pictures of the documents lead somewhere; files that they name are there.
 * @module
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Document, documents, readDocument, root } from "./documents.ts";

const all = documents();

/** A heading's anchor, as on GitHub. */
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return words.trim().replaceAll(" ", "-");
}

/** Why a link leads nowhere, if so. */
function objection({ path }: Document, target: string): string | undefined {
  if (/^(https?|chrome):/.test(target)) return undefined;
  const url = new URL(target, `file:///${path}`);
  const file = decodeURIComponent(url.pathname.slice(1));
  if (!existsSync(join(root, file))) return `${path}: ${target}: there is no ${file}`;
  if (url.hash === "") return undefined;
  const anchors = all.find((one) => one.path === file)?.headings.map(({ text }) => anchorOf(text));
  const isThere = anchors?.includes(decodeURIComponent(url.hash.slice(1)));
  return isThere ? undefined : `${path}: ${target}: no such heading`;
}

test("every link leads somewhere", () => {
  const dead = all.flatMap((one) => one.links.flatMap((target) => objection(one, target) ?? []));
  assert.deepEqual(dead, []);
  const [one] = all;
  assert.ok(one);
  assert.match(objection(one, "nowhere.md") ?? "", /there is no/);
  assert.match(objection(one, `/${one.path}#nothing`) ?? "", /no such heading/);
});

/** Files and folders of the project in code, e.g. `src/main.ts` or `host/tsl/`. */
const OURS = /^(src|host|test|boards|bench|docs|examples)\/[\w./-]+$/;

test("every file of the project that a document names is there", () => {
  const missing = all.flatMap(({ path, spans }) =>
    spans
      .filter((span) => OURS.test(span) && !/NAME|model\.ts$/.test(span))
      .filter((span) => !existsSync(join(root, span)))
      .map((span) => `${path}: ${span}`),
  );
  assert.deepEqual(missing, []);
});

test("the map in CONTRIBUTING.md has every folder of sources", () => {
  const { spans } = readDocument("CONTRIBUTING.md");
  const folders = ["src", "host"].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${parent}/${name}/`),
  );
  assert.ok(folders.length > 20);
  assert.deepEqual(
    folders.filter((folder) => !spans.includes(folder)),
    [],
  );
});

test("the README leads to every page of the documentation", () => {
  const { links } = readDocument("README.md");
  const pages = all.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
  assert.deepEqual(
    pages.filter((path) => !links.includes(path)),
    [],
  );
});
