/**
 * Variables in use before and after the log-on, and whether they stay as many.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import type { App } from "../frame/builds.ts";
import { REPLY_SECONDS } from "../frame/timers.ts";
import { Subject } from "./subject.ts";

export interface AtRest {
  /** JsVars with the application started, no network yet. */
  loaded: number;
  /** Logged on, and nothing to be done. */
  connected: number;
}

/** Starts an application on an interpreter, by its path. */
export async function measureAtRest(app: App, interpreter: string): Promise<AtRest> {
  const subject = await Subject.open(app, interpreter);
  try {
    await subject.load();
    const loaded = await subject.rest();
    await subject.connect();
    return { loaded, connected: await subject.rest() };
  } finally {
    await subject.close();
  }
}

/** The first reports and reconnects, which bring what stays, e.g. the last reply. */
const FIRST = 10;

/** JsVars more after so many reports and reconnects than after the first ten of each. */
export async function measureGrowth(
  app: App,
  interpreter: string,
  { reports, reconnects }: { reports: number; reconnects: number },
): Promise<number> {
  const subject = await Subject.open(app, interpreter);
  try {
    await subject.connect();
    await subject.reconnect(FIRST);
    await subject.report(FIRST);
    const first = await quiet(subject);
    await subject.reconnect(reconnects - FIRST);
    await subject.report(reports - FIRST);
    return (await quiet(subject)) - first;
  } finally {
    await subject.close();
  }
}

/** JsVars at rest, when no timer of the last report is left. */
async function quiet(subject: Subject): Promise<number> {
  await pause(REPLY_SECONDS * 1000);
  return subject.rest();
}
