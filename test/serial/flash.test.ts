/**
 * Flashing over a console: fresh boards, what stays and what goes, boards that do not suit, and what
 * a second run makes of a first one that was cut off.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import { ConsoleServer, type VirtualBoard } from "../../host/board/index.ts";
import type { Board as BoardFile } from "../../host/build/boards.ts";
import { type FlashOptions, flash, MismatchError } from "../../host/flash/index.ts";
import { insistOnAnswer } from "../../host/flash/insist.ts";
import {
  type Board,
  BoardError,
  listFiles,
  openBoard,
  readFile,
  writeFile,
  writeFlash,
} from "../../host/serial/index.ts";
import { closeLater, printed, start } from "../board/started.ts";
import { buildLoader } from "../boot/loader-file.ts";
import { InterpreterRepl, noInterpreter } from "./interpreter.ts";
import { Wire } from "./wire.ts";

const folder = mkdtempSync(join(tmpdir(), "flash-"));
after(() => rmSync(folder, { recursive: true }));

/** Steps and warnings of a run. */
class Log {
  readonly lines: string[] = [];
  step(text: string): void {
    this.lines.push(text);
  }
  warn(text: string): void {
    this.lines.push(`warning: ${text}`);
  }
  progress(): void {}
}

/** A firmware that says a word; `pad` makes it larger by what can't be compressed. */
async function firmware(board: string, word: string, pad = 3000) {
  const boot0 = join(folder, `${board}.boot0.js`);
  const file = join(folder, `${board}.${word}.js`);
  writeFileSync(boot0, await buildLoader(board));
  writeFileSync(file, `print("#${word} "+boot.slot);"${padding(word, pad)}";`);
  return { board, boot0, firmware: file };
}

function padding(word: string, length: number): string {
  const bytes = createHash("shake256", { outputLength: length }).update(word).digest();
  return bytes.toString("base64").slice(0, length);
}

async function options(
  board: BoardFile,
  word: string,
  more: Partial<FlashOptions> = {},
): Promise<FlashOptions & { reporter: Log }> {
  const { device, machine } = board;
  const build = await firmware(device.name, word);
  return { device, machine, build, ...more, reporter: new Log() };
}

async function connect(virtual: VirtualBoard): Promise<Board> {
  const server = new ConsoleServer(virtual);
  closeLater(server);
  const board = await openBoard(`tcp://127.0.0.1:${await server.listen()}`);
  closeLater(board);
  return board;
}

const runs = (word: string) => new RegExp(`#${word} 2\r`);

for (const board of [esp32, linux]) {
  test(`${board.device.name}: fresh, the same again, and another firmware`, async () => {
    const virtual = await start("", { board });
    const port = await connect(virtual);
    const beforeRestart = () => writeFile(port, "users", Buffer.from("kept")).then(() => {});
    const first = await flash(port, await options(board, "one", { beforeRestart }));
    const files = ["factory", "slot.a", "slot.b", ".boot0"];
    assert.deepEqual(first.sent, board === linux ? ["area", ...files] : files);
    await printed(virtual, runs("one"));

    const again = await options(board, "one");
    const same = await flash(port, again);
    assert.deepEqual([same.sent, same.figures], [[], []], "nothing is sent again");
    assert.ok(again.reporter.lines.some((line) => /holds this firmware already/.test(line)));

    // What an update left.
    const journal = board.machine.flash.raw?.start ?? board.machine.flash.storage.start + 1024;
    await writeFlash(port, journal, Buffer.from("a journal"));
    await writeFlash(port, journal + 8192, Buffer.from("settings"));
    virtual.heard = "";
    const other = await flash(port, await options(board, "two"));
    assert.deepEqual(other.sent, ["factory", ".boot0"]);
    await printed(virtual, runs("two"));
    const first8 = (at: number) => port.query(`E.toString(require("Flash").read(8,${at}))`);
    assert.equal(await first8(journal), "\xff".repeat(8));
    assert.equal(await first8(journal + 8192), "settings");
    assert.equal(String(await readFile(port, "users")), "kept");

    await flash(port, await options(board, "two", { erase: true }));
    assert.ok(!(await listFiles(port)).includes("users"));
    await assert.rejects(async () => {
      // A script that throws at its start is given up by the loader.
      const broken = await options(board, "two");
      writeFileSync(broken.build.firmware, 'throw "broken"');
      await flash(port, broken);
    }, /did not start the firmware: it says "boot: /);
  });
}

test("Storage full of what was deleted is tidied", async () => {
  const virtual = await start("", { board: esp32 });
  const port = await connect(virtual);
  for (let i = 0; i < 4; i++) {
    await port.query(
      `require("Storage").write("big","${i}",0,200000);require("Storage").erase("big")`,
    );
  }
  const made = await options(esp32, "one");
  await flash(port, made);
  assert.ok(made.reporter.lines.some((line) => /old files/.test(line)));
  await printed(virtual, runs("one"));
});

describe("a board that does not suit is left as it is", () => {
  const { machine, device } = esp32;
  const cases: [what: string, board: BoardFile, says: RegExp][] = [
    [
      "another board",
      { device, machine: { ...machine, interpreter: { board: "ESP32C3_IDF4", version: "2v30" } } },
      /is a ESP32C3_IDF4, and esp32 is for ESP32: .*--board esp32c3/,
    ],
    [
      "an old interpreter",
      { device, machine: { ...machine, interpreter: { board: "ESP32", version: "2v19" } } },
      /2v19 is too old: 2v20 or later.*--interpreter FILE/,
    ],
    [
      "too few JsVars",
      { device, machine: { ...machine, jsVars: { total: 1000, bytes: 14 } } },
      /JsVars free: 1500 needed.*--erase/,
    ],
  ];
  for (const [what, board, says] of cases) {
    test(what, async () => {
      const port = await connect(await start("", { board }));
      const boardsFor = (name: string) => (name === "ESP32C3_IDF4" ? ["esp32c3"] : []);
      const error = await flash(port, await options(esp32, "one", { boardsFor })).then(
        () => assert.fail("it was flashed"),
        (thrown) => thrown,
      );
      assert.ok(error instanceof MismatchError, String(error));
      assert.match(error.message, says);
      assert.equal(error.exitCode, 6);
      assert.deepEqual(await listFiles(port), [".boot0"]);
    });
  }

  test("a missing module", async () => {
    const port = await connect(await start("", { board: esp32 }));
    const needs = device.needs();
    const more = { ...needs, modules: [...needs.modules, "Teleport"] };
    const wanting = { machine, device: { ...device, needs: () => more } };
    const made = await options(wanting, "one");
    await assert.rejects(flash(port, made), /no module Teleport.*official build/);
  });
});

test("a script that does not return is interrupted", async () => {
  const virtual = await start("for(;;);", { board: esp32 });
  const server = new ConsoleServer(virtual);
  closeLater(server);
  const log = new Log();
  const port = await openBoard(`tcp://127.0.0.1:${await server.listen()}`, { patience: 0 });
  closeLater(port);
  await insistOnAnswer(port, log, 500);
  assert.match(log.lines.join("\n"), /interrupting what runs/);
  await flash(port, await options(esp32, "one"));
  await printed(virtual, runs("one"));
});

test("an application that floods the console", async () => {
  const flood = 'setInterval(function(){for(var i=0;i<30;i++)print("flood "+i)},1)';
  const virtual = await start(flood, { board: esp32 });
  await flash(await connect(virtual), await options(esp32, "one"));
  await printed(virtual, runs("one"));
});

describe("over a wire of 115200 baud", { skip: noInterpreter() }, () => {
  /** Cuts the connection after so many bytes of the image; then flashes as if nothing had been. */
  async function cutAndRepair(end: VirtualBoard | InterpreterRepl, board: BoardFile, word: string) {
    const made = await options(board, word);
    let wire = await Wire.open(end, { baud: 115200 });
    let port = await openBoard(wire.path);
    const cutting = {
      ...made,
      reporter: Object.assign(new Log(), { progress: () => void wire.close() }),
    };
    await assert.rejects(
      flash(port, cutting),
      (error) => error instanceof BoardError && error.exitCode === 7,
    );
    await port.close();
    wire = await Wire.open(end, { baud: 115200 });
    closeLater(wire);
    port = await openBoard(wire.path);
    closeLater(port);
    assert.ok(!(await listFiles(port)).includes(".boot0"), "a half-flashed board would start");
    const result = await flash(port, made);
    assert.ok(result.sent.includes("factory"));
    assert.match(result.said, runs(word));
    assert.equal(await port.query("boot.slot"), 2);
  }

  /**
   * The same where input may get stuck: the Linux port's thread that reads it shares a queue with the
   * interpreter without a lock. As a person does then: unplug, plug in, run it again.
   */
  async function withNewPower(
    repl: InterpreterRepl,
    work: (attempt: number) => Promise<void>,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(attempt);
      } catch (error) {
        const isStuck = error instanceof BoardError && error.trouble === "silent";
        if (!isStuck || attempt === 3) throw error;
        repl.cyclePower();
      }
    }
  }

  test("unplugged in the middle, the next run repairs", async () => {
    await cutAndRepair(await start("", { board: esp32 }), esp32, "one");
  });

  test("a chip's own USB, which vanishes over the restart", async () => {
    const virtual = await start("", { board: esp32 });
    const first = await Wire.open(virtual);
    closeLater(first);
    virtual.onRestart(() => void first.close());
    const reopen = async () => {
      const second = await Wire.open(virtual);
      closeLater(second);
      return openBoard(second.path);
    };
    const port = await openBoard(first.path);
    const { board } = await flash(port, { ...(await options(esp32, "one")), reopen });
    closeLater(board);
    assert.notEqual(board, port);
    assert.equal(await board.query("boot.slot"), 2);
  });

  test("unplugged in the middle, with the real interpreter", async () => {
    const repl = new InterpreterRepl();
    closeLater(repl);
    await withNewPower(repl, (attempt) => cutAndRepair(repl, linux, `try${attempt}`));
  });
});
