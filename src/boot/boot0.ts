/**
 * The loader, Storage file `.boot0`: runs at every start, before anything else, and starts the image
 * that the journal says, in place. It is flashed once and never updated, so it is small and trusts
 * nothing that it reads. Format of the journal: `src/store/journal.ts`; of images: `src/ota/image.ts`.
 *
 * Marks of the record `boot`: 0-2 starts of the trial, 3 it failed, 4-6 the active image failed at
 * its start, 7-9 the previous one did, 10 safe mode was obeyed.
 * @module
 */
import { device } from "#board";

const storage = require("Storage");
const flash = require("Flash");
const page = device.flash.page;
const area = device.flash.raw || device.flash.storage.start + page;
const names = ["slot.a", "slot.b", "factory"];

/** Sees the global scope, as the script it runs is to. */
const run = eval;

/** The journal's record `boot`, its marks, and the address of those. */
let record: any = {};
let marks = "";
let marksAt = 0;
/** Where the journal goes on; 0 when there is no blank room for a record `why`. */
let endAt = 0;
/** The image looked at: its file, place and size of the script in there. */
let name = "";
let from = 0;
let size = 0;

function hexAt(text: string, at: number, digits: number): number {
  return parseInt(text.substr(at, digits), 16);
}

/** Reads the newer block's last record `boot`; a line that does not fit ends a block. */
function readJournal(): void {
  let newest = -1;
  for (let at = area; at < area + 8192; at += 4096) {
    const text = E.toString(flash.read(4096, at)) as string;
    for (let p = 0; ; ) {
      const n = hexAt(text, p + 8, 3);
      const next = p + 17 + n + hexAt(text, p + 11, 2);
      if (
        hexAt(text, p, 8) !== E.CRC32(text.substr(p + 8, n + 5)) ||
        text.charCodeAt(next - 1) !== 10
      ) {
        break;
      }
      const found = JSON.parse(text.substr(p + 13, n));
      if (!p) {
        if (found.seq <= newest) break;
        newest = found.seq;
      }
      // A header stands for no record: it names no slot.
      if (!p || found.k === "boot") {
        record = found;
        marksAt = at + p + 13 + n;
        marks = text.substr(p + 13 + n, 11);
      }
      p = next;
      endAt = p < 3836 && text.charCodeAt(p) > 254 ? at + p : 0;
    }
  }
}

function isSet(mark: number): boolean {
  return marks.charCodeAt(mark) < 255;
}

/** What came of it shows when it is read. */
function write(bytes: string, at: number): void {
  try {
    if (at) flash.write(bytes, at);
  } catch (_error) {}
}

/** Sets the first mark from here on that is not set; false: it can't be read back. */
function markNext(mark: number): boolean {
  while (isSet(mark)) mark++;
  write("\0", marksAt + mark);
  readJournal();
  return isSet(mark);
}

/** Finds the image in its file, which holds it at its first whole page; whether it is undamaged. */
function isWhole(): boolean {
  try {
    const at = (storage.read(name, 0, page + 8) as string).indexOf("ALIIMG1\n");
    const head = storage.read(name, at, 768) as string;
    const text = head.substr(16);
    const header = JSON.parse(text);
    from = at + 1024;
    size = header.entries[0].size;
    const body = storage.read(name, from, header.size) as string;
    const digest = new Uint8Array(require("crypto").SHA256(body));
    for (let i = 0; i < 32; i++) if (digest[i] !== hexAt(header.sha256, 2 * i, 2)) return false;
    return E.CRC32(text) === hexAt(head, 8, 8);
  } catch (_error) {
    return false;
  }
}

/**
 * Restarts the board; where that takes effect later, the caller must come to its end. A `load` that is
 * asked for while a `load` runs the boot files would be lost.
 */
function restart(): boolean {
  if (device.reboots) E.reboot();
  else setTimeout(load, 1);
  return true;
}

/** Prints why an image is given up; a trial is marked so, with a record `why`, and left. */
function giveUp(error: any): any {
  const boot = global.boot;
  const thrown = error || 0;
  const text = ((thrown.message || error) + " " + (thrown.stack || ""))
    .replace(/[^!#-\x5b\x5d-~]+/g, " ")
    .substr(0, 200);
  print("boot: " + names[boot.slot] + ": " + text);
  // What an attempt at TLS reports as uncaught is no fault of the image.
  if (!boot.trial || isSet(3) || text.startsWith("mbedtls")) return;
  markNext(3);
  const why = JSON.stringify({ k: "why", slot: boot.slot, text: text });
  const line = "0f300" + why.padEnd(243);
  write(E.CRC32(line).toString(16).padStart(8, "0") + line + "   \n", endAt);
  return restart();
}

/** Whether an image may be run: the trial's, the active one, the previous one, the factory's. */
function mayRun(index: number): boolean {
  const slot = [record.t, record.a, record.p, 2][index];
  // Of three marks for its starts, or for failures at its start.
  const first = index && 1 + 3 * index;
  name = names[slot];
  if (!name || isSet(first + 2) || !isWhole()) return false;
  if (!index && (isSet(3) || !markNext(0))) return false;
  global.boot = { slot: slot, trial: !index, fail: act };
  return true;
}

/** Whether to run an image at all. */
const LOOK = 1;
/** Whether to run the one at an index. */
const CHOOSE = 2;
/** Whether its failure at the start ends this one. */
const NOTE = 3;

/**
 * A step of the start, or none: the image is given up. All that it needs is made at each call, and so
 * takes no memory of what runs. @brief
 */
function act(error: any, step?: number, index?: any): any {
  if (step === CHOOSE) return mayRun(index);
  if (step === NOTE) return !index || (index < 3 && markNext(1 + 3 * index) && restart());
  if (!step) return giveUp(error);
  readJournal();
  if (device.button && !digitalRead(device.button)) return false;
  return !(record.m && !isSet(10) && markNext(10));
}

if (act(0, LOOK)) {
  for (let i = 0; i < 4; i++) {
    if (!act(0, CHOOSE, i)) continue;
    if (!i) {
      E.enableWatchdog(device.trial.watchdogSeconds);
      process.on("uncaughtException", act);
      global.boot.timer = setTimeout(act, device.trial.totalMinutes * 60000, "not confirmed");
    }
    try {
      run(storage.read(name, from, size) as string);
      break;
    } catch (error) {
      act(error);
      if (act(0, NOTE, i)) break;
    }
  }
  if (!global.boot) print("boot: no image is whole");
} else print("boot: safe mode");
