/**
 * Which topic names and filters are legal (MQTT 3.1.1, 4.7).
 * @module
 */
import { isUtf8, toBytes } from "../text/utf8.ts";

/** Most bytes that a string field can have. */
const MAX_BYTES = 65535;

/** Whether a byte string may name the topic of a message: UTF-8, not empty, no NUL, no wildcard. */
export function isTopicName(bytes: string): boolean {
  // As most: printable ASCII without "#" and "+".
  if (bytes && bytes.length <= MAX_BYTES && !/[^ -"$-*,-~]/.test(bytes)) return true;
  return isField(bytes) && !/[+#]/.test(bytes);
}

/** Whether a byte string is a filter: `+` alone in its level, `#` alone in the last. */
export function isTopicFilter(bytes: string): boolean {
  if (!isField(bytes)) return false;
  if (bytes.indexOf("+") < 0 && bytes.indexOf("#") < 0) return true;
  const levels = bytes.split("/");
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    if (level.length > 1 && (level.indexOf("+") >= 0 || level.indexOf("#") >= 0)) return false;
    if (level === "#" && i < levels.length - 1) return false;
  }
  return true;
}

/** Byte strings of filters; undefined when there is none or one is not legal. @brief */
export function filtersToBytes(filters: string[]): string[] | undefined {
  const bytes = filters.map(toBytes);
  return bytes.length && bytes.every(isTopicFilter) ? bytes : undefined;
}

function isField(bytes: string): boolean {
  return (
    bytes.length > 0 && bytes.length <= MAX_BYTES && bytes.indexOf("\x00") < 0 && isUtf8(bytes)
  );
}
