/**
 * Saved sources run on a virtual board; what fails leaves it as it is.
 * @module
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createVirtualBoard, type VirtualBoard } from "../../host/board/index.ts";
import { type Board as BoardFile, loadBoard } from "../../host/build/boards.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { flash } from "../../host/flash/index.ts";
import { connectBoard } from "../../host/monitor/index.ts";
import { type Board, openBoard } from "../../host/serial/index.ts";
import { type WatchEvent, watchSources } from "../../host/watch/index.ts";

const folder = mkdtempSync(join(tmpdir(), "watch-"));
const sources = join(folder, "src");
let file: BoardFile;
let machine: VirtualBoard;
let board: Board;

before(async () => {
  mkdirSync(join(sources, "app"), { recursive: true });
  copyFileSync((await build({ board: "linux", quiet: true })).boot0, join(folder, "boot0.js"));
  file = await loadBoard("linux");
  machine = createVirtualBoard({ board: file, flash: join(folder, "espruino.flash") });
  await machine.powerOn();
  board = await openBoard(connectBoard(machine, "the virtual board"));
});
after(async () => {
  await board.close();
  await machine.close();
  rmSync(folder, { recursive: true });
});

/** What is watched: events in order, and how to wait for the next of a kind. */
class Events {
  readonly all: WatchEvent[] = [];
  private seen = 0;
  private look = () => {};

  readonly hear = (event: WatchEvent): void => {
    this.all.push(event);
    this.look();
  };

  async next<K extends WatchEvent["kind"]>(kind: K): Promise<WatchEvent & { kind: K }> {
    for (;;) {
      const event = this.all[this.seen];
      if (event) {
        this.seen++;
        if (event.kind === kind) return event as WatchEvent & { kind: K };
      } else {
        await new Promise<void>((resolve) => {
          this.look = resolve;
        });
      }
    }
  }
}

/** A build whose firmware only says which one it is. */
function buildOf(version: string): BuildResult {
  const firmware = join(folder, "firmware.js");
  writeFileSync(firmware, `global.version=${JSON.stringify(version)};print("#runs "+version)`);
  const sizes = { source: 1, minified: 1, packed: 1, gzip: 1, slot: 1 };
  const boot0 = join(folder, "boot0.js");
  return { board: "linux", dir: folder, firmware, boot0, map: `${firmware}.map`, sizes };
}

test("what is saved runs on the board; what is wrong does not touch it", async () => {
  const events = new Events();
  const ended = new AbortController();
  let wanted = "one";
  const watching = watchSources({
    folders: [sources],
    build: async () => {
      if (wanted === "broken") throw new Error("src/app/app.ts:1:1 no");
      return buildOf(wanted);
    },
    deploy: async (build) => {
      const reporter = { step() {}, progress() {}, warn() {} };
      await flash(board, { ...file, build, reporter });
    },
    onEvent: events.hear,
    signal: ended.signal,
  });
  const save = (name: string) => writeFileSync(join(sources, "app", name), wanted);
  const running = () => board.evaluate("version");

  await events.next("running");
  assert.equal(await running(), "one");

  wanted = "broken";
  save("app.ts");
  assert.deepEqual((await events.next("changed")).files, ["src/app/app.ts"]);
  const failed = await events.next("failed");
  assert.equal(failed.step, "build");
  assert.match(failed.error.message, /app\.ts:1:1/);
  assert.equal(await running(), "one");

  wanted = "two";
  save("app.ts");
  await events.next("running");
  assert.equal(await running(), "two");
  ended.abort();
  await watching;
});

test("saves in a row are one change, and what editors write beside is none", async () => {
  const events = new Events();
  const ended = new AbortController();
  let builds = 0;
  let release = () => {};
  const watching = watchSources({
    folders: [sources],
    build: async () => {
      builds++;
      if (builds === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return buildOf("x");
    },
    deploy: async () => {},
    onEvent: events.hear,
    signal: ended.signal,
  });
  for (const name of [".app.ts.swp", "app.ts~", "#app.ts#", "note.txt", "a.ts", "b.json"]) {
    writeFileSync(join(sources, name), "");
  }
  const { files } = await events.next("changed");
  assert.deepEqual(files.sort(), ["src/a.ts", "src/b.json"]);
  // Saved while the first build is under way: one more build, not two.
  release();
  await events.next("running");
  await events.next("running");
  ended.abort();
  await watching;
  assert.equal(builds, 2);
});
