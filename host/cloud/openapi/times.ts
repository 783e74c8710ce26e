/**
 * Times as the API writes them.
 * @module
 */

/** China's time, in which `Gmt…` members are in spite of their name. */
const CHINA_MS = 8 * 60 * 60 * 1000;

/** `2018-01-20 20:00:00` of milliseconds since 1970; empty when there is no time. */
export function gmt(time: number | undefined): string {
  if (time === undefined) return "";
  return new Date(time + CHINA_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** `2018-01-20T12:00:00.000Z`; empty when there is no time. */
export function utc(time: number | undefined): string {
  return time === undefined ? "" : new Date(time).toISOString();
}
