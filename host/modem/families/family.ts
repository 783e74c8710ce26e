/**
 * What differs from one family of modules to the next.
 * @module
 */
export type FamilyName = "EC600N" | "EC800M" | "EC200U" | "EG915U" | "BG95" | "BG96";

export interface Family {
  name: FamilyName;
  /** As ATI and AT+CGMM tell it. */
  model: string;
  revision: string;
  /** AT+QGMR's addition to the revision. */
  subRevision: string;
  /** What asks for a payload. */
  prompt: string;
  /** What follows the data of QIRD and QSSLRECV before the line of OK. */
  dataTail: string;
  /** CME number for what it does not know; undefined: a plain ERROR. */
  unknownError?: number;
  contexts: number;
  /** Contexts active at once. */
  activeContexts: number;
  /** Highest n of AT+CREG=n and its like. */
  registrationMode: number;
  /** Before `RDY`'s companions. */
  appReady: boolean;
  /** AT+CFUN=1,1 says so before it goes. */
  restartNotice?: string;
  /** Least time that PWRKEY is low to switch on and off, and RESET_N to reset, ms. */
  keys: { on: number; off: number; reset: number };
  /** Bounds of tcp/keepalive's idle time, in its own unit (seconds; minutes on Qualcomm's). */
  keepaliveIdle: [low: number, high: number];
  /** QIOPEN takes maxclients and connect_timeout. */
  connectTimeout: boolean;
  /** State of a connected client in AT+QISTATE. */
  connectedState: number;
  /** What stands before the digits of IMSI and ICCID. */
  imsiSpace: string;
  iccidSpace: string;
  /** AT+QSSLRECV=id,0 counts; else it is an error. */
  sslCounters: boolean;
  /** AT+CCLK gives local time after a network time; else UTC. */
  localClock: boolean;
  /** How the module takes new firmware. */
  upgrade: "standard-a" | "unisoc" | "qualcomm";
  upgradePowerLoss: "bricks" | "resumes";
  /** Names of commands that are not there. */
  lacks: string[];
}
