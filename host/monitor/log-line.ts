/**
 * Lines of the firmware's log, and how they are shown.
 * @module
 */
import { styleText } from "node:util";

export type Level = "error" | "warn" | "info" | "debug";

/** A line of the log; `seconds` is the board's clock. */
export interface LogLine {
  seconds: number;
  level: Level;
  part: string;
  text: string;
}

const LOG = /^(\d+\.\d) (error|warn|info|debug) ([^:]+): (.*)$/;
export const LEVEL_COLOURS = {
  error: "red",
  warn: "yellow",
  info: "green",
  debug: "gray",
} as const;

type Style = Parameters<typeof styleText>[0];

/** A text in colour, wherever it goes: whether that is a terminal is the caller's to know. */
export function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}

/** Reads a line; undefined when it is not the log's. */
export function parseLogLine(line: string): LogLine | undefined {
  const match = LOG.exec(line);
  if (!match) return undefined;
  const [, seconds, level, part = "", text = ""] = match;
  return { seconds: Number(seconds), level: level as Level, part, text };
}

/** `22:25:04.123`, this computer's time. */
export function clockText(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(at.getMilliseconds()).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** A line with the time at which it came; colours say the level. */
export function showLine(line: string, at: Date, colour: boolean): string {
  const paint = (style: Style, text: string) => (colour ? painted(style, text) : text);
  const time = paint("gray", clockText(at));
  const log = parseLogLine(line);
  if (!log) {
    const isError = /^(Uncaught |Execution Interrupted|boot: )/.test(line);
    return `${time} ${isError ? paint("red", line) : line}`;
  }
  const level = paint(LEVEL_COLOURS[log.level], log.level.padEnd(5));
  const text = log.level === "debug" ? paint("gray", log.text) : log.text;
  return `${time} ${level} ${paint("bold", log.part)}: ${text}`;
}
