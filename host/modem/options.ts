/**
 * What can be said about a simulated module.
 * @module
 */
import type { ModemClock } from "./clock.ts";
import type { FamilyName } from "./families/family.ts";
import type { ModemNetwork } from "./network/network.ts";
import type { Timing } from "./timing.ts";

export type SimState = "ready" | "absent" | "pin" | "puk" | "failure" | "busy" | "wrong";

export interface SimOptions {
  state?: SimState;
  /** With one, the card asks for it at each start. */
  pin?: string;
  iccid?: string;
  imsi?: string;
  /** PDP contexts that the subscription allows at once, 3; with 1 the network picks the id itself. */
  contexts?: number;
}

export interface RegistrationOptions {
  /** Where registration ends: 1 home (as is), 5 roaming, 3 denied, 2 searching, 0 idle, 4 unknown. */
  stat?: number;
  tac?: string;
  ci?: string;
  /** Access technology: 0 GSM, 7 LTE, 9 NB-IoT. */
  act?: number;
  operator?: string;
  /** Mobile country and network code. */
  plmn?: string;
  /** AT+CSQ's number: 0 to 31, 99 unknown. */
  rssi?: number;
  band?: string;
  channel?: number;
}

export interface FaultPlan {
  /** Repeats the same faults at the same times, when all else is the same. */
  seed: number;
  /** Mean time between two faults, ms. */
  everyMs: number;
  /** Names of faults to draw from; all that a running module can show when missing. */
  pick?: string[];
}

export interface ModemOptions {
  /** EC600N */
  family?: FamilyName;
  clock?: ModemClock;
  /** The computer's network. */
  network?: ModemNetwork;
  seed?: number;
  /** Bytes take their time on the wire, as at 115200 baud. */
  paced?: boolean;
  /** At construction: boots (as is), is off, or runs already with SIM card and network. */
  start?: "boot" | "off" | "ready";
  /** PWRKEY is tied low: boots whenever there is supply, and again after a power-down. */
  powerKeyTied?: boolean;
  timing?: Partial<Timing>;
  sim?: SimOptions;
  registration?: RegistrationOptions;
  imei?: string;
  revision?: string;
  /** The module's address once a context is active. */
  address?: string;
  /** Bytes that a socket takes in before the peer has to wait, 10240. */
  receiveBuffer?: number;
  /** Bytes that a socket takes before `SEND FAIL`, 10240. */
  sendBuffer?: number;
  /** Files in UFS from the start, as byte strings. */
  files?: Record<string, string>;
  /** Size of UFS in bytes, 286720. */
  storage?: number;
  /** Which of the module's ports this is, `uart1`. */
  port?: "uart1" | "usbat";
  /** Where unsolicited results go as it comes from the factory, `usbat`. */
  urcport?: "usbat" | "uart1";
  /** Whether the network tells the time, true. */
  nitz?: boolean;
  /** What a loss of power while the module writes its own firmware leads to. By family when missing. */
  upgradePowerLoss?: "bricks" | "resumes";
  faults?: FaultPlan;
  /** Bytes as they pass: `>` from the host, `<` to it. */
  trace?: (direction: ">" | "<", bytes: string) => void;
}
