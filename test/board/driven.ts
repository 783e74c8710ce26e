/**
 * Driven boards of the ESP32 for tests, and what they print.
 * @module
 */
import * as esp32 from "../../boards/esp32.ts";
import { DrivenBoard, FileStore } from "../../host/board/index.ts";
import type { NetworkDriver } from "../../host/board/interpreter/host.ts";
import type { BoardFile } from "../../host/board/power.ts";

/** What a board begins with, besides its boot file. */
export interface Setup {
  board?: BoardFile;
  files?: Record<string, string>;
  network?: NetworkDriver;
  networks?: { ssid: string; password: string }[];
}

/** A board that is off, with a boot file. */
export function boardWith(boot: string, setup: Setup = {}): DrivenBoard {
  const { board = esp32, files = {}, network, networks = [] } = setup;
  const made = new DrivenBoard({ board, wifi: { networks }, ...(network ? { network } : {}) });
  const store = new FileStore(made.flash, board.machine.flash.storage);
  for (const [name, text] of Object.entries({ ...files, ".boot0": boot }))
    store.write(name, Buffer.from(text, "latin1"));
  return made;
}

/** Lines printed since power-on, without banner, prompts and traces. */
export function lines(board: DrivenBoard): string[] {
  return board.output
    .replace(/^[\s\S]*?\(virtual board\)\r\n\r\n/, "")
    .replaceAll("\r\x1b[J", "")
    .split("\r\n")
    .map((line) => line.replace(/^>+/, ""))
    .filter((line) => line !== "" && !line.startsWith("    at "));
}

/** What a boot file prints in so many milliseconds. */
export function runFor(ms: number, boot: string, setup: Setup = {}): string[] {
  const board = boardWith(boot, setup);
  board.powerOn();
  board.run(ms);
  return lines(board);
}
