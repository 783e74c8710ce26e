/**
 * Packages that the board refuses: each with the right step and a text, the old version running,
 * its flash untouched, and a good update succeeding afterwards.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { packImage } from "../../host/image/image.ts";
import type { Offer } from "../power/platform.ts";
import { OLD } from "../power/scene.ts";
import { Story } from "./story.ts";

const MODULE = "QuecPython-Tracker";
const story = await Story.begin();

function image(members: { board?: string; module?: string; version?: string }): Offer {
  const bytes = packImage({
    board: "esp32",
    module: MODULE,
    version: "1.1.0",
    entries: [{ name: "main.js", bytes: Buffer.from("print(1)") }],
    ...members,
  });
  return { version: "1.1.0", files: [{ name: "image.bin", bytes }] };
}

const offer = story.good("1.1.0");
const size = offer.files[0]?.bytes.length ?? 0;
const plain = {
  version: "1.1.0",
  files: [{ name: "x", bytes: Buffer.from("print(1)".repeat(200)) }],
};
const cut = {
  ...offer,
  files: [{ name: "x", bytes: offer.files[0]?.bytes.subarray(0, -1) ?? Buffer.alloc(0) }],
};

const refused: [string, Offer, number, RegExp][] = [
  ["an unknown module", { ...offer, data: { module: "other" } }, -1, /unknown module "other"/],
  ["no module", { ...offer, data: { module: undefined } }, -1, /unknown module "default"/],
  ["no digest", { ...offer, data: { sign: undefined } }, -1, /digest must have 64/],
  ["a short digest", { ...offer, data: { sign: "abc" } }, -1, /digest must have 64/],
  ["no size", { ...offer, data: { size: undefined } }, -1, /size is undefined/],
  [
    "a size over the slot",
    { ...offer, data: { size: 98305 } },
    -1,
    /98305 bytes, the slot holds 98304/,
  ],
  ["a differential package", { ...offer, data: { isDiff: 1 } }, -1, /differential/],
  ["no address", { ...offer, data: { url: undefined } }, -1, /address/],
  [
    "the link's firmware",
    { ...offer, data: { module: "EC600N-CNLC" } },
    -1,
    /no firmware of its own/,
  ],
  ["another board's image", image({ board: "linux" }), -3, /for board "linux", this is "esp32"/],
  ["another module's image", image({ module: "m" }), -3, /of module "m"/],
  ["another version's image", image({ version: "9" }), -3, /version 9, the package 1.1.0/],
  ["a script without a header", plain, -3, /npm run pack/],
  ["an image that is cut short", cut, -3, /bytes/],
  [
    "a wrong digest",
    { ...offer, data: { sign: "0".repeat(64) } },
    -3,
    /SHA-256 of file .* in flash is/,
  ],
  ["a size that is too small", { ...offer, data: { size: size - 1 } }, -2, /./],
];

for (const [what, bad, step, text] of refused) {
  test(`refused: ${what}`, () => {
    const before = story.scene.board.flash.erases;
    const outcome = story.fails(bad);
    assert.equal(outcome.step, step, JSON.stringify(outcome));
    assert.match(outcome.desc, text);
    assert.equal(story.platform.version, OLD);
    assert.match(story.evaluate("ali.ota().version"), /^1\.0\.0/);
    if (step === -1) assert.equal(story.scene.board.flash.erases, before);
  });
}

test("a good update succeeds after all of them", () => story.succeeds(story.good("1.1.1")));

test("a lower security version is refused, an equal one accepted", () => {
  const secure = (version: string, security: number): Offer => {
    const bytes = packImage({
      board: "esp32",
      module: MODULE,
      version,
      security,
      entries: [{ name: "main.js", bytes: story.script }],
    });
    return { version, files: [{ name: "image.bin", bytes }] };
  };
  story.succeeds(secure("2.0.0", 3));
  const { step, desc } = story.fails(secure("2.0.1", 2));
  assert.equal(step, -3);
  assert.match(desc, /security version 2 is below this board's 3/);
  story.succeeds(secure("2.0.2", 3));
});
