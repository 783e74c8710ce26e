/**
 * The log on the console: one line a message, `seconds level part: text`. Callers pass no secrets.
 * @module
 */

export type LogLevel = "off" | "error" | "warn" | "info" | "debug";

/** Gets every message with the index of its level, whatever the console shows; must not throw. */
export type LogSink = (level: number, part: string, text: string) => void;

/** By index; a function, for the list takes memory. */
export function levels(): LogLevel[] {
  return ["off", "error", "warn", "info", "debug"];
}
let threshold = 3;
/** Whether debug messages go anywhere; ask first where making one takes time. */
export let logsDebug = false;
let sink: LogSink | undefined;

function write(level: number, part: string, text: string): void {
  if (level <= threshold)
    print(getTime().toFixed(1) + " " + levels()[level] + " " + part + ": " + text);
  if (sink) sink(level, part, text);
}

/** Sets who else gets the messages. Where nobody does, it is not in the bundle. */
export function setLogSink(to: LogSink): void {
  sink = to;
  logsDebug = true;
}

/** Sets the level from which on messages are shown; an unknown one is refused with false. */
export function setLogLevel(level: LogLevel): boolean {
  const index = levels().indexOf(level);
  if (index >= 0) threshold = index;
  logsDebug = threshold > 3 || !!sink;
  return index >= 0;
}

export function logLevel(): LogLevel {
  return levels()[threshold];
}

export function logError(part: string, text: string): void {
  write(1, part, text);
}

export function logWarn(part: string, text: string): void {
  write(2, part, text);
}

export function logInfo(part: string, text: string): void {
  write(3, part, text);
}

export function logDebug(part: string, text: string): void {
  write(4, part, text);
}

const LONGEST_TRACE = 200;

/** What is known of a caught value, in one line: message, and where it was thrown. */
export function describeError(error: any): string {
  if (!error || typeof error !== "object") return "" + error;
  let trace = "";
  if (error.stack) {
    // The interpreter marks the column on lines of its own.
    trace =
      " " +
      error.stack
        .substr(0, LONGEST_TRACE)
        .replace(/[\r\n^ ]+/g, " ")
        .trim();
  }
  return (error.type ? error.type + ": " : "") + error.message + trace;
}
