/**
 * The place of the offline queue: flash that the board keeps free for it, or else a Storage file,
 * `queue`, made at the first use as large as there is room for.
 * @module
 */
import { device, queue } from "#board";
import { logWarn } from "../debug/log.ts";
import { type Container, findContainer } from "./containers.ts";
import { allowFlash, readFlash } from "./flash.ts";
import { RecordLog } from "./record-log.ts";

const FILE = "queue";
/** The file's whole pages take one of these, bytes; so much of Storage is left to others. */
const LARGEST = 16384;
const SMALLEST = 4096;
const SPARE = 4096;
/** Storage's header before a file: size and flags (4 bytes), name (28). */
const HEADER = 32;

/** The log there, `learn` hearing of each record in it; undefined: no place for one. */
export function openQueueLog(learn: (record: string) => void): RecordLog | undefined {
  try {
    if (queue.length) {
      allowFlash(queue.start, queue.length);
      return new RecordLog(queue.start, queue.length, learn);
    }
    const file = findContainer(FILE) || makeFile();
    if (!file || file.length < SMALLEST) return undefined;
    allowFlash(file.address, file.length);
    const log = new RecordLog(file.address, file.length, learn);
    // When Storage puts its files together, this one may move: then its pages are another's.
    const name = file.address - file.offset - HEADER + 4;
    log.guard = () => readFlash(name, FILE.length + 1) === FILE + "\0";
    return log;
  } catch (error) {
    logWarn("queue", "no flash for reports: " + (error as Error).message);
    return undefined;
  }
}

function makeFile(): Container | undefined {
  const storage = require("Storage");
  for (let bytes = LARGEST; bytes >= SMALLEST; bytes >>= 1) {
    // One page more, for the first whole one begins somewhere within.
    const size = bytes + device.flash.page;
    if (storage.getFree() < size + SPARE) continue;
    storage.write(FILE, "x", 0, size);
    return findContainer(FILE);
  }
  return undefined;
}
