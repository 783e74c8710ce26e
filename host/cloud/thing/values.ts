/**
 * Values with time stamps as devices post them: bare, or as `{value, time}`.
 * @module
 */
import { FUTURE_MAX_MS } from "../defaults.ts";
import type { TimedValue } from "../store/history.ts";
import { isObject } from "./alink.ts";
import { Code, type Complaint } from "./codes.ts";

/**
 * Reads a posted value. An object with no other keys than `value` and `time`, and with `value`, is
 * the timed form. A time may be a number or a text of milliseconds since 1970.
 * @param now milliseconds since 1970, used when no time is given.
 */
export function readTimed(posted: unknown, now: number): TimedValue | Complaint {
  if (!isTimedForm(posted)) return { value: posted, time: now };
  const time = posted.time === undefined ? now : Number(posted.time);
  if (!Number.isInteger(time) || time < 0) {
    return { code: Code.time, text: "time has to be UTC milliseconds" };
  }
  if (time > now + FUTURE_MAX_MS) {
    return { code: Code.time, text: "time is more than 24 hours in the future" };
  }
  return { value: posted.value, time };
}

export function isComplaint(value: TimedValue | Complaint): value is Complaint {
  return "code" in value;
}

/** Whether a value is an object of `value` and perhaps `time` only. */
export function isTimedForm(posted: unknown): posted is { value: unknown; time?: unknown } {
  if (!isObject(posted) || !("value" in posted)) return false;
  return Object.keys(posted).every((key) => key === "value" || key === "time");
}
