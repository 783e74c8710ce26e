/**
 * What the module keeps over restarts and losses of power.
 * @module
 */
import { FileStore } from "./files.ts";
import type { ModemOptions, SimState } from "./options.ts";

/** What AT&W keeps. */
export interface Profile {
  echo: boolean;
  errors: number;
  verbose: boolean;
  quiet: boolean;
  registration: { "+CREG": number; "+CGREG": number; "+CEREG": number };
}

export const factoryProfile = (): Profile => ({
  echo: true,
  errors: 1,
  verbose: true,
  quiet: false,
  registration: { "+CREG": 0, "+CGREG": 0, "+CEREG": 0 },
});

/** A firmware upgrade under way. */
export interface Upgrade {
  url: string;
  kind: "mini" | "delta" | "qualcomm";
  /** What is done: the package is asked for or there, mini_1 is written (the old firmware is gone). */
  stage: "fetched" | "mini-1" | "writing";
  to: string;
  faults: Record<string, number | boolean>;
}

export interface Nvram {
  urcport: string;
  /** Bits per second that AT&W kept. */
  baud: number;
  profile: Profile | undefined;
  revision: string;
  imei: string;
  files: FileStore;
  configuration: Map<string, string>;
  /** The card is no part of the module, but stays in it. */
  card: { state: SimState; pin: string | undefined; tries: number };
  upgrade: Upgrade | undefined;
  /** CTZU's setting, and what the clock is ahead of the computer's, ms; undefined: never set. */
  zoneUpdate: number;
  clockOffset: number | undefined;
}

export function freshNvram(options: ModemOptions, revision: string): Nvram {
  const { sim = {}, files, storage = 286_720 } = options;
  return {
    urcport: options.urcport ?? "usbat",
    baud: 115_200,
    profile: undefined,
    revision: options.revision ?? revision,
    imei: options.imei ?? "860000000000000",
    files: new FileStore(storage, files),
    configuration: new Map(),
    card: { state: sim.state ?? (sim.pin ? "pin" : "ready"), pin: sim.pin, tries: 3 },
    upgrade: undefined,
    zoneUpdate: 0,
    clockOffset: undefined,
  };
}
