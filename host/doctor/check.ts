/**
 * One thing that is looked at.
 * @module
 */

/** `skip`: could not be looked at, for the reason in `text`. */
export type State = "ok" | "warn" | "fail" | "skip";

export interface Check {
  /** Short and stable, for scripts: `node`, `board`, `broker`, … */
  name: string;
  state: State;
  /** What was found. */
  text: string;
  /** What to do about it; missing when nothing is to be done. */
  next?: string;
}

export const ok = (name: string, text: string): Check => ({ name, state: "ok", text });
export const skip = (name: string, text: string): Check => ({ name, state: "skip", text });
export const warn = (name: string, text: string, next: string): Check => {
  return { name, state: "warn", text, next };
};
export const fail = (name: string, text: string, next: string): Check => {
  return { name, state: "fail", text, next };
};

const MARKS: Record<State, string> = { ok: "✔", warn: "!", fail: "✘", skip: "–" };

/** A check as lines for people. */
export function checkLines({ name, state, text, next }: Check): string[] {
  const indent = " ".repeat(16);
  const lines = text.split("\n").map((line, i) => (i === 0 ? line : indent + line));
  const advice =
    next?.split("\n").map((line, i) => `${indent}${i === 0 ? "→ " : "  "}${line}`) ?? [];
  return [`${MARKS[state]} ${name.padEnd(14)}${lines.join("\n")}`, ...advice];
}
