/**
 * The figures of a build and what has changed since the one before.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import MagicString, { Bundle } from "magic-string";
import type { BuildResult } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { readHistory, recordSizes } from "../../host/build/size-history.ts";
import { showFolders, showMemory, showSizes } from "../../host/build/sizes.ts";

const dir = mkdtempSync(join(tmpdir(), "sizes-"));
after(() => rmSync(dir, { recursive: true }));

/** A script put together from sources in folders of the project. */
function builtFrom(sources: Record<string, string>): BuildResult {
  const bundle = new Bundle({ separator: "" });
  for (const [name, text] of Object.entries(sources)) {
    bundle.addSource({ filename: inProject(name), content: new MagicString(text) });
  }
  const firmware = join(dir, "firmware.js");
  const map = `${firmware}.map`;
  writeFileSync(firmware, bundle.toString());
  writeFileSync(map, bundle.generateMap({ file: firmware, hires: true }).toString());
  const minified = bundle.toString().length;
  const sizes = { source: 1000, minified, packed: minified, gzip: 10, slot: 1000 };
  return { board: "esp32", dir, firmware, boot0: "", map, sizes };
}

test("a build tells what changed since the last one that was another", () => {
  const first = builtFrom({ "src/ota/a.ts": "aaaa;", "src/mqtt/b.ts": "bb;" });
  assert.equal(recordSizes(first, "1").before, undefined);
  assert.deepEqual(readHistory(dir)?.folders, { "src/ota": 5, "src/mqtt": 3 });
  const second = builtFrom({ "src/ota/a.ts": "aaaaaaa;", "src/app/c.ts": "c;" });
  for (let again = 0; again < 2; again++) {
    const history = recordSizes(second, "2");
    assert.equal(history.before?.id, "1");
    assert.match(
      showSizes(second, history.before),
      /minified +10 bytes +\+2 {2}1\.0 % of the slot/,
    );
    const folders = showFolders(history, history.before);
    assert.match(folders, /src\/ota +8 bytes +\+3\n/);
    assert.match(folders, /src\/app +2 bytes +\+2\n/);
    assert.match(folders, /src\/mqtt +0 bytes +−3$/);
  }
});

test("variables are called measured or estimated", () => {
  const board = { jsVars: 4000, total: 16000 };
  assert.match(showMemory({ ...board, measured: false }), /4000 .*25\.0 % of 16000; estimated/);
  assert.match(showMemory({ jsVars: 4000, total: 0, measured: true }), /connected; measured on/);
});
