/**
 * A new image on trial in the loader's hands: its starts, how it fails, what is kept of that.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DrivenBoard } from "../../host/board/index.ts";
import { LoaderRun, saidBy, say } from "./loader-run.ts";

const minute = 60_000;

for (const name of ["esp32", "linux"]) {
  const { board, flashed, image, run, said } = await LoaderRun.on(name);
  describe(`a trial on ${name}`, () => {
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
      assert.match(text, /^no +sensor +at \S*:3:/);
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

test("a trial that hangs is ended by the watchdog", async () => {
  const { board, flashed, image } = await LoaderRun.on("esp32");
  const on = flashed();
  on.fill(0, image(`${say("new")}setTimeout(function(){for(;;){getTime();getTime()}},9)`));
  on.choose({ a: 2, t: 0 });
  const driven = new DrivenBoard({ board, bytes: on.flash.bytes });
  // So that the endless loop comes to the watchdog's limit soon.
  driven.tick = 10;
  driven.powerOn();
  driven.run(20 * minute);
  assert.deepEqual(driven.restarts, ["watchdog", "watchdog", "watchdog"]);
  assert.deepEqual(saidBy(driven.output), [...Array(3).fill("new 0 trial"), "factory 2"]);
});
