/**
 * LTE Standard(A): EC600N and EC800M, on ASR chips.
 * @module
 */
import type { Family } from "./family.ts";

export const ec600n: Family = {
  name: "EC600N",
  model: "EC600N",
  revision: "EC600NCNLCR03A11M16",
  subRevision: "01.001.01.001",
  prompt: "\r\n> ",
  dataTail: "",
  contexts: 15,
  activeContexts: 3,
  registrationMode: 2,
  appReady: false,
  keys: { on: 500, off: 650, reset: 300 },
  keepaliveIdle: [1, 1800],
  connectTimeout: false,
  connectedState: 2,
  imsiSpace: "",
  iccidSpace: " ",
  sslCounters: true,
  localClock: true,
  upgrade: "standard-a",
  upgradePowerLoss: "bricks",
  lacks: ["+QIACTEX", "+QIDEACTEX"],
};

export const ec800m: Family = {
  ...ec600n,
  name: "EC800M",
  model: "EC800M",
  revision: "EC800MCNGAR06A06M08",
  contexts: 8,
  keys: { on: 700, off: 650, reset: 300 },
};
