/**
 * A simulated modem for a board that has one: joined to its serial port and pins, on its supply.
 * @module
 */
import type { Machine } from "../../boards/board.ts";
import type { PinPeer, SerialPeer } from "../board/index.ts";
import { Listeners } from "../board/power.ts";
import type { FamilyName } from "../modem/families/family.ts";
import { Modem } from "../modem/modem.ts";
import type { ModemOptions, RegistrationOptions } from "../modem/options.ts";
import { modulePins } from "../modem/pins.ts";
import { quickTiming } from "../modem/timing.ts";
import { ModemLog } from "./modem-log.ts";

/** Path of the serial port on Linux, in the folder of the flash file. */
const PORT = "modem";
const HOME = 1;
const SEARCHING = 2;

export interface ModemRig {
  modem: Modem;
  /** What the board is made with. */
  serial: Record<string, SerialPeer>;
  pins: PinPeer;
  /** What the device's settings say of it. */
  settings: { cellular: Record<string, unknown> };
  /** Hears what the timeline shows of it. */
  onLine(listener: (text: string) => void): void;
  /** The network is there, or is not. */
  cover(isThere: boolean): void;
}

/** Rigs a modem; it has no supply yet. */
export function rigModem(
  { family, wiring }: NonNullable<Machine["modem"]>,
  options: ModemOptions = {},
): ModemRig {
  const lines = new Listeners<string>();
  const log = new ModemLog((text) => lines.call(text));
  const registration: RegistrationOptions = { operator: "CHINA MOBILE" };
  const modem = new Modem({
    family: family as FamilyName,
    timing: quickTiming,
    registration,
    start: "off",
    port: wiring.urcPort === "usbat" ? "usbat" : "uart1",
    // Without a key it starts as soon as there is supply.
    powerKeyTied: wiring.powerKey === undefined,
    trace: (direction, bytes) => log.trace(direction, bytes),
    ...options,
  });
  modem.supply(false);
  const port = wiring.path === undefined ? {} : { port: PORT };
  return {
    modem,
    serial: { [wiring.path === undefined ? wiring.serial : PORT]: modem },
    pins: modulePins(modem, wiring),
    settings: { cellular: { apn: "cmnet", ...port } },
    onLine: (listener) => {
      lines.add(listener);
    },
    cover: (isThere) => {
      // For what starts meanwhile, too.
      registration.stat = isThere ? HOME : SEARCHING;
      const radio = modem.system?.radio;
      if (!isThere) radio?.force(SEARCHING, 0);
      else if (radio?.stat === SEARCHING) radio.start();
    },
  };
}
