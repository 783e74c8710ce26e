/**
 * Payloads as the console shows them: short, as text, and without what gives access to something.
 * @module
 */
import { isUtf8 } from "node:buffer";

/** Characters of a payload that the page gets. */
const SHOWN = 4000;

/** Who has the signature of a download's address has the file. */
const SIGNATURE = /\?Expires=[^"\\\s]*/g;

/** Members of messages whose values nobody has to see. */
const SECRET = /("(?:deviceSecret|productSecret|sign|password)"\s*:\s*)"[^"]*"/g;

export function shownPayload(payload: Buffer): string {
  if (!isUtf8(payload)) return binary(payload);
  const text = payload.toString("utf8");
  // A block of a download begins with a length and is rarely text as a whole.
  if (/[\p{Cc}]/u.test(text.replace(/[\t\r\n]/g, ""))) return binary(payload);
  const masked = text.replace(SIGNATURE, "?…").replace(SECRET, '$1"…"');
  return masked.length > SHOWN ? `${masked.slice(0, SHOWN)}…` : masked;
}

function binary(payload: Buffer): string {
  const hex = payload.subarray(0, 32).toString("hex").replace(/../g, "$& ").trim();
  return `${hex}${payload.length > 32 ? " …" : ""}`;
}
