/**
 * Containers in Storage, the slots in them, and the guard round what may be written.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { device, machine } from "../../boards/linux.ts";
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { FileStore } from "../../host/board/index.ts";
import { findContainer, openArea, openSlot } from "../../src/store/containers.ts";
import {
  allowFlash,
  erasePage,
  flashCounts,
  isBlank,
  readFlash,
  writeFlash,
} from "../../src/store/flash.ts";
import { setBoot, useFlash } from "./fake-flash.ts";

// What one test allows stays allowed: each that refuses has a place of its own.
const { base, page, storage } = machine.flash;
const x = Uint8Array.of(0x78);
let flash: NorFlash;
let store: FileStore;

beforeEach(() => {
  flash = new NorFlash(new Uint8Array(machine.flash.size).fill(0xff), base, page);
  store = new FileStore(flash, storage);
  useFlash(flash, storage);
  setBoot(undefined);
});

const write = (name: string, length: number, byte = 65) =>
  store.write(name, new Uint8Array(length).fill(byte));
const reserve = (name: string, length: number) => store.write(name, x, 0, 0, length);
/** Where the whole pages of a file must be. */
const expected = (name: string) => {
  const file = store.find(name);
  assert.ok(file);
  const address = Math.ceil(file.addr / page) * page;
  const length = Math.floor((file.addr + file.size - address) / page) * page;
  return { name, address, offset: address - file.addr, length };
};

describe("containers", () => {
  test("are found wherever they lie in the chain, and their pages are whole", () => {
    for (let before = 1; before < 2200; before += 37) {
      flash.bytes.fill(0xff);
      write("before", before);
      reserve("slot.a", 5 * page + 3);
      write("between", 100);
      reserve("slot.b", 6 * page);
      for (const name of ["slot.a", "slot.b"]) {
        assert.deepEqual(findContainer(name), expected(name), `${name} after ${before} bytes`);
      }
    }
  });

  test("one that begins at a page's start has all its pages", () => {
    write("before", page - 64);
    reserve("slot.a", 4 * page);
    const found = findContainer("slot.a");
    assert.deepEqual([found?.offset, found?.length], [0, 4 * page]);
    assert.deepEqual(found, expected("slot.a"));
  });

  test("a deleted file of the name is passed over", () => {
    reserve("slot.a", 3 * page);
    write("other", 10);
    store.erase("slot.a");
    assert.equal(findContainer("slot.a"), undefined);
    reserve("slot.a", 4 * page);
    assert.deepEqual(findContainer("slot.a"), expected("slot.a"));
  });

  test("a name that only begins so is another file", () => {
    reserve("slot.a2", 3 * page);
    reserve("slot.", 3 * page);
    assert.equal(findContainer("slot.a"), undefined);
    reserve("slot.a", 3 * page);
    assert.deepEqual(findContainer("slot.a"), expected("slot.a"));
  });

  test("files behind a place without a header are found at the next page, as Storage finds them", () => {
    write("before", 100);
    const next = base + 2 * page;
    flash.write(next, flash.read(base, 32));
    flash.write(next + 4, new Uint8Array(28));
    const header = Buffer.alloc(32);
    header.writeUInt32LE(3 * page);
    header.write("slot.a", 4);
    flash.erasePage(next);
    flash.write(next, header);
    assert.equal(store.find("slot.a"), undefined);
    flash.erasePage(next);
    flash.write(base + page, header);
    assert.ok(store.find("slot.a"));
    assert.deepEqual(findContainer("slot.a"), expected("slot.a"));
  });

  test("a wiped or broken Storage holds none", () => {
    assert.equal(findContainer("slot.a"), undefined);
    assert.equal(openSlot(0), undefined);
    assert.equal(openSlot(2), undefined);
    assert.throws(openArea, /Storage must begin with the file "area": flash the board again/);
    for (const fill of [0, 0x5a, 0xfe]) {
      flash.bytes.fill(fill);
      assert.equal(findContainer("slot.a"), undefined);
    }
  });

  test("the last file may end with Storage", () => {
    reserve("slot.a", storage.length - 32);
    assert.deepEqual(findContainer("slot.a"), expected("slot.a"));
    assert.equal(findContainer("slot.b"), undefined);
  });
});

describe("the area", () => {
  test("is where the loader looks, or refused", () => {
    reserve("area", 16384 + page);
    assert.equal(openArea(), base + page);
    flash.bytes.fill(0xff);
    write("before", 2000);
    reserve("area", 16384 + page);
    assert.throws(openArea, /must begin with the file "area"/);
    flash.bytes.fill(0xff);
    reserve("area", 8192);
    assert.throws(openArea, /must begin with the file "area"/);
  });
});

describe("slots", () => {
  const { slotBytes } = device.flash;

  test("show what lies in their pages, in place", () => {
    write("before", 777);
    reserve("slot.a", slotBytes + page);
    reserve("slot.b", slotBytes + page);
    const slot = openSlot(1);
    assert.ok(slot);
    assert.equal(slot.length, slotBytes);
    assert.equal(slot.address, expected("slot.b").address);
    writeFlash(slot.address + 10, "inside");
    writeFlash(slot.address + slot.length - 4, "last");
    assert.equal(slot.read(10, 6), "inside");
    assert.equal(slot.read(slot.length - 4, 4), "last");
    assert.equal(slot.read(10, 0), "");
    assert.deepEqual(
      store.list().map(({ name }) => name),
      ["before", "slot.a", "slot.b"],
    );
  });

  test("the factory's is read from its file and can't be written", () => {
    write("before", 220 * 1024);
    write("factory", 3 * page, 0xfe);
    const slot = openSlot(2);
    assert.deepEqual([slot?.address, slot?.length, slot?.name], [0, 3 * page, "factory"]);
    assert.equal(slot?.read(5, 2), "\xfe\xfe");
    const { address } = expected("factory");
    assert.throws(() => writeFlash(address, "x"), /flash: write at 0x/);
  });

  test("the one that runs can't be written", () => {
    write("before", 160 * 1024);
    reserve("slot.a", slotBytes + page);
    setBoot({ slot: 0 });
    const slot = openSlot(0);
    assert.ok(slot);
    assert.throws(() => erasePage(slot.address), /flash: erase at 0x/);
  });
});

describe("the guard", () => {
  test("lets nothing past a range's ends, and names the address", () => {
    const start = base + 240 * 1024;
    allowFlash(start, 2 * page);
    const before = flashCounts.written;
    writeFlash(start, "first");
    writeFlash(start + 2 * page - 4, "last");
    assert.equal(flashCounts.written - before, 9);
    const refused = [
      [start - 1, "x"],
      [start - 1, "xx"],
      [start + 2 * page - 3, "last"],
      [start + 2 * page, "x"],
      [base, "x"],
      [0, "x"],
      [Number.NaN, "x"],
    ] as const;
    const operations = flash.operations;
    for (const [address, bytes] of refused)
      assert.throws(
        () => writeFlash(address, bytes),
        new RegExp(`write at 0x${address.toString(16)}: expected a slot or the journal's area`),
      );
    for (const address of [start - page, start + 2 * page, Number.NaN])
      assert.throws(() => erasePage(address), /erase at 0x/);
    assert.equal(flash.operations, operations);
  });

  test("blank flash is told from flash that holds one byte", () => {
    const start = base + 250 * 1024;
    allowFlash(start, page);
    assert.ok(isBlank(start, page));
    for (const at of [0, 1, 255, 256, page - 1]) {
      erasePage(start);
      writeFlash(start + at, "\xfe");
      assert.equal(isBlank(start, page), false);
      assert.equal(readFlash(start + at, 1), "\xfe");
      assert.equal(isBlank(start + at + 1, page - at - 1), true);
    }
  });
});
