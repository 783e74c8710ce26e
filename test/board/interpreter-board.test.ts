/**
 * The real interpreter as a board: what it leaves in the flash.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as board from "../../boards/linux.ts";
import { createInterpreterBoard, FlashImage, findInterpreter } from "../../host/board/index.ts";

const folder = mkdtempSync(join(tmpdir(), "interpreter-"));
after(() => rmSync(folder, { recursive: true }));
const flash = join(folder, "espruino.flash");
const skip = findInterpreter() === undefined && "no Espruino on this machine";

/** Files in the flash after a start and an answer. */
async function filesAfter(keepFlash: boolean): Promise<string[]> {
  const image = FlashImage.open(flash, board.machine);
  image.store.eraseAll();
  image.writeFile(".boot0", 'print("#BOOTED")');
  image.writeFile("factory", "an image");
  image.close();
  const real = createInterpreterBoard({ board, flash, keepFlash });
  try {
    await real.powerOn();
    assert.equal(await real.evaluate("6*7"), "42");
  } finally {
    await real.close();
  }
  const left = FlashImage.open(flash, board.machine);
  try {
    return left.list();
  } finally {
    left.close();
  }
}

test("evaluating across loads adds a boot file", { skip }, async () => {
  assert.deepEqual(await filesAfter(false), [".boot0", "factory", ".boot1"]);
});

test("flash that is to be kept gets no file", { skip }, async () => {
  assert.deepEqual(await filesAfter(true), [".boot0", "factory"]);
});
