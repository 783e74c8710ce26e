/**
 * Numbers, times and values in the reader's manner.
 * @module
 */
import type { DataType } from "../../cloud/thing/tsl.ts";
import { language, text } from "./text.ts";

const dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
const clockTime = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hour12: false,
});
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
const bytesIn = (unit: string, unitDisplay: "short" | "long") =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 });
const inBytes = bytesIn("byte", "long");
const inKilobytes = bytesIn("kilobyte", "short");
const inMegabytes = bytesIn("megabyte", "short");

export function number(value: number): string {
  return plain.format(value);
}

export function bytes(size: number): string {
  if (size < 1000) return inBytes.format(size);
  return size < 1e6 ? inKilobytes.format(size / 1e3) : inMegabytes.format(size / 1e6);
}

export function fullTime(at: number): string {
  return dateTime.format(at);
}

const tick = {
  day: new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }),
  minute: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false }),
  second: new Intl.DateTimeFormat(language, { timeStyle: "medium", hour12: false }),
};

/** A time on an axis with so many seconds between its ticks. */
export function tickTime(at: number, step: number): string {
  return (step < 60 ? tick.second : step < 86_400 ? tick.minute : tick.day).format(at);
}

/** To the millisecond. */
export function clock(at: number): string {
  return clockTime.format(at);
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** `5 min. ago`. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return seconds < 5 ? text.app.justNow : relative.format(-seconds, "second");
}

/** A value as people read it: with its unit, or the name that the thing model gives it. */
export function shown(value: unknown, dataType: DataType): string {
  switch (dataType.type) {
    case "int":
    case "float":
    case "double": {
      if (typeof value !== "number") break;
      const { unit } = dataType.specs;
      return unit === undefined ? number(value) : `${number(value)} ${unit}`;
    }
    case "bool":
    case "enum":
      return dataType.specs[String(value)] ?? String(value);
    case "date":
      return Number.isFinite(Number(value)) ? fullTime(Number(value)) : String(value);
    case "text":
      return String(value);
    case "struct":
    case "array":
      break;
  }
  return JSON.stringify(value);
}

/** JSON on several lines; other text as it is. */
export function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), undefined, 2);
  } catch {
    return payload;
  }
}
