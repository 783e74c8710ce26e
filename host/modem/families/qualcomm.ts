/**
 * BG95 and BG96, on Qualcomm chips.
 * @module
 */
import type { Family } from "./family.ts";
import { ec600n } from "./standard-a.ts";

export const bg96: Family = {
  ...ec600n,
  name: "BG96",
  model: "BG96",
  revision: "BG96MAR02A07M1G",
  subRevision: "01.007.01.007",
  prompt: "\r\n> ",
  dataTail: "\r\n",
  contexts: 16,
  registrationMode: 4,
  appReady: true,
  restartNotice: "POWERED DOWN",
  keys: { on: 500, off: 650, reset: 150 },
  keepaliveIdle: [1, 120],
  iccidSpace: " ",
  localClock: false,
  upgrade: "qualcomm",
  upgradePowerLoss: "resumes",
};

export const bg95: Family = {
  ...bg96,
  name: "BG95",
  model: "BG95-M3",
  revision: "BG95M3LAR02A04",
  keys: { on: 500, off: 650, reset: 2000 },
  iccidSpace: "  ",
  imsiSpace: " ",
};
