/**
 * What a message of the platform holds.
 * @module
 */
import { parseJson } from "../text/json.ts";

/** The value of a JSON payload; any other payload, also JSON nested too deep, as its text. */
export function decode(payload: string): any {
  try {
    return parseJson(payload);
  } catch (_error) {
    return payload;
  }
}
