/**
 * Measures what an update does with an image of `size` bytes. Prints, for each round, microseconds
 * and flash traffic: `bare US`, `least US` (each piece
 * to flash, nothing else), `dropped US` (over HTTP, into a sink that drops it), `flash US` (the
 * native calls alone, that erase and write as much), `http US ERASES WRITTEN`, `blocks US ERASES
 * WRITTEN`; then `memory-http JSVARS` and `memory-blocks JSVARS` above the idle program, the most between and within
 * pieces; then `same ERASES WRITTEN` of a download of what is there already; then
 * `sha256 US`, `md5 US` and `md5-turn US` for the longest turn, `rsa US RESULT` and `memory-rsa JSVARS`;
 * and `end`.
 * @module
 */
import { device } from "#board";
import { setLogLevel } from "../../../src/debug/log.ts";
import { md5Of } from "../../../src/digest/md5-turns.ts";
import { verifyRsa } from "../../../src/digest/rsa.ts";
import { HttpDownload } from "../../../src/http/download.ts";
import type { Sink } from "../../../src/http/sink.ts";
import { link } from "../../../src/link/index.ts";
import { MqttClient } from "../../../src/mqtt/client.ts";
import { BlockDownload } from "../../../src/ota/blocks.ts";
import type { Failure } from "../../../src/ota/failure.ts";
import { sha256Hex } from "../../../src/ota/verify.ts";
import { SlotWriter } from "../../../src/ota/writer.ts";
import { openSlot, type Slot } from "../../../src/store/containers.ts";
import { flashCounts } from "../../../src/store/flash.ts";
import { hexToBytes } from "../../../src/text/hex.ts";
import { toJson } from "../../../src/text/json.ts";

interface Settings {
  /** Ports of the file server and of the MQTT peer; files `/0`, `/1`, … of `size` bytes. */
  http: number;
  mqtt: number;
  files: number;
  size: number;
  slotBytes: number;
  modulus: string;
  /** In hexadecimal. */
  signature: string;
  digest: string;
}

const settings: Settings = global.settings;
let slot: Slot;
let file = 0;
let since = 0;
let idle = 0;
let most = 0;
let blocks: BlockDownload | undefined;

/** Microseconds since the last call. */
function lap(): number {
  const now = getTime();
  const us = Math.round((now - since) * 1000000);
  since = now;
  return us;
}

function look(): void {
  most = Math.max(most, process.memory(false).usage);
}

class Target implements Sink {
  readonly size = settings.size;
  private readonly watched: boolean;
  private readonly writer: SlotWriter;

  constructor(watched: boolean) {
    this.watched = watched;
    this.writer = new SlotWriter(slot, device.flash.page, this);
    this.writer.begin(0);
  }

  get position(): number {
    return this.writer.position;
  }

  onPage(): void {}

  accept(bytes: string): number {
    if (this.watched) look();
    const result = this.writer.write(bytes);
    if (this.watched) look();
    return result;
  }
}

/** Takes a file and keeps nothing. */
class Drop implements Sink {
  readonly size = settings.size;
  position = 0;

  accept(bytes: string): number {
    this.position += bytes.length;
    return 0;
  }
}

function traffic(): string {
  return " " + flashCounts.erases + " " + flashCounts.written;
}

/** Reads the present file off a socket with as little as that takes; `take` gets the pieces. */
function readRaw(word: string, take: (data: string) => void, next: () => void): void {
  let bytes = 0;
  lap();
  const socket = require("net").connect({ host: "127.0.0.1", port: settings.http }, () => {
    socket.write("GET /" + file + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  });
  socket.on("data", (data) => {
    bytes += data.length;
    take(data);
  });
  socket.on("close", () => {
    print(word + " " + lap());
    if (bytes < settings.size) print("Uncaught file of " + bytes + " bytes");
    socket.removeAllListeners();
    setTimeout(next, 20);
  });
}

function bare(): void {
  readRaw("bare", () => {}, least);
}

/** The response, head and all, into the flash as it comes: no download can take less. */
function least(): void {
  const flash = require("Flash");
  let at = 0;
  let erased = 0;
  const take = (data: string) => {
    const end = at + data.length;
    if (end > settings.size) return;
    for (; erased < end; erased += device.flash.page) flash.erasePage(slot.address + erased);
    flash.write(data, slot.address + at);
    at = end;
  };
  readRaw("least", take, dropped);
}

/** Downloads the present file. */
function fetchHttp(sink: Sink, over: () => void): void {
  const url = "http://127.0.0.1:" + settings.http + "/" + file;
  begin();
  new HttpDownload(url, sink, { downloaded: (failure) => ended(failure, over) }).start();
}

function dropped(): void {
  fetchHttp(new Drop(), () => {
    print("dropped " + lap());
    setTimeout(flashAlone, 20);
  });
}

function flashAlone(): void {
  const flash = require("Flash");
  // As much as a socket gives at a time.
  const piece = "\x55".repeat(512);
  lap();
  for (let at = 0; at < settings.size; at += 512) {
    if (at % device.flash.page === 0) flash.erasePage(slot.address + at);
    flash.write(piece, slot.address + at);
  }
  print("flash " + lap());
  setTimeout(http, 20);
}

function fetchBlocks(watched: boolean, over: () => void): void {
  begin();
  const owner = {
    askBlock: ask,
    downloaded(failure: Failure | null) {
      blocks = undefined;
      ended(failure, over);
    },
  };
  blocks = new BlockDownload(owner, device.blockBytes, new Target(watched));
  blocks.start();
}

function begin(): void {
  flashCounts.erases = flashCounts.written = 0;
  lap();
}

function ended(failure: Failure | null, over: () => void): void {
  if (failure) print("Uncaught " + failure.text);
  over();
}

function ask(offset: number, bytes: number): boolean {
  const request = { id: file, fileBlock: { size: bytes, offset: offset } };
  return client.publishText("ask", toJson(request), 0) >= 0;
}

function http(): void {
  fetchHttp(new Target(false), () => {
    print("http " + lap() + traffic());
    // The slot holds this file now: the next download brings another.
    file++;
    setTimeout(inBlocks, 20);
  });
}

function inBlocks(): void {
  fetchBlocks(false, () => {
    print("blocks " + lap() + traffic());
    file++;
    setTimeout(file + 1 < settings.files ? bare : memoryHttp, 20);
  });
}

function memoryHttp(): void {
  file = 0;
  most = 0;
  idle = process.memory().usage;
  fetchHttp(new Target(true), () => {
    print("memory-http " + (most - idle));
    setTimeout(memoryBlocks, 20);
  });
}

function memoryBlocks(): void {
  file = 1;
  most = 0;
  idle = process.memory().usage;
  fetchBlocks(true, () => {
    print("memory-blocks " + (most - idle));
    setTimeout(same, 20);
  });
}

function same(): void {
  fetchHttp(new Target(false), () => {
    print("same" + traffic());
    setTimeout(digests, 20);
  });
}

function digests(): void {
  lap();
  sha256Hex(slot.read(0, settings.size));
  print("sha256 " + lap());
  let longest = 0;
  let last = since;
  md5Of(
    (offset, length) => {
      const now = getTime();
      longest = Math.max(longest, now - last);
      last = now;
      return slot.read(offset, length);
    },
    0,
    settings.size,
    () => {
      print("md5 " + lap());
      print("md5-turn " + Math.round(longest * 1000000));
      setTimeout(rsa, 20, false);
    },
  );
}

function rsa(watched: boolean): void {
  const signature = hexToBytes(settings.signature);
  const digest = hexToBytes(settings.digest);
  most = 0;
  idle = process.memory().usage;
  const watching = watched ? setInterval(look, 1) : 0;
  lap();
  verifyRsa(settings.modulus, signature, digest, (ok) => {
    if (!watched) {
      print("rsa " + lap() + " " + ok);
      setTimeout(rsa, 20, true);
      return;
    }
    clearInterval(watching);
    print("memory-rsa " + (most - idle));
    print("end");
  });
}

const client = new MqttClient(
  {
    dial: () => require("net").connect({ host: "127.0.0.1", port: settings.mqtt }),
    credentials: () => ({ clientId: "bench", username: "user", password: "password" }),
    keepalive: 60,
    cleanSession: true,
  },
  {
    onMessage: (_topic, payload) => blocks && blocks.accept(payload),
    onOnline: () => setTimeout(bare, 20),
    onOffline: () => print("Uncaught offline"),
  },
);

function start(): void {
  setLogLevel("off");
  require("Storage").write("slot.a", "x", 0, settings.slotBytes + device.flash.page);
  slot = openSlot(0) as Slot;
  link.up(global.settings);
  client.start();
}

start();
