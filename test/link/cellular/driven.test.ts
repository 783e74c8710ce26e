/**
 * The board of the EC600N with the simulated module at its serial port and pins, on one driven clock.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import * as board from "../../../boards/esp32-ec600n.ts";
import { DrivenBoard, FileStore } from "../../../host/board/index.ts";
import { rigModem } from "../../../host/demo/modem-rig.ts";
import { DrivenClock, MemoryNetwork } from "../../../host/modem/index.ts";
import { buildProgram } from "../../mqtt/interpreter.ts";

const PROGRAM = join(import.meta.dirname, "device/echo.ts");

test("on the driven board: from the power key to data, through a restart and a loss of power", async () => {
  const clock = new DrivenClock();
  const network = new MemoryNetwork(clock);
  network.listen("echo.example", 7, (peer) => ({ onData: (bytes) => peer.send(bytes) }));
  assert.ok(board.machine.modem);
  const { modem, serial, pins } = rigModem(board.machine.modem, { clock, network, paced: true });
  const device = new DrivenBoard({ board, serial, pins, companions: [clock.companion], pollMs: 5 });
  const store = new FileStore(device.flash, board.machine.flash.storage);
  store.write(".boot0", Buffer.from(await buildProgram(PROGRAM, "esp32-ec600n"), "latin1"));
  const count = (text: string) => device.output.split(text).length - 1;
  const runUntil = (what: string, holds: () => boolean) => {
    for (let seconds = 0; !holds(); seconds++) {
      assert.ok(seconds < 300, `${what}: not in 300 s\n${device.output.slice(-1000)}`);
      device.run(1000);
      assert.doesNotMatch(device.output, /Uncaught/);
    }
  };
  modem.supply(true);
  device.powerOn();
  runUntil("the key switches the modem on", () => modem.boots === 1);
  runUntil("up, and data back", () => count("echo 3000") >= 2);
  assert.equal(count("up true"), 1);
  modem.inject("F11.restart");
  runUntil("down", () => count("up false") === 1);
  runUntil("up again", () => count("up true") === 2);
  const echoes = count("echo 3000");
  runUntil("data again", () => count("echo 3000") > echoes);
  modem.supply(false);
  runUntil("down without power", () => count("up false") === 2);
  modem.supply(true);
  const last = count("echo 3000");
  runUntil("the key again, and data", () => count("echo 3000") > last);
});
