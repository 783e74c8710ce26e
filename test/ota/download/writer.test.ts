/**
 * The slot's writer on a flash with faults.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FlashFault, FlashOperation } from "../../../host/board/flash/nor-flash.ts";
import { REFUSED, REWIND, TAKEN } from "../../../src/http/sink.ts";
import { SlotWriter } from "../../../src/ota/writer.ts";
import { allowFlash, flashCounts } from "../../../src/store/flash.ts";
import { Random } from "../../mqtt/random.ts";
import { BASE, installFlash, PAGE, slotAt } from "./node-flash.ts";

const PAGES = 6;
const SIZE = 5 * PAGE + 300;
allowFlash(BASE, PAGES * PAGE);

/** Bytes that look random and hold runs of 0xFF. */
function content(seed: number): Buffer {
  const { next } = new Random(seed);
  const bytes = Buffer.alloc(SIZE);
  for (let i = 0; i < SIZE; i++) bytes[i] = next() * 256;
  bytes.fill(0xff, 1500, 1700);
  bytes.fill(0xff, 2 * PAGE, 2 * PAGE + 600);
  return bytes;
}

const image = content(1);

interface Fed {
  result: number;
  rewinds: number;
  pages: number[];
  writer: SlotWriter;
  erases: number;
  written: number;
}

/** Feeds the image from `start` on in pieces of a size, as often as the writer asks again. */
function feed(piece: number, start = 0, bytes = image): Fed {
  const pages: number[] = [];
  flashCounts.erases = 0;
  flashCounts.written = 0;
  const slot = slotAt(BASE, PAGES * PAGE);
  const writer = new SlotWriter(slot, PAGE, { onPage: (page) => pages.push(page) });
  writer.begin(start);
  let rewinds = 0;
  let result = TAKEN;
  while (writer.position < bytes.length && result !== REFUSED) {
    const at = writer.position;
    result = writer.write(bytes.subarray(at, at + piece).toString("latin1"));
    if (result === REWIND) {
      assert.equal(writer.position % PAGE, 0, "a rewind goes to a page's start");
      assert.ok(writer.position < at + piece, "the page of the last byte is wanted again");
      assert.ok(++rewinds < 1000, "it goes round and round");
    } else if (result === TAKEN) assert.equal(writer.position, Math.min(at + piece, bytes.length));
  }
  return { result, rewinds, pages, writer, ...flashCounts };
}

const blankBytes = () => new Uint8Array(PAGES * PAGE).fill(0xff);
const other = () => {
  const bytes = blankBytes();
  bytes.set(content(2));
  return bytes;
};

describe("writer", () => {
  for (const piece of [1, 7, 536, 1000, PAGE, 3000, SIZE]) {
    test(`blank flash, pieces of ${piece}: each byte is written once, nothing erased`, () => {
      const flash = installFlash(blankBytes());
      const fed = feed(piece);
      assert.equal(fed.result, TAKEN);
      assert.deepEqual(flash.read(BASE, SIZE), new Uint8Array(image));
      assert.equal(fed.erases, 0);
      assert.ok(fed.written <= SIZE);
      assert.deepEqual(fed.pages, [0, 1, 2, 3, 4]);
    });

    test(`other content, pieces of ${piece}: one erase a page`, () => {
      const flash = installFlash(other());
      const fed = feed(piece);
      assert.deepEqual(flash.read(BASE, SIZE), new Uint8Array(image));
      assert.equal(fed.erases, PAGES);
      // A byte may happen to fit, so that only the next one tells.
      assert.ok(fed.written <= SIZE);
    });

    test(`the same content, pieces of ${piece}: no erase, no write`, () => {
      const flash = installFlash(blankBytes());
      feed(536);
      const before = flash.operations;
      const fed = feed(piece);
      assert.equal(flash.operations, before);
      assert.equal(fed.erases + fed.written, 0);
      assert.deepEqual(fed.pages, [0, 1, 2, 3, 4]);
    });
  }

  test("partly equal pages cost one erase each, and the others none", () => {
    for (const at of [0, 1, 535, 536, 1023, 1024, 2500, 3071, SIZE - 1]) {
      const flash = installFlash(blankBytes());
      feed(536);
      const changed = Buffer.from(image);
      changed[at] = 0x5a ^ (changed[at] as number);
      const fed = feed(536, 0, changed);
      assert.deepEqual(flash.read(BASE, SIZE), new Uint8Array(changed), `byte ${at}`);
      assert.ok(fed.erases <= 1, `${fed.erases} erases for byte ${at}`);
      assert.ok(fed.written <= PAGE);
    }
  });

  test("begins in the middle of a page and never goes back before", () => {
    const flash = installFlash(other());
    const slot = slotAt(BASE, PAGES * PAGE);
    const writer = new SlotWriter(slot, PAGE, { onPage: () => {} });
    writer.begin(300, true);
    assert.equal(writer.write("abc"), TAKEN);
    // As if a part of the page had been written in an earlier life.
    flash.bytes.fill(0x11, 400, 410);
    const rest = "x".repeat(200);
    assert.equal(writer.write(rest), REWIND);
    assert.equal(writer.position, 300);
    assert.equal(writer.write(`abc${rest}`), TAKEN);
    assert.equal(Buffer.from(flash.read(BASE + 300, 203)).toString("latin1"), `abc${rest}`);
    assert.ok(flash.isErased(BASE, 300));
  });

  test("refuses more than the slot holds, and any other place", () => {
    installFlash(blankBytes());
    const writer = new SlotWriter(slotAt(BASE, PAGE), PAGE, { onPage: () => {} });
    assert.equal(writer.write("x".repeat(PAGE + 1)), REFUSED);
    assert.deepEqual(writer.failure, {
      step: -4,
      text: "the slot holds 1024 bytes: more came in",
    });
    const outside = slotAt(BASE + PAGES * PAGE, PAGE);
    const second = new SlotWriter(outside, PAGE, { onPage: () => {} });
    assert.equal(second.write("abc"), REWIND);
    assert.equal(second.write("abc"), REWIND);
    assert.equal(second.write("abc"), REFUSED);
    assert.match(
      second.failure?.text ?? "",
      /^flash at 0x11800: flash: erase at 0x11800: expected/,
    );
  });
});

/** What the nth operation of a download does; faults that go on for good hit all from there. */
function faultAt(n: number, fault: FlashFault, forGood = false) {
  let count = 0;
  return (operation: FlashOperation): FlashFault | undefined => {
    const index = count++;
    return index === n || (forGood && index > n && operation.kind === "write") ? fault : undefined;
  };
}

describe("writer with a fault at each operation", () => {
  const faults: [string, FlashFault][] = [
    ["does nothing", { kind: "skip" }],
    ["flips its first bit", { kind: "flip", bit: 0 }],
    ["flips a bit in its middle", { kind: "flip", bit: 1234 }],
    ["throws", { kind: "fail" }],
  ];
  for (const [name, fault] of faults) {
    test(`an operation ${name}`, () => {
      installFlash(other());
      const clean = installFlash(other());
      const usual = feed(536).rewinds;
      const { operations } = clean;
      assert.ok(operations > 15);
      for (let n = 0; n < operations; n++) {
        const flash = installFlash(other());
        flash.hook = faultAt(n, fault);
        const fed = feed(536);
        assert.equal(fed.result, TAKEN, `operation ${n}`);
        // An erase that flips a bit may do so where nothing is written.
        assert.deepEqual(flash.read(BASE, SIZE), new Uint8Array(image), `operation ${n}`);
        assert.ok(fed.rewinds <= usual + 1, `operation ${n}: ${fed.rewinds} rewinds`);
      }
    });
  }

  test("a page that never takes its bytes fails after two more tries", () => {
    const flash = installFlash(blankBytes());
    let erases = 0;
    flash.hook = ({ kind, address }) => {
      if (kind === "erase") erases++;
      return address >= BASE + 2 * PAGE ? { kind: "flip", bit: 3 } : undefined;
    };
    const fed = feed(536);
    assert.equal(fed.result, REFUSED);
    assert.equal(fed.writer.failure?.step, -4);
    assert.match(
      fed.writer.failure?.text ?? "",
      /^flash at 0x10[89ab]..: it does not hold what was written$/,
    );
    assert.equal(erases, 2);
    assert.deepEqual(fed.pages, [0, 1]);
  });

  test("the power goes at each operation, torn at several lengths", () => {
    const clean = installFlash(other());
    feed(536);
    let cuts = 0;
    for (let n = 0; n < clean.operations; n++) {
      for (const bytes of [0, 1, 3, 100, 535, 4000]) {
        const flash = installFlash(other());
        const fault: FlashFault = { kind: "cut", bytes };
        let isOff = false;
        let count = 0;
        flash.hook = () => {
          // Code that runs on after the power went changes nothing more.
          if (isOff) return { kind: "skip" };
          isOff = count++ === n;
          return isOff ? fault : undefined;
        };
        let complete = 0;
        const slot = slotAt(BASE, PAGES * PAGE);
        const first = new SlotWriter(slot, PAGE, {
          onPage: (page) => {
            if (!isOff) complete = page + 1;
          },
        });
        first.begin(0);
        while (!isOff && first.position < SIZE)
          first.write(image.subarray(first.position, first.position + 536).toString("latin1"));
        assert.ok(isOff);
        flash.hook = undefined;
        const fed = feed(536, complete * PAGE);
        assert.equal(fed.result, TAKEN);
        assert.deepEqual(flash.read(BASE, SIZE), new Uint8Array(image), `cut ${n} at ${bytes}`);
        cuts++;
      }
    }
    assert.ok(cuts > 90);
  });
});
