/**
 * Espruino on Linux with images that are held compressed, so that all examples fit one bundle.
 * @module
 */

import type { Machine } from "../../boards/board.ts";
import { machine as linux } from "../../boards/linux.ts";

export { createLink, device, ownClock, queue } from "../../boards/linux.ts";

export const machine: Machine = { ...linux, compressed: true };
