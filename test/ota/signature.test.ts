/**
 * A board with two keys: images signed by either are taken, all others refused before they could
 * start.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { inProject } from "../../host/build/project.ts";
import { packFiles, packImage } from "../../host/image/image.ts";
import { generateKey, publicModulus } from "../../host/image/keys.ts";
import type { Offer } from "../power/platform.ts";
import { OLD } from "../power/scene.ts";
import { Story } from "./story.ts";

const folder = mkdtempSync(join(tmpdir(), "signed-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const [retiring, current, stranger] = [generateKey(), generateKey(), generateKey()];
const keyed = join(folder, "keyed.ts");
writeFileSync(
  keyed,
  `import { device as plain } from ${JSON.stringify(inProject("boards/esp32.ts"))};
export { createLink, machine, ownClock } from ${JSON.stringify(inProject("boards/esp32.ts"))};
export const device = Object.assign({}, plain, {
  keys: ${JSON.stringify([publicModulus(retiring), publicModulus(current)])},
});
`,
);
const story = await Story.begin({ boardFile: keyed, outDir: join(folder, "out") });

function parts(version: string, privateKey?: string) {
  return {
    board: "esp32",
    module: story.platform.module,
    version,
    entries: [
      { name: "main.js", bytes: story.script },
      { name: "table.bin", bytes: Buffer.alloc(300, version) },
    ],
    ...(privateKey === undefined ? {} : { privateKey }),
  };
}

function offer(version: string, privateKey?: string): Offer {
  const bytes = packImage(parts(version, privateKey));
  return { version, files: [{ name: "image.bin", bytes }] };
}

test("unsigned, strange and spoilt images are refused", () => {
  for (const [bad, text] of [
    [offer("1.1.0"), /not signed, and this board has a key/],
    [offer("1.1.1", stranger), /signature is of no key of this board/],
  ] as const) {
    const { step, desc } = story.fails(bad);
    assert.equal(step, -3);
    assert.match(desc, text);
  }
  const spoilt = offer("1.1.2", current);
  const [file] = spoilt.files;
  assert.ok(file);
  // A signature of another image.
  packImage(parts("1.1.3", current)).copy(file.bytes, 768, 768, 1024);
  assert.match(story.fails(spoilt).desc, /signature/);
  const bare = [
    { name: "main.js", bytes: story.script },
    { name: "b.bin", bytes: Buffer.from("b") },
  ];
  assert.match(story.fails({ version: "1.1.4", files: bare }).desc, /no signed header/);
  assert.equal(story.platform.version, OLD);
});

test("images signed by either key are taken, also as several files", () => {
  story.succeeds(offer("1.2.0", retiring));
  story.succeeds(offer("1.3.0", current));
  const files = packFiles(parts("1.4.0", current)).map(({ name, bytes }) => ({
    name,
    bytes: Buffer.from(bytes),
  }));
  story.succeeds({ version: "1.4.0", files });
  assert.doesNotMatch(story.scene.board.output, /unsigned images are accepted/);
});
