/**
 * The flash: Espruino's own format in both directions, NOR rules, forbidden ranges, power cuts.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import { NorFlash, PowerCut } from "../../host/board/flash/nor-flash.ts";
import {
  createInterpreterBoard,
  createVirtualBoard,
  DrivenBoard,
  FileStore,
  FlashImage,
  findInterpreter,
} from "../../host/board/index.ts";

const folder = mkdtempSync(join(tmpdir(), "flash-"));
after(() => rmSync(folder, { recursive: true }));
const skip = findInterpreter() === undefined && "no Espruino on this machine";
const storage = esp32.machine.flash.storage;

/** Writes, replaces and erases enough to compact several times. */
const churn = `var S=require("Storage");
for(var i=0;i<400;i++){var n="f"+(i%7);S.write(n,n+":"+i+new Array(900+i%50).join("."));if(i%11===3)S.erase("f"+(i%5))}
S.write("part","head",0,100);S.write("part","tail",96);
var f=S.open("log","w");for(i=0;i<300;i++)f.write("line "+i+"\\n");`;
const read = `require("Storage").list().map(function(n){return n+"="+E.CRC32(require("Storage").read(n))}).sort().join()`;

describe("Espruino's flash format", () => {
  test("the virtual board reads what the interpreter wrote, and goes on with it", {
    skip,
  }, async () => {
    const flash = join(mkdtempSync(join(folder, "a-")), "espruino.flash");
    const real = createInterpreterBoard({ board: linux, flash });
    await real.powerOn();
    await real.evaluate(`eval(${JSON.stringify(churn)})`);
    const written = await real.evaluate(read);
    await real.close();
    assert.ok(written.includes("f0=") && written.includes("part="), written);
    const virtual = createVirtualBoard({ board: linux, flash });
    await virtual.powerOn();
    assert.equal(await virtual.evaluate(read), written);
    await virtual.evaluate(`eval(${JSON.stringify(churn)})`);
    const more = await virtual.evaluate(read);
    await virtual.close();
    const again = createInterpreterBoard({ board: linux, flash });
    await again.powerOn();
    assert.equal(await again.evaluate(read), more);
    await again.close();
  });

  test("the interpreter runs what a host wrote into an image", { skip }, async () => {
    const flash = join(mkdtempSync(join(folder, "b-")), "espruino.flash");
    const image = FlashImage.open(flash, linux.machine);
    image.writeFile(".boot0", "answer=6*7");
    image.writeFile(
      "data",
      Uint8Array.from({ length: 300 }, (_, i) => i),
    );
    image.close();
    const real = createInterpreterBoard({ board: linux, flash });
    await real.powerOn();
    assert.equal(await real.evaluate('answer+require("Storage").read("data").length'), "342");
    await real.close();
    const reopened = FlashImage.open(flash, linux.machine);
    assert.deepEqual(reopened.list(), [".boot0", "data"]);
    assert.equal(reopened.readFile("data")?.[299], 299 & 255);
    assert.equal(reopened.readFile("none"), undefined);
    reopened.close();
  });

  test("an image of another size is refused", () => {
    const path = join(folder, "small.flash");
    FlashImage.open(path, linux.machine).close();
    assert.throws(
      () => FlashImage.open(path, esp32.machine),
      /262144 bytes, expected the flash's 4194304/,
    );
  });
});

describe("NOR flash", () => {
  test("a write only clears bits, an erase sets a page", () => {
    const flash = new NorFlash(new Uint8Array(8192).fill(0xff), 0, 4096);
    flash.write(4, Uint8Array.of(0xf0, 0x0f));
    flash.write(4, Uint8Array.of(0x3c, 0xff));
    assert.deepEqual([...flash.read(3, 4)], [0xff, 0x30, 0x0f, 0xff]);
    flash.erasePage(100);
    assert.deepEqual([...flash.read(3, 4)], [0xff, 0xff, 0xff, 0xff]);
    assert.equal(flash.pageAt(8192), undefined);
  });

  test("faults: nothing done, a bit flipped, an exception, a cut in the middle", () => {
    const flash = new NorFlash(new Uint8Array(4096).fill(0xff), 0, 4096);
    const data = Uint8Array.of(1, 2, 3, 4);
    flash.hook = () => ({ kind: "skip" });
    flash.write(0, data);
    assert.ok(flash.isErased(0, 4));
    flash.hook = () => ({ kind: "flip", bit: 9 });
    flash.write(0, data);
    assert.deepEqual([...flash.read(0, 4)], [1, 0, 3, 4]);
    flash.hook = () => ({ kind: "fail" });
    assert.throws(() => flash.write(8, data), /flash operation failed/);
    flash.hook = () => ({ kind: "cut", bytes: 2 });
    assert.throws(() => flash.write(8, data), PowerCut);
    assert.deepEqual([...flash.read(8, 4)], [1, 2, 0xff, 0xff]);
  });
});

/** Lines that a script prints on the ESP32. */
function run(boot: string, prepare?: (board: DrivenBoard) => void): DrivenBoard {
  const board = new DrivenBoard({ board: esp32 });
  new FileStore(board.flash, storage).write(".boot0", Buffer.from(boot, "latin1"));
  prepare?.(board);
  board.powerOn();
  board.run(50);
  return board;
}

describe("the ESP32's flash", () => {
  for (const [name, address] of [
    ["boot loader", 0x1000],
    ["partition table", 0x8000],
    ["running program", 0x10000],
    ["Wi-Fi's settings", 0x9000],
  ] as const)
    test(`a write to the ${name} restarts the board`, () => {
      const board = run(
        `if(!require("Storage").read("once")){require("Storage").write("once","1");setTimeout(function(){require("Flash").write("x",${address})},5)}`,
      );
      assert.equal(board.restarts.length, 1);
      assert.match(board.output, /dangerous flash write/);
      assert.ok(board.flash.isErased(address, 4));
    });

  test("nothing protects Storage from Flash, and getFree names a part of it", () => {
    const board = run(
      `var F=require("Flash");print(JSON.stringify(F.getFree()));F.write("\\0\\0\\0\\0",0x320004);print(require("Storage").list().length)`,
    );
    const free = JSON.parse(/\[\{.*\}\]/.exec(board.output)?.[0] ?? "[]");
    assert.equal(free.length, 3);
    assert.ok(free[2].addr > storage.start && free[2].addr < storage.start + storage.length);
    assert.match(board.output, /\r\n0\r\n/);
  });

  test("wrong order of arguments shows: read takes the length first", () => {
    const board = run(
      'var F=require("Flash");F.write("ab",0x310000);print(F.read(2,0x310000),F.read(0x310000,2).length)',
    );
    assert.match(board.output, /new Uint8Array\(\[97, 98\]\) 3211264/);
  });

  test("a broken chain of files wipes Storage at power-on", () => {
    // The first file's size points beyond the area.
    const board = run("0", ({ flash }) => flash.bytes.set([0x10, 0xff, 0x7f], storage.start));
    assert.match(board.output, /Storage is corrupt/);
    assert.deepEqual(new FileStore(board.flash, storage).list(), []);
  });

  test("a compaction breaks the code that runs in place, until a restart", () => {
    const boot = `var S=require("Storage");
function f(){return "works"}
if(!S.read("once")){S.erase("first");
setTimeout(function(){S.write("once","1");S.compact();print("compacted");setTimeout(function(){print("late")},10);f()},5);
setTimeout(function(){try{print(f())}catch(e){print(e.message)}},20)}else setTimeout(function(){print(f())},5);`;
    const board = new DrivenBoard({ board: esp32 });
    const store = new FileStore(board.flash, storage);
    store.write("first", Buffer.alloc(5000, 1));
    store.write(".boot0", Buffer.from(boot));
    board.powerOn();
    board.run(50);
    assert.match(board.output, /Compacting\.\.\. /);
    assert.match(board.output, /Got \[ERASED\] expected EOF/);
    assert.ok(!board.output.includes("late") && !board.output.includes("works"));
    board.type("\x10print((function(){return 'ram'})())\n");
    board.run(1);
    assert.match(board.output, /ram/);
    board.powerOff();
    board.powerOn();
    board.run(50);
    assert.match(board.output, /works/);
  });

  test("the same compaction harms nothing on Linux, where code is not run in place", () => {
    const board = new DrivenBoard({ board: linux });
    const store = new FileStore(board.flash, linux.machine.flash.storage);
    store.write("first", Buffer.alloc(5000, 1));
    store.write(
      ".boot0",
      Buffer.from(
        'function f(){return "works"}setTimeout(function(){require("Storage").erase("first");require("Storage").compact();print(f())},5)',
      ),
    );
    board.powerOn();
    board.run(50);
    assert.match(board.output, /works/);
  });
});

describe("power cuts", () => {
  const boot = `var S=require("Storage");S.write("state","new "+new Array(300).join("x"))`;
  const prepared = () => {
    const board = new DrivenBoard({ board: esp32 });
    const store = new FileStore(board.flash, storage);
    store.write(".boot0", Buffer.from(boot));
    store.write("state", Buffer.from("old"));
    return board;
  };

  test("at each operation of a replacement the old or the new file is whole, or none", () => {
    const whole = prepared();
    whole.powerOn();
    const { operations } = whole.flash;
    assert.ok(operations >= 3, `${operations} operations`);
    const outcomes = new Map<string, number>();
    for (let operation = 1; operation <= operations; operation++)
      for (const bytes of [0, 1, 4, 1000]) {
        const board = prepared();
        board.powerOn(() =>
          board.flash.operations === operation ? { kind: "cut", bytes } : undefined,
        );
        assert.equal(board.isOn, false, `operation ${operation} after ${bytes} bytes`);
        const store = new FileStore(board.flash, storage);
        const state = Buffer.from(store.read("state") ?? []).toString("latin1");
        const outcome =
          state === "old"
            ? "old"
            : state.startsWith("new xxx") && !state.includes("\xff")
              ? "new"
              : state === ""
                ? "lost"
                : "torn";
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    // There is no atomic replacement: the old name goes first, then header and data.
    for (const outcome of ["old", "new", "lost", "torn"])
      assert.ok((outcomes.get(outcome) ?? 0) > 0, `no outcome "${outcome}": ${[...outcomes]}`);
  });

  test("a torn header at the tail wipes Storage or hides the next file", () => {
    const seen = new Set<string>();
    for (const bytes of [1, 2, 3, 4, 8, 31]) {
      const board = prepared();
      board.powerOn(({ length }) => (length === 32 ? { kind: "cut", bytes } : undefined));
      board.powerOn();
      seen.add(/corrupt/.test(board.output) ? "wiped" : "kept");
    }
    assert.ok(seen.has("kept"), [...seen].join());
  });

  test("a planned fault cuts the power of a board in its thread", async () => {
    const flash = join(folder, "cut.flash");
    const image = FlashImage.open(flash, esp32.machine);
    image.writeFile(".boot0", boot);
    image.close();
    const board = createVirtualBoard({ board: esp32, flash });
    const cut = new Promise<string>((resolve) => board.onRestart(resolve));
    board.planFlashFaults([{ operation: 1, fault: { kind: "cut", bytes: 8 } }]);
    await board.powerOn();
    assert.equal(await cut, "power-cut");
    assert.equal(board.isOn, false);
    await board.powerOn();
    assert.equal(await board.evaluate("1+1"), "2");
    await board.close();
  });

  test("three hundred power cycles in a row", () => {
    const board = prepared();
    for (let i = 0; i < 300; i++) {
      board.powerOn();
      board.powerOff();
    }
    board.powerOn();
    assert.equal(board.isOn, true);
  });
});
