/**
 * The loader on the driven board: which image it starts, whatever journal and images are like.
 * @module
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { FlashHook } from "../../host/board/flash/nor-flash.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import { type Board, loadBoard } from "../../host/build/boards.ts";
import { Flashed, imageOf } from "./flashed.ts";
import { buildLoader } from "./loader-file.ts";

const minute = 60_000;
const boards = ["esp32", "linux"];

/** A script that says what runs. */
const say = (text: string) => `print("#${text} "+boot.slot+(boot.trial?" trial":""));`;
const saidBy = (output: string) =>
  [...output.matchAll(/#(.+)\r\n/g)].map((match) => (match[1] as string).trim());

for (const name of boards) {
  describe(`the loader on ${name}`, () => {
    let board: Board;
    let loader: Buffer;
    before(async () => {
      board = await loadBoard(name);
      loader = await buildLoader(name);
    });

    const image = (script: string) => imageOf(board, script);
    /** With a factory image that says so. */
    const flashed = (factory = say("factory")) => new Flashed(board, loader, image(factory));

    interface Run {
      ms?: number;
      hook?: FlashHook;
      pressed?: boolean;
    }
    const run = (on: Flashed, { ms = 100, hook, pressed }: Run = {}): DrivenBoard => {
      const driven = new DrivenBoard({ board, bytes: on.flash.bytes });
      if (pressed) driven.lowPins.add(board.device.button);
      driven.powerOn((operation) => {
        const { kind, address, length } = operation;
        const isInJournal = address >= on.area && address + length <= on.area + 8192;
        assert.ok(kind === "write" && isInJournal, `${kind} at 0x${address.toString(16)}`);
        return hook?.(operation);
      });
      driven.run(ms);
      return driven;
    };
    /** What runs, start after start. */
    const said = (on: Flashed, options: Run = {}) => saidBy(run(on, options).output);

    test("takes at most 2 KB", () => {
      assert.ok(loader.length <= 2048, `${loader.length} bytes`);
    });

    test("starts the factory image without a journal, and with a journal without a choice", () => {
      const on = flashed();
      assert.deepEqual(said(on), ["factory 2"]);
      on.journal().put("plan", { state: 1 }, 24);
      assert.deepEqual(said(on), ["factory 2"]);
    });

    test("starts the active image, and writes nothing then", () => {
      const on = flashed();
      on.fill(0, image(say("one")));
      on.fill(1, image(say("two")));
      on.choose({ a: 1, p: 0 });
      const driven = run(on);
      assert.deepEqual(saidBy(driven.output), ["two 1"]);
      assert.equal(driven.flash.operations, 0);
      on.choose({ a: 0, p: 1 });
      assert.deepEqual(said(on), ["one 0"]);
    });

    test("takes the last choice of the newer block, other records between", () => {
      const on = flashed();
      on.fill(0, image(say("one")));
      on.fill(1, image(say("two")));
      const journal = on.journal();
      let active = 0;
      for (let i = 0; i < 120; i++) {
        active = i % 2;
        assert.ok(journal.put("plan", { id: i, text: "x".repeat(i * 3) }, 24));
        assert.ok(journal.mark("plan", i % 24));
        assert.ok(journal.put("boot", { a: active, p: -1, t: -1, s: 0 }, 12));
        if (i % 10 === 0) assert.deepEqual(said(on), [["one 0", "two 1"][active]]);
      }
      assert.deepEqual(said(on), ["two 1"]);
    });

    test("runs a script of many functions, whose names are global", () => {
      const on = flashed();
      const lines = Array.from({ length: 400 }, (_, i) => `function f${i}(a){return a+${i}}`);
      on.fill(
        0,
        image(
          `${lines.join("\n")}var made=f399(1);setTimeout(function(){print("#"+made+f7(1))},5)`,
        ),
      );
      on.choose({ a: 0 });
      assert.deepEqual(said(on), ["4008"]);
    });

    test("tries a new image three times, then goes back for good", () => {
      const on = flashed();
      on.fill(0, image(say("old")));
      on.fill(1, image(say("new")));
      on.choose({ a: 0, t: 1 });
      for (let start = 1; start <= 3; start++) assert.deepEqual(said(on), ["new 1 trial"]);
      assert.deepEqual(on.marks(), [0, 1, 2]);
      for (let start = 0; start < 3; start++) assert.deepEqual(said(on), ["old 0"]);
    });

    test("gives up a trial that throws at its start, and keeps why", () => {
      const on = flashed();
      on.fill(1, image('\n\nthrow new Error("no \\"sensor\\"\\x80")'));
      on.choose({ a: 2, t: 1 });
      const driven = run(on);
      assert.deepEqual(saidBy(driven.output), ["factory 2"]);
      assert.match(driven.output, /boot: slot\.b: no +sensor /);
      assert.deepEqual(on.marks(), [0, 3]);
      const { slot, text } = on.journal().get("why");
      assert.equal(slot, 1);
      assert.match(text, /^no +sensor +at \(:3:/);
    });

    for (const thrown of ['"text"', "undefined", "null", "5", "{}", "new TypeError('t')"])
      test(`gives up a trial that throws ${thrown}`, () => {
        const on = flashed();
        on.fill(1, image(`throw ${thrown}`));
        on.choose({ a: 2, t: 1 });
        assert.deepEqual(said(on), ["factory 2"]);
        assert.equal(on.journal().get("why").slot, 1);
      });

    test("gives up a trial with a syntax error", () => {
      const on = flashed();
      on.fill(1, image("function ("));
      on.choose({ a: 2, t: 1 });
      assert.deepEqual(said(on), ["factory 2"]);
      assert.deepEqual(on.marks(), [0, 3]);
    });

    test("gives up a trial that throws later, but not for what TLS reports", () => {
      const on = flashed();
      const later = (text: string, ms: number) =>
        `setTimeout(function(){throw new Error("${text}")},${ms});`;
      on.fill(
        1,
        image(say("new") + later("mbedtls_ssl_handshake: -0x7780", 50) + later("late", 500)),
      );
      on.choose({ a: 2, t: 1 });
      assert.deepEqual(said(on, { ms: 400 }), ["new 1 trial"]);
      assert.deepEqual(on.marks(), [0]);
      assert.deepEqual(said(on, { ms: 1000 }), ["new 1 trial", "factory 2"]);
      assert.deepEqual(on.marks(), [0, 1, 3]);
      assert.match(on.journal().get("why").text, /^late /);
    });

    test("gives up a trial that is not confirmed in time", () => {
      const on = flashed();
      on.fill(0, image(say("new")));
      on.choose({ a: 2, t: 0 });
      const limit = board.device.trial.totalMinutes * minute;
      assert.deepEqual(said(on, { ms: limit - minute }), ["new 0 trial"]);
      assert.deepEqual(said(on, { ms: limit + minute }), ["new 0 trial", "factory 2"]);
      assert.match(on.journal().get("why").text, /^not confirmed/);
    });

    test("gives up a trial when the firmware says so", () => {
      const on = flashed();
      on.fill(
        0,
        image(`${say("new")}setTimeout(function(){boot.fail("no answer");boot.fail("twice")},9)`),
      );
      on.choose({ a: 2, t: 0 });
      assert.deepEqual(said(on), ["new 0 trial", "factory 2"]);
      assert.match(on.journal().get("why").text, /^no answer/);
      assert.deepEqual(on.marks(), [0, 3]);
    });

    test("gives up a trial that resets endlessly", () => {
      const on = flashed();
      on.fill(0, image(`${say("new")}setTimeout(reset,20)`));
      on.choose({ a: 2, t: 0 });
      const driven = run(on, { ms: 2000 });
      const starts = Array(3).fill("new 0 trial");
      assert.deepEqual(saidBy(driven.output), [...starts, "factory 2"]);
    });

    test("starts a trial only if its start can be noted", () => {
      const on = flashed();
      on.fill(0, image(say("old")));
      on.fill(1, image(say("new")));
      for (const fault of [{ kind: "skip" }, { kind: "fail" }] as const) {
        on.choose({ a: 0, t: 1 });
        assert.deepEqual(said(on, { hook: () => fault }), ["old 0"]);
        assert.deepEqual(on.marks(), []);
        assert.deepEqual(said(on), ["new 1 trial"]);
      }
    });

    test("whatever bit flips in a start's mark, an image that fits runs", () => {
      for (let bit = 0; bit < 32; bit++) {
        const on = flashed();
        on.fill(0, image(say("old")));
        on.fill(1, image(say("new")));
        on.choose({ a: 0, t: 1 });
        const [first] = said(on, { hook: () => ({ kind: "flip", bit }) });
        assert.match(String(first), /^(old 0|new 1 trial)$/);
        const after = Array.from({ length: 4 }, () => said(on)[0]);
        assert.equal(after[3], "old 0");
      }
    });

    test("a damaged trial never starts", () => {
      const on = flashed();
      on.fill(0, image(say("old")));
      on.fill(1, image(say("new")));
      on.choose({ a: 0, t: 1 });
      on.flip(on.slotAddress(1) + 1024 + 3);
      assert.deepEqual(said(on), ["old 0"]);
      assert.deepEqual(on.marks(), []);
    });

    test("one bit anywhere in header or body is found", () => {
      const on = flashed();
      const made = image(say("one"));
      on.fill(0, made);
      on.choose({ a: 0 });
      const address = on.slotAddress(0);
      const places = [...Array(768).keys(), ...Array(made.length - 1024).keys()].map((i, n) =>
        n < 768 ? i : 1024 + i,
      );
      // The JSON is followed by spaces: one of them stands for all.
      const json = made.toString("latin1", 16, 768).trimEnd().length + 17;
      const asked = places.filter((at) => at < json || at > 760);
      asked.forEach((at, n) => {
        on.flip(address + at, n % 8);
        assert.deepEqual(said(on, { ms: 5 }), ["factory 2"], `byte ${at}`);
        on.flip(address + at, n % 8);
      });
      assert.deepEqual(said(on), ["one 0"]);
    });

    test("a slot that is blank, cut short or without its beginning does not start", () => {
      const on = flashed();
      on.choose({ a: 0, p: 1 });
      assert.deepEqual(said(on), ["factory 2"]);
      const whole = image(say("one") + "//".padEnd(3 * board.machine.flash.page));
      on.fill(0, whole.subarray(0, whole.length - 2));
      on.fill(1, Buffer.concat([Buffer.alloc(16, 0xff), whole.subarray(16)]));
      assert.deepEqual(said(on), ["factory 2"]);
    });

    test("the previous image runs when the active one is damaged", () => {
      const on = flashed();
      on.fill(0, image(say("one")));
      on.fill(1, image(say("two")));
      on.choose({ a: 1, p: 0 });
      on.flip(on.slotAddress(1) + 1100 - 60);
      assert.deepEqual(said(on), ["one 0"]);
      on.flip(on.slotAddress(0) + 20);
      assert.deepEqual(said(on), ["factory 2"]);
    });

    test("an image that throws at its start has three tries, then the one before runs", () => {
      const on = flashed();
      on.fill(0, image(`${say("one")}throw new Error("one")`));
      on.fill(1, image(`${say("two")}throw new Error("two")`));
      on.choose({ a: 1, p: 0 });
      const order = [...Array(3).fill("two 1"), ...Array(3).fill("one 0"), "factory 2"];
      assert.deepEqual(said(on, { ms: 3000 }), order);
      assert.deepEqual(on.marks(), [4, 5, 6, 7, 8, 9]);
      assert.deepEqual(said(on), ["factory 2"]);
    });

    test("where such a failure can't be noted, the next one runs at once", () => {
      const on = flashed();
      on.fill(0, image(`${say("one")}throw new Error("one")`));
      on.choose({ a: 0 });
      assert.deepEqual(said(on, { hook: () => ({ kind: "skip" }) }), ["one 0", "factory 2"]);
    });

    test("a factory image that throws leaves the REPL", () => {
      const on = flashed('throw new Error("no use")');
      const driven = run(on, { ms: 1000 });
      assert.match(driven.output, /boot: factory: no use/);
      assert.deepEqual(driven.restarts, []);
      driven.type("6*7\n");
      driven.run(100);
      assert.match(driven.output, /=42/);
    });

    test("when nothing is whole, it says so and leaves the REPL", () => {
      const on = flashed();
      on.choose({ a: 0, p: 1, t: 1 });
      on.flip(on.store.find("factory")?.addr ?? 0, 1);
      const driven = run(on);
      assert.match(driven.output, /boot: no image is whole/);
      driven.type("6*7\n");
      driven.run(100);
      assert.match(driven.output, /=42/);
    });

    test("safe mode is for one start", () => {
      const on = flashed();
      on.fill(0, image(say("one")));
      on.choose({ a: 0, m: 1 });
      const driven = run(on);
      assert.match(driven.output, /boot: safe mode/);
      assert.deepEqual(saidBy(driven.output), []);
      assert.deepEqual(on.marks(), [10]);
      assert.deepEqual(said(on), ["one 0"]);
    });

    test("safe mode that can't be noted does not lock the board", () => {
      const on = flashed();
      on.fill(0, image(say("one")));
      on.choose({ a: 0, m: 1 });
      assert.deepEqual(said(on, { hook: () => ({ kind: "skip" }) }), ["one 0"]);
    });

    test("whatever byte of the journal is broken, the board starts", () => {
      const on = flashed();
      on.fill(0, image(say("old")));
      on.fill(1, image(say("new")));
      on.choose({ a: 0, t: 1 });
      on.choose({ a: 1, p: 0 });
      const known = /^(factory 2|old 0|new 1|new 1 trial)$/;
      for (let at = 0; at < 260; at++) {
        const bytes = on.flash.bytes.slice();
        on.flip(on.area + at, at % 8);
        const starts = said(on, { ms: 5 });
        assert.match(String(starts), known, `byte ${at}`);
        on.flash.bytes.set(bytes);
      }
    });

    test("a half-erased block of the journal does not matter beside a whole one", () => {
      const on = flashed();
      on.fill(1, image(say("new")));
      const journal = on.journal();
      journal.put("boot", { a: 1, p: -1, t: -1, s: 0 }, 12);
      let random = 1;
      const other = on.area + 4096 - on.flash.base;
      for (let i = 0; i < 50; i++) {
        for (let at = 0; at < 4096; at++) {
          random = (random * 1103515245 + 12345) >>> 0;
          if (at < i * 80) on.flash.bytes[other + at] = random >>> 16;
        }
        assert.deepEqual(said(on, { ms: 5 }), ["new 1"]);
      }
    });

    test("notes why only where there is room for it", () => {
      const on = flashed();
      on.fill(1, image('throw new Error("bad")'));
      const journal = on.journal();
      for (let size = 100; size < 1400; size += 13) {
        journal.put("plan", { text: "x".repeat(size) });
        on.choose({ a: 2, t: 1 });
        assert.deepEqual(said(on), ["factory 2"]);
        assert.match(on.journal().get("why").text, /^bad/);
        assert.equal(on.journal().get("plan").text.length, size);
      }
    });
  });
}

describe("what only a chip has", () => {
  let board: Board;
  let loader: Buffer;
  before(async () => {
    board = await loadBoard("esp32");
    loader = await buildLoader("esp32");
  });

  test("a trial that hangs is ended by the watchdog", () => {
    const on = new Flashed(board, loader, imageOf(board, say("factory")));
    on.fill(
      0,
      imageOf(board, `${say("new")}setTimeout(function(){for(;;){getTime();getTime()}},9)`),
    );
    on.choose({ a: 2, t: 0 });
    const driven = new DrivenBoard({ board, bytes: on.flash.bytes });
    // So that the endless loop comes to the watchdog's limit soon.
    driven.tick = 10;
    driven.powerOn();
    driven.run(20 * minute);
    assert.deepEqual(driven.restarts, ["watchdog", "watchdog", "watchdog"]);
    assert.deepEqual(saidBy(driven.output), [...Array(3).fill("new 0 trial"), "factory 2"]);
  });

  test("the button keeps the application from starting, once", () => {
    const on = new Flashed(board, loader, imageOf(board, say("factory")));
    const driven = new DrivenBoard({ board, bytes: on.flash.bytes });
    driven.lowPins.add(board.device.button);
    driven.powerOn();
    driven.run(100);
    assert.match(driven.output, /boot: safe mode/);
    assert.deepEqual(saidBy(driven.output), []);
    driven.lowPins.clear();
    driven.type("E.reboot()\n");
    driven.run(100);
    assert.deepEqual(saidBy(driven.output), ["factory 2"]);
  });
});
