/**
 * A flash image as it leaves the factory, and what a second installation keeps.
 * @module
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { DrivenBoard, FlashImage } from "../../host/board/index.ts";
import { boardNames, loadBoard } from "../../host/build/boards.ts";
import { installFirmware, projectVersion } from "../../host/demo/install.ts";
import { readImage } from "../../host/image/image.ts";
import { buildLoader } from "../boot/loader-file.ts";

const folder = mkdtempSync(join(tmpdir(), "install-"));
after(() => rmSync(folder, { recursive: true }));

/** Files of a build whose firmware prints a word. */
async function built(board: string, word: string) {
  const boot0 = join(folder, `${board}.boot0.js`);
  const firmware = join(folder, `${board}.${word}.js`);
  writeFileSync(boot0, await buildLoader(board));
  writeFileSync(firmware, `print("#${word} "+boot.slot)`);
  return { board, boot0, firmware };
}

for (const name of boardNames()) {
  describe(`an installation on ${name}`, () => {
    const flash = join(folder, `${name}.flash`);

    /** What the console says after power-on. */
    const run = async (): Promise<string> => {
      const board = await loadBoard(name);
      const driven = new DrivenBoard({ board, bytes: new Uint8Array(readFileSync(flash)) });
      driven.powerOn();
      driven.run(100);
      return driven.output;
    };

    test("starts, with all files in the order that the firmware expects", async () => {
      const { machine } = await loadBoard(name);
      installFirmware(flash, machine, await built(name, "one"), '{"a":1}', { version: "0.9.0" });
      assert.match(await run(), /#one 2/);
      const image = FlashImage.open(flash, machine);
      const files = [".boot0", "factory", "slot.a", "slot.b", "device.json"];
      assert.deepEqual(image.list(), machine.flash.raw ? files : ["area", ...files]);
      const { header, problems } = readImage(image.readFile("factory") as Buffer);
      assert.deepEqual([header?.board, header?.version, problems], [name, "0.9.0", []]);
      const size = machine.flash.slotBytes + machine.flash.page;
      assert.equal(image.readFile("slot.a")?.length, size);
      assert.ok(image.store.stats().freeBytes >= 2048, "no room is left for the user's files");
      image.close();
    });

    test("again, changes nothing but the settings", async () => {
      const { machine } = await loadBoard(name);
      const before = FlashImage.open(flash, machine);
      const slot = before.store.find("slot.a")?.addr ?? 0;
      before.flash.write(slot + 4096, Buffer.from("an update"));
      before.writeFile("users", "kept");
      before.close();
      installFirmware(flash, machine, await built(name, "one"), '{"a":2}', { version: "0.9.0" });
      const image = FlashImage.open(flash, machine);
      assert.equal(Buffer.from(image.flash.read(slot + 4096, 9)).toString(), "an update");
      assert.equal(String(Buffer.from(image.readFile("device.json") ?? [])), '{"a":2}');
      image.close();
    });

    test("of another firmware runs that one, keeping the user's files", async () => {
      const { machine } = await loadBoard(name);
      installFirmware(flash, machine, await built(name, "two"), undefined);
      assert.match(await run(), /#two 2/);
      const image = FlashImage.open(flash, machine);
      assert.equal(String(Buffer.from(image.readFile("users") ?? [])), "kept");
      assert.equal(String(Buffer.from(image.readFile("device.json") ?? [])), '{"a":2}');
      const { header } = readImage(image.readFile("factory") as Buffer);
      assert.equal(header?.version, projectVersion());
      image.close();
    });

    test("refuses a firmware that no slot holds", async () => {
      const { machine } = await loadBoard(name);
      const big = { ...(await built(name, "big")) };
      // Such as no compression makes smaller.
      writeFileSync(big.firmware, randomBytes(machine.flash.slotBytes));
      assert.throws(
        () => installFirmware(flash, machine, big, undefined),
        new RegExp(`a slot of ${name} holds ${machine.flash.slotBytes}`),
      );
    });
  });
}
