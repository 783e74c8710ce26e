/**
 * The certificates in a board's Storage: `ca.pem`, by which a modem verifies servers, and `cert.pem`,
 * the device's own.
 * @module
 */
import { X509Certificate } from "node:crypto";
import type { Board } from "../serial/index.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const FILES = {
  "ca.pem": "docs/tls.md says how to replace it, by USB or by an update.",
  "cert.pem": "Get the device another certificate from the platform; docs/tls.md says how.",
} as const;
/** Warned of so long before the end, in days: devices in the field take their time. */
const WARNING_DAYS = 365;
const DAY_MS = 24 * 60 * 60 * 1000;

/** One check for each file that is there. Nothing on the board is changed. */
export async function checkCertificates(board: Board, now = Date.now()): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [file, next] of Object.entries(FILES)) {
    const text = await board.query<string | null>(`require("Storage").read("${file}")||null`);
    if (text !== null) checks.push(checkExpiry(file, text, next, now));
  }
  return checks;
}

/** When a file of certificates ends: with the last of them, for any will do. */
export function checkExpiry(file: string, pem: string, next: string, now: number): Check {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  let last: Date | undefined;
  for (const block of blocks) {
    try {
      const end = new Date(new X509Certificate(block).validTo);
      if (!last || end > last) last = end;
    } catch {
      return fail(file, "holds something that is no certificate", next);
    }
  }
  if (!last) return fail(file, "holds no certificate in PEM", next);
  const day = last.toISOString().slice(0, 10);
  const days = Math.floor((last.getTime() - now) / DAY_MS);
  if (days < 0) return fail(file, `expired on ${day}`, next);
  if (days < WARNING_DAYS) return warn(file, `expires on ${day}, in ${days} days`, next);
  return ok(file, `good until ${day}`);
}
