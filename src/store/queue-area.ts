/**
 * The place of the offline queue: flash that the board keeps free for it, or the Storage file `queue`
 * that it was flashed with.
 * @module
 */
import { queue } from "#board";
import { logWarn } from "../debug/log.ts";
import { findContainer } from "./containers.ts";
import { allowFlash } from "./flash.ts";
import { RecordLog } from "./record-log.ts";

const FILE = "queue";

/** The log there, `learn` hearing of each record in it; undefined: no place for one. */
export function openQueueLog(learn: (record: string) => void): RecordLog | undefined {
  let address = queue.start;
  let length = queue.length;
  if (!length) {
    const file = findContainer(FILE);
    if (!file || !file.length) return undefined;
    address = file.address;
    length = file.length;
  }
  allowFlash(address, length);
  try {
    return new RecordLog(address, length, learn);
  } catch (error) {
    logWarn("queue", "the flash can't be read: " + (error as Error).message);
    return undefined;
  }
}
