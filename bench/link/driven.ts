/**
 * A download on the board of the EC600N, with the simulated module at its serial port, all on one
 * driven clock: what the driver makes of the wire when the interpreter takes no time.
 * @module
 */
import { join } from "node:path";
import * as board from "../../boards/esp32-ec600n.ts";
import { DrivenBoard, FileStore } from "../../host/board/index.ts";
import { rigModem } from "../../host/demo/modem-rig.ts";
import { DrivenClock, MemoryNetwork } from "../../host/modem/index.ts";
import { buildProgram } from "../../test/mqtt/interpreter.ts";

/** Milliseconds between two turns of the board while it waits. */
const TURN = 5;

const PROGRAM = join(import.meta.dirname, "../../test/link/cellular/device/download.ts");

/** Seconds that 64 KB take. */
export async function measureDriven(size: number): Promise<number> {
  const clock = new DrivenClock();
  const network = new MemoryNetwork(clock);
  network.listen("files.example", 80, (peer) => ({ onData: () => peer.send("x".repeat(size)) }));
  if (!board.machine.modem) throw new Error("the board has no modem");
  const { modem, serial, pins } = rigModem(board.machine.modem, { clock, network, paced: true });
  const companions = [clock.companion];
  const device = new DrivenBoard({ board, serial, pins, companions, pollMs: TURN });
  const store = new FileStore(device.flash, board.machine.flash.storage);
  store.write(".boot0", Buffer.from(await buildProgram(PROGRAM, "esp32-ec600n"), "latin1"));
  modem.supply(true);
  device.powerOn();
  for (let seconds = 0; seconds < 300; seconds++) {
    device.run(1000);
    const took = /took ([\d.]+)/.exec(device.output)?.[1];
    if (took) return Number(took);
  }
  throw new Error(`no download in 300 s\n${device.output.slice(-1000)}`);
}
