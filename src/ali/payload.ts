/**
 * What messages hold.
 * @module
 */
import { parseJson, toJson } from "../text/json.ts";
import { toBytes } from "../text/utf8.ts";

/** The value of a JSON payload; any other payload, also JSON nested too deep, as its text. */
export function decode(payload: string): any {
  try {
    return parseJson(payload);
  } catch (_error) {
    return payload;
  }
}

/** An object as JSON, or a text, as UTF-8 bytes. */
export function encode(data: any): string {
  return typeof data === "string" ? toBytes(data) : toJson(data);
}
