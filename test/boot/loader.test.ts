/**
 * The loader on the driven board: which image it starts, whatever journal and images are like.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DrivenBoard } from "../../host/board/index.ts";
import { LoaderRun, saidBy, say } from "./loader-run.ts";

for (const name of ["esp32", "linux"]) {
  const { board, flashed, image, loader, run, said } = await LoaderRun.on(name);
  describe(`the loader on ${name}`, () => {
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
  });
}

test("the button keeps the application from starting, once", async () => {
  const { board, flashed } = await LoaderRun.on("esp32");
  const on = flashed();
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
