/**
 * A report as it waits: one line of text, with the time at which it was made. Before the board's clock
 * is set that is the time since the start, which counts from when the clock is known; `anchor` keeps
 * that over a restart.
 *
 * Kind (1) · number of the start (2, hexadecimal; 00: the time is one of day) · ms (11, hexadecimal) ·
 * JSON of the report, in which a byte 1 stands where `,"time":…` goes.
 * @module
 */
import { timeOfDay, uptime } from "../../system/clock.ts";
import { toJson } from "../../text/json.ts";

export const PROPERTIES = "p";
export const EVENT = "e";
const ANCHOR = "c";
const HEAD = 14;
const TIME = "\x01";
const STARTS = 255;

/** `value` with digits, hexadecimal, that many. */
function hex(value: number, digits: number): string {
  // 2^40 is 35 years, which one number of 32 bits does not hold.
  const high = Math.floor(value / 0x1000000);
  const low = value - high * 0x1000000;
  return ("0000000000" + high.toString(16) + ("000000" + low.toString(16)).substr(-6)).substr(
    -digits,
  );
}

function unhex(text: string): number {
  const digits = text.length - 6;
  return parseInt(text.substr(0, digits), 16) * 0x1000000 + parseInt(text.substr(digits), 16);
}

function isTimed(value: any): boolean {
  return !!value && typeof value === "object" && value.value !== undefined && value.time > 0;
}

/** JSON of properties, each with its own time or the mark. */
export function propertiesText(data: any): string {
  let text = "";
  for (const name in data) {
    const value = data[name];
    if (value === undefined || typeof value === "function") continue;
    const timed = isTimed(value) ? toJson(value) : '{"value":' + toJson(value) + TIME + "}";
    text += (text ? "," : "{") + toJson(name) + ":" + timed;
  }
  return (text || "{") + "}";
}

/** JSON of an event with its output. */
export function eventText(name: string, data: any): string {
  return "{" + toJson(name) + ':{"value":' + toJson(data || {}) + TIME + "}}";
}

/** The report's JSON with its time, ms since 1970; 0: without one. */
export function withTime(text: string, time: number): string {
  return text.split(TIME).join(time ? ',"time":' + time : "");
}

/** Kind of a record; the JSON in it. */
export function kindOf(record: string): string {
  return record.charAt(0);
}
export function textOf(record: string): string {
  return record.substr(HEAD);
}

/** The times of reports, of this start and those before. */
export class ReportTimes {
  /** Records of this start wait without a time of day, and no anchor is kept yet. */
  private needsAnchor = false;
  /** ms from a start to 1970, by its number. */
  private readonly offsets: { [start: string]: number } = {};
  private start = 1;

  /** Learns from a record that was kept. */
  learn(record: string): void {
    const start = parseInt(record.substr(1, 2), 16);
    if (!start) return;
    if (kindOf(record) === ANCHOR) this.offsets["_" + start] = unhex(record.substr(3, 11));
    this.start = (start % STARTS) + 1;
  }

  /** A record of now. */
  make(kind: string, text: string): string {
    const now = timeOfDay();
    if (now) return kind + "00" + hex(now, 11) + text;
    this.needsAnchor = true;
    return kind + hex(this.start, 2) + hex(Math.floor(uptime() * 1000), 11) + text;
  }

  /** The record to be kept now that the clock is known; undefined: none is needed. */
  anchor(): string | undefined {
    const now = timeOfDay();
    if (!this.needsAnchor || !now) return undefined;
    this.needsAnchor = false;
    const offset = Math.floor(now - uptime() * 1000);
    this.offsets["_" + this.start] = offset;
    return ANCHOR + hex(this.start, 2) + hex(offset, 11);
  }

  /** When a report was made, ms since 1970; 0: that is not known, and will not be. */
  timeOf(record: string): number {
    const ms = unhex(record.substr(3, 11));
    const start = parseInt(record.substr(1, 2), 16);
    if (!start) return ms;
    const offset = this.offsets["_" + start];
    return offset ? offset + ms : 0;
  }

  /** Nothing waits any more: what is known of starts before is of no use. */
  forget(): void {
    for (const key of Object.keys(this.offsets)) delete this.offsets[key];
    this.needsAnchor = false;
  }
}
