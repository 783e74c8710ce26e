/**
 * How long the simulated module takes for what it does, in milliseconds.
 * @module
 */

export interface Timing {
  /** Power-on to `RDY`. */
  rdy: number;
  /** `RDY` to `+CFUN: 1`. */
  cfun: number;
  /** `+CFUN: 1` to `+CPIN: …`; before it the SIM card is not there, then busy. */
  cpin: number;
  /** `+CPIN: READY` to `+QUSIM: 1`. */
  qusim: number;
  /** `+QUSIM: 1` to `+QIND: SMS DONE`. */
  smsDone: number;
  /** `SMS DONE` to `+QIND: PB DONE`. */
  pbDone: number;
  /** SIM card ready to "searching". */
  search: number;
  /** SIM card ready to "registered". */
  register: number;
  /** Command to answer, for what is answered at once. */
  answer: number;
  cfunSet: number;
  scan: number;
  qiact: number;
  qideact: number;
  /** Least time from QIOPEN's OK to its result. */
  open: number;
  /** Longest time to connect. */
  connect: number;
  /** QICLOSE that waits for the peer. */
  close: number;
  /** Least time from QSSLOPEN's OK to its result. */
  sslOpen: number;
  dns: number;
  ntp: number;
  /** Least time from QHTTPGET's OK to its result. */
  http: number;
  /** Last byte of a payload to `SEND OK`. */
  sendOk: number;
  /** For how long a payload may stay away after the prompt. */
  dataMode: number;
  /** QPOWD's OK to `POWERED DOWN`. */
  powerDown: number;
  /** `POWERED DOWN` or CFUN=1,1 to the begin of the next boot. */
  restart: number;
  /** From one step of an upgrade to the next. */
  fotaStep: number;
  /** For how long an upgrade waits for its file. */
  fotaFile: number;
}

/** As measured and documented. */
export const usualTiming: Timing = {
  rdy: 3000,
  cfun: 100,
  cpin: 1000,
  qusim: 200,
  smsDone: 1800,
  pbDone: 500,
  search: 3000,
  register: 5000,
  answer: 2,
  cfunSet: 500,
  scan: 20_000,
  qiact: 300,
  qideact: 300,
  open: 125,
  connect: 75_000,
  close: 500,
  sslOpen: 2000,
  dns: 1000,
  ntp: 1000,
  http: 500,
  sendOk: 10,
  dataMode: 5000,
  powerDown: 700,
  restart: 500,
  fotaStep: 2000,
  fotaFile: 60_000,
};

/** For tests and demonstrations in real time: same order, less waiting. */
export const quickTiming: Timing = {
  ...usualTiming,
  rdy: 60,
  cfun: 5,
  cpin: 20,
  qusim: 5,
  smsDone: 20,
  pbDone: 5,
  search: 20,
  register: 60,
  answer: 0,
  cfunSet: 20,
  scan: 200,
  qiact: 20,
  qideact: 20,
  open: 2,
  close: 10,
  sslOpen: 2,
  dns: 5,
  ntp: 5,
  http: 2,
  sendOk: 0,
  powerDown: 30,
  restart: 20,
  fotaStep: 10,
  fotaFile: 2000,
};
