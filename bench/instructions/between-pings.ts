/**
 * How often an ESP32 that is connected over Wi-Fi is woken for nothing: callbacks between the end of
 * one ping and the next one, on the virtual board.
 * @module
 */
import * as esp32 from "../../boards/esp32.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import { build } from "../../host/build/index.ts";
import { ReportPlatform } from "../../test/link/dual-peers.ts";
import { Network } from "../../test/power/network.ts";
import { MQTT_PORT } from "../../test/power/platform.ts";
import { flashed } from "../../test/power/scene.ts";

const PINGREQ = "\xc0\x00";
const WIFI = { ssid: "driven", password: "driven-board" };
const STEP_MS = 100;
/** In which the PINGRESP and all that follows from it has been taken. */
const SETTLED_MS = 1000;
const PATIENCE_MS = 600_000;
/** The first pings come while the start is not over yet. */
const SKIPPED = 3;

/** Notes how many callbacks there were when the board sent each ping. */
class PingNetwork extends Network {
  readonly pings: number[] = [];

  constructor(private readonly calls: () => number) {
    super();
  }

  override send(id: number, bytes: string): number {
    if (bytes === PINGREQ) this.pings.push(this.calls());
    return super.send(id, bytes);
  }
}

/** Callbacks between two pings, but for that which sends the second one. */
export async function callbacksBetweenPings(): Promise<number> {
  const firmware = await build({ board: "esp32", quiet: true });
  const network = new PingNetwork(() => board.calls);
  const platform = new ReportPlatform(network, MQTT_PORT);
  const board = new DrivenBoard({
    board: esp32,
    bytes: flashed(esp32, firmware, { wifi: [WIFI] }),
    network,
    wifi: { networks: [WIFI], delay: 10 },
  });
  board.powerOn();
  const ping = (count: number) => {
    const end = board.time + PATIENCE_MS;
    while (network.pings.length < count) {
      if (board.time > end) throw new Error(`no ping: ${board.output.slice(-500)}`);
      board.run(STEP_MS);
    }
  };
  ping(SKIPPED);
  board.run(SETTLED_MS);
  const before = board.calls;
  ping(SKIPPED + 1);
  if (platform.logOns !== 1) throw new Error(`${platform.logOns} log-ons: expected one`);
  board.powerOff();
  return (network.pings.at(-1) ?? 0) - before - 1;
}
