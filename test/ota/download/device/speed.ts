/**
 * Measures a download over HTTP into a slot against a bare loop that reads the same file from the
 * same kind of socket and drops it. Prints `bare US BYTES`, `http US BYTES ERASES WRITTEN` for each
 * round, then `memory JSVARS` above the idle program, and `end`.
 * @module
 */
import { device } from "#board";
import { setLogLevel } from "../../../../src/debug/log.ts";
import { link } from "../../../../src/link/index.ts";
import { HttpDownload } from "../../../../src/ota/http.ts";
import type { Sink } from "../../../../src/ota/sink.ts";
import { SlotWriter } from "../../../../src/ota/writer.ts";
import { openSlot, type Slot } from "../../../../src/store/containers.ts";
import { flashCounts } from "../../../../src/store/flash.ts";

/** `paths`: of one file a round, all of `size` bytes. */
const settings: { port: number; paths: string[]; size: number; slotBytes: number } =
  global.settings;

let slot: Slot;
let round = 0;
let since = 0;
let idle = 0;
let most = 0;

/** Microseconds since the last call. */
function lap(): number {
  const now = getTime();
  const us = Math.round((now - since) * 1000000);
  since = now;
  return us;
}

class Target implements Sink {
  readonly size = settings.size;
  readonly watched: boolean;
  private readonly writer: SlotWriter;

  constructor(watched: boolean) {
    this.watched = watched;
    this.writer = new SlotWriter(slot, device.flash.page, () => {});
    this.writer.begin(0);
  }

  get position(): number {
    return this.writer.position;
  }

  accept(bytes: string): number {
    const result = this.writer.write(bytes);
    if (this.watched) most = Math.max(most, process.memory(false).usage);
    return result;
  }
}

function bare(): void {
  let bytes = 0;
  lap();
  const socket = require("net").connect({ host: "127.0.0.1", port: settings.port }, () => {
    socket.write("GET " + settings.paths[round] + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  });
  socket.on("data", (data) => {
    bytes += data.length;
  });
  socket.on("close", () => {
    print("bare " + lap() + " " + bytes);
    socket.removeAllListeners();
    setTimeout(http, 20);
  });
}

function http(): void {
  flashCounts.erases = 0;
  flashCounts.written = 0;
  lap();
  fetch(new Target(false), () => {
    print(
      "http " + lap() + " " + settings.size + " " + flashCounts.erases + " " + flashCounts.written,
    );
    round++;
    setTimeout(round < settings.paths.length ? bare : memory, 20);
  });
}

function fetch(target: Target, done: () => void): void {
  const url = "http://127.0.0.1:" + settings.port + settings.paths[round];
  new HttpDownload(url, target, (failure) => {
    if (failure) print("Uncaught " + failure.text);
    else done();
  }).start();
}

function memory(): void {
  round = 0;
  idle = process.memory().usage;
  fetch(new Target(true), () => {
    print("memory " + (most - idle));
    print("end");
  });
}

function start(): void {
  setLogLevel("off");
  require("Storage").write("slot.a", "x", 0, settings.slotBytes + device.flash.page);
  slot = openSlot(0) as Slot;
  link.up(global.settings);
  setTimeout(bare, 20);
}

start();
