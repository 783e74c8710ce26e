/**
 * LTE Standard(U): EC200U and EG915U, on UNISOC's UIS8910.
 * @module
 */
import type { Family } from "./family.ts";
import { ec600n } from "./standard-a.ts";

export const ec200u: Family = {
  ...ec600n,
  name: "EC200U",
  model: "EC200U",
  revision: "EC200UCNAAR03A14M08",
  prompt: "\r\n>",
  unknownError: 58,
  contexts: 7,
  keys: { on: 2000, off: 3000, reset: 100 },
  connectTimeout: true,
  upgrade: "unisoc",
  upgradePowerLoss: "resumes",
  lacks: ["+QNVFR", "+QMBNCFG"],
};

export const eg915u: Family = {
  ...ec200u,
  name: "EG915U",
  model: "EG915U",
  revision: "EG915UEUABR03A04M08",
};
