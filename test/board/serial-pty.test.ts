/**
 * A serial port of the real interpreter, joined to the same peer as one of the virtual board.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as linux from "../../boards/linux.ts";
import {
  createInterpreterBoard,
  createVirtualBoard,
  FlashImage,
  findInterpreter,
  type PoweredBoard,
  type SerialPeer,
} from "../../host/board/index.ts";
import { noPty } from "../../host/modem/pty.ts";
import { printed } from "./started.ts";

const folder = mkdtempSync(join(tmpdir(), "serial-pty-"));
after(() => rmSync(folder, { recursive: true }));
const missing = findInterpreter() === undefined ? "no Espruino on this machine" : noPty();

type Make = (flash: string, serial: Record<string, SerialPeer>) => PoweredBoard;

const boards: [string, Make, string | false][] = [
  ["virtual board", (flash, serial) => createVirtualBoard({ board: linux, flash, serial }), false],
  [
    "interpreter",
    (flash, serial) => createInterpreterBoard({ board: linux, flash, serial }),
    missing ?? false,
  ],
];

/** Answers each byte by its complement; what it sends first is all 256 of them. */
class Peer implements SerialPeer {
  heard = "";
  send: (bytes: string) => void = () => {};
  listener = () => {};

  connect(send: (bytes: string) => void): void {
    this.send = send;
  }

  receive(bytes: string): void {
    this.heard += bytes;
    this.listener();
  }

  async until(length: number): Promise<void> {
    while (this.heard.length < length)
      await new Promise<void>((resolve) => {
        this.listener = resolve;
      });
  }
}

const allBytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));

const program = `
var all="",most=0;
function ready(){
  Serial1.setup(115200,{path:"modem"});
  Serial1.on("data",function(d){if(d.length>most)most=d.length;all+=d;if(all.length==16384){print("#ALL",E.CRC32(all),most);Serial1.write(all)}});
  Serial1.write("ready");
  // What comes in meanwhile waits.
  for(var end=getTime()+0.2;getTime()<end;);
}
setTimeout(ready,50)`;

for (const [name, make, skip] of boards)
  test(`bytes pass whole and both ways on the ${name}`, {
    skip,
    timeout: 20_000,
  }, async (context) => {
    const own = mkdtempSync(join(folder, "board-"));
    const flash = join(own, "espruino.flash");
    const image = FlashImage.open(flash, linux.machine);
    image.writeFile(".boot0", program);
    image.close();
    const peer = new Peer();
    const board = Object.assign(make(flash, { modem: peer }), { heard: "" });
    board.onConsole((text) => {
      board.heard += text;
    });
    context.after(() => board.close());
    const sent = allBytes.repeat(64);
    for (const start of ["first", "second"]) {
      peer.heard = "";
      board.heard = "";
      await board.powerOn();
      await peer.until(5);
      assert.equal(peer.heard, "ready", start);
      peer.heard = "";
      peer.send(sent);
      const line = await printed(board, /#ALL.*\r\n/);
      // Read 32 at a time; what waits in the interpreter's queue is put together, up to 64.
      const most = Number(/#ALL \d+ (\d+)/.exec(line)?.[1]);
      assert.ok(most <= (name === "virtual board" ? 32 : 64), line);
      await peer.until(sent.length);
      assert.equal(peer.heard, sent);
      await board.powerOff();
      // Nobody hears this, and nothing of it is left when the board starts again.
      peer.send("lost");
    }
  });

test("a port's path outside of the folder is refused", { skip: missing ?? false }, () => {
  const flash = join(folder, "espruino.flash");
  assert.throws(
    () => createInterpreterBoard({ board: linux, flash, serial: { "/dev/ttyUSB2": new Peer() } }),
    /must be a name in the flash file's folder: \/dev\/ttyUSB2/,
  );
});
