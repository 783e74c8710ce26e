/**
 * The loader on the real interpreters: each kind of start and of end that an image can have.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { createInterpreterBoard } from "../../host/board/index.ts";
import { type Board, loadBoard } from "../../host/build/boards.ts";
import { interpreters, noInterpreter } from "../mqtt/interpreter.ts";
import { Flashed, imageOf } from "./flashed.ts";
import { buildLoader } from "./loader-file.ts";

const say = (text: string) => `print("#${text} "+boot.slot+(boot.trial?" trial":""));`;

if (noInterpreter) test("the loader on the interpreter", { skip: noInterpreter }, () => {});

for (const engine of interpreters()) {
  describe(`the loader on ${engine.name}`, () => {
    let board: Board;
    let loader: Buffer;
    before(async () => {
      board = await loadBoard("linux");
      loader = await buildLoader("linux");
    });

    const flashed = (factory = say("factory")) =>
      new Flashed(board, loader, imageOf(board, factory));
    const fill = (on: Flashed, slot: 0 | 1, script: string) =>
      on.fill(slot, imageOf(board, script));

    /** Switches on until the console has said the last of these, then off; what it said. */
    const start = async (on: Flashed, last: string): Promise<string> => {
      const folder = mkdtempSync(join(tmpdir(), "loader-"));
      const flash = join(folder, "espruino.flash");
      writeFileSync(flash, on.flash.bytes);
      const made = createInterpreterBoard({
        board,
        flash,
        interpreter: engine.command[0] as string,
      });
      let heard = "";
      const said = new Promise<void>((resolve, reject) => {
        made.onConsole((text) => {
          heard += text;
          if (heard.includes(last)) resolve();
        });
        made.onRestart((cause) => reject(new Error(`${cause}: ${heard}`)));
        setTimeout(() => reject(new Error(`no "${last}": ${heard}`)), 10_000).unref();
      });
      try {
        await made.powerOn();
        await said;
      } finally {
        await made.close();
        on.flash.bytes.set(readFileSync(flash));
        rmSync(folder, { recursive: true });
      }
      return heard;
    };
    const said = async (on: Flashed, last: string) =>
      [...(await start(on, last)).matchAll(/^\S*#(.+?)\r?\n/gm)].map((match) => match[1]);

    test("starts the factory image without a journal", async () => {
      assert.deepEqual(await said(flashed(), "factory 2\r\n"), ["factory 2"]);
    });

    test("runs an image of 40 KB in place, its names global", async () => {
      const on = flashed();
      const functions = Array.from({ length: 600 }, (_, i) => `function f${i}(a){return a+${i}}`);
      const filler = `//${"x".repeat(60)}\n`.repeat(300);
      fill(
        on,
        1,
        `${functions.join("\n")}\n${filler}setTimeout(function(){print("#sum "+(f599(1)+f7(2))+" "+(process.memory().usage<6000))},5)`,
      );
      on.choose({ a: 1 });
      assert.deepEqual(await said(on, "#sum 609 true\r\n"), ["sum 609 true"]);
    });

    test("tries a new image three times, then goes back", async () => {
      const on = flashed();
      fill(on, 0, say("old"));
      fill(on, 1, say("new"));
      on.choose({ a: 0, t: 1 });
      for (let i = 0; i < 3; i++) assert.deepEqual(await said(on, "trial\r\n"), ["new 1 trial"]);
      assert.deepEqual(on.marks(), [0, 1, 2]);
      assert.deepEqual(await said(on, "old 0\r\n"), ["old 0"]);
    });

    test("gives up a trial that throws at its start, and keeps why", async () => {
      const on = flashed();
      fill(on, 1, `${say("new")}\nthrow new TypeError("no sensor")`);
      on.choose({ a: 2, t: 1 });
      assert.deepEqual(await said(on, "factory 2\r\n"), ["new 1 trial", "factory 2"]);
      assert.deepEqual(on.marks(), [0, 3]);
      assert.match(on.journal().get("why").text, /^no sensor +at /);
    });

    test("gives up a trial with a syntax error, or that throws something odd", async () => {
      for (const script of ["function (", 'throw "text"', "throw undefined", "throw {}"]) {
        const on = flashed();
        fill(on, 1, script);
        on.choose({ a: 2, t: 1 });
        assert.deepEqual(await said(on, "factory 2\r\n"), ["factory 2"], script);
        assert.deepEqual(on.marks(), [0, 3], script);
        assert.equal(on.journal().get("why").slot, 1);
      }
    });

    test("gives up a trial that throws later, but not for what TLS reports", async () => {
      const on = flashed();
      const later = (text: string, ms: number) =>
        `setTimeout(function(){print("#"+"${text}");throw new Error("${text}")},${ms});`;
      fill(on, 1, say("new") + later("mbedtls_ssl_handshake: -0x7780", 20) + later("late", 100));
      on.choose({ a: 2, t: 1 });
      const order = ["new 1 trial", "mbedtls_ssl_handshake: -0x7780", "late", "factory 2"];
      assert.deepEqual(await said(on, "factory 2\r\n"), order);
      assert.match(on.journal().get("why").text, /^late /);
    });

    test("gives up a trial that resets endlessly", async () => {
      const on = flashed();
      fill(on, 0, `${say("new")}setTimeout(function(){reset()},20)`);
      on.choose({ a: 2, t: 0 });
      const order = [...Array(3).fill("new 0 trial"), "factory 2"];
      assert.deepEqual(await said(on, "factory 2\r\n"), order);
    });

    test("goes from a failing active image to the previous one, then to the factory's", async () => {
      const on = flashed();
      fill(on, 0, `${say("one")}throw new Error("one")`);
      fill(on, 1, `${say("two")}throw new Error("two")`);
      on.choose({ a: 1, p: 0 });
      const order = [...Array(3).fill("two 1"), ...Array(3).fill("one 0"), "factory 2"];
      assert.deepEqual(await said(on, "factory 2\r\n"), order);
    });

    test("a damaged image never starts", async () => {
      const on = flashed();
      fill(on, 0, say("one"));
      fill(on, 1, say("two"));
      on.choose({ a: 1, p: 0 });
      on.flip(on.slotAddress(1) + 1030);
      assert.deepEqual(await said(on, "one 0\r\n"), ["one 0"]);
      on.flip(on.slotAddress(0) + 40);
      assert.deepEqual(await said(on, "factory 2\r\n"), ["factory 2"]);
      on.flip(on.store.find("factory")?.addr ?? 0);
      assert.match(await start(on, "whole\r\n"), /boot: no image is whole/);
    });

    test("safe mode is for one start", async () => {
      const on = flashed();
      on.choose({ a: 2, m: 1 });
      assert.match(await start(on, "mode\r\n"), /boot: safe mode/);
      assert.deepEqual(on.marks(), [10]);
      assert.deepEqual(await said(on, "factory 2\r\n"), ["factory 2"]);
    });
  });
}
