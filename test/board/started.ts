/**
 * Virtual boards for tests: each with a flash image of its own, closed when its test ends.
 * @module
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import * as linux from "../../boards/linux.ts";
import {
  createVirtualBoard,
  FlashImage,
  type PoweredBoard,
  type VirtualBoard,
  type VirtualBoardOptions,
} from "../../host/board/index.ts";

export const folder = mkdtempSync(join(tmpdir(), "board-"));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Closes something when the test ends. */
export function closeLater(one: { close(): unknown }): void {
  open.push(one);
}

/** Switches on a board whose `.boot0` is given; `heard` is what its console printed so far. */
export async function start(
  boot: string,
  options: Partial<VirtualBoardOptions> = {},
): Promise<VirtualBoard & { heard: string }> {
  const flash = join(folder, `${count++}.flash`);
  const board = options.board ?? linux;
  const image = FlashImage.open(flash, board.machine);
  image.writeFile(".boot0", boot === "" ? "0" : boot);
  image.close();
  const made = Object.assign(createVirtualBoard({ ...options, board, flash }), { heard: "" });
  made.onConsole((text) => {
    made.heard += text;
  });
  closeLater(made);
  await made.powerOn();
  return made;
}

/** Resolves when the console has printed something that matches. */
export function printed(board: PoweredBoard & { heard: string }, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const match = pattern.exec(board.heard);
      if (!match) return;
      stop();
      resolve(match[0]);
    };
    const stop = board.onConsole(look);
    look();
  });
}

/** Waits for something that no event tells of; fails after 20 s. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what} did not happen within 20 s`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A TCP server on a free port of this machine. */
export async function serve(connection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    connection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater({ close: () => server.close() });
  return (server.address() as AddressInfo).port;
}
