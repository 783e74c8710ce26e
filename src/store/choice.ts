/**
 * Which image runs: the journal's record `boot`, which the loader obeys. Each change is one record.
 * @module
 */

import { device } from "#board";
import { FACTORY } from "./containers.ts";
import type { Journal } from "./journal.ts";

const KIND = "boot";
/** What the loader leaves of a trial that failed. */
const WHY = "why";
/** Marks of the record; the loader's docstring says which. */
const MARKS = 12;
const FAILED_MARK = 3;
/** The first start of the active image that failed. */
const START_FAILED_MARK = 4;
const SAFE_MARK = 10;

/** What the loader leaves in the global `boot`. */
export interface Boot {
  /** Slot of the image that runs, `FACTORY` for the one that came by cable. */
  slot: number;
  /** Whether it is on trial. */
  trial: boolean;
  /** Gives the trial up, the text saying why, and restarts; later only prints. */
  fail(text: string): void;
  /** Ends the trial when its time is over. */
  timer?: number;
  /** Set here: another image waits for the next start to be tried. */
  armed?: boolean;
}

/** Slots by index, -1: none. */
export interface Choice {
  active: number;
  previous: number;
  trial: number;
  /** Images with a lower security counter are refused. */
  security: number;
}

/** A trial that is over. */
export interface FailedTrial {
  slot: number;
  why: string;
}

/** The choice in the journal; without one, the factory image. */
export function readChoice(journal: Journal): Choice {
  const record = journal.get(KIND);
  if (!record) return { active: FACTORY, previous: -1, trial: -1, security: 0 };
  return { active: record.a, previous: record.p, trial: record.t, security: record.s };
}

/** Whether there is a trial, under way or over, or a start has failed: what follows is to be settled. */
export function isChoiceOpen(journal: Journal): boolean {
  return readChoice(journal).trial >= 0 || journal.isMarked(KIND, START_FAILED_MARK);
}

/** Slot of the image that runs, or should. */
function runningSlot(choice: Choice): number {
  return global.boot ? global.boot.slot : choice.active;
}

function put(journal: Journal, active: number, previous: number, trial: number, security: number) {
  const record = { a: active, p: previous, t: trial, s: security };
  return journal.put(KIND, record, MARKS);
}

/**
 * Lets the loader try the image in a slot from the next start on; what runs now stays the one to
 * fall back on. False: the journal can't be written.
 */
export function armTrial(journal: Journal, slot: number): boolean {
  const choice = readChoice(journal);
  const running = runningSlot(choice);
  const other = choice.previous === slot || choice.previous === running ? -1 : choice.previous;
  if (journal.get(WHY)) journal.put(WHY, undefined);
  if (!put(journal, running, other, slot, choice.security)) return false;
  // Where fewer starts are allowed than there are marks, the first ones count as used.
  for (let used = 3 - device.trial.starts; used > 0; used--) journal.mark(KIND, used - 1);
  if (global.boot) global.boot.armed = true;
  return true;
}

/**
 * The image on trial is good and becomes the active one, the one before it the previous one; the
 * loader's watch over it ends. `security`: the image's counter, which is only ever raised. False:
 * nothing is on trial, or the journal can't be written.
 */
export function confirmTrial(journal: Journal, security: number): boolean {
  const choice = readChoice(journal);
  const boot = global.boot;
  if (!boot || !boot.trial || choice.trial !== boot.slot) return false;
  const previous = choice.active === FACTORY ? -1 : choice.active;
  if (!put(journal, boot.slot, previous, -1, Math.max(choice.security, security))) return false;
  boot.trial = false;
  if (boot.timer) clearTimeout(boot.timer);
  boot.timer = 0;
  process.removeAllListeners("uncaughtException");
  return true;
}

/**
 * The trial of the choice, when it is over without confirmation: it failed, its starts are used up,
 * or its image was found damaged. Undefined while it waits or runs, and when there was none.
 */
export function failedTrial(journal: Journal): FailedTrial | undefined {
  const slot = readChoice(journal).trial;
  const boot = global.boot;
  if (slot < 0 || (boot && (boot.trial || boot.armed))) return undefined;
  const note = journal.get(WHY);
  let why = "the image was damaged before it could start";
  if (note && note.slot === slot) why = note.text.trim();
  else if (journal.isMarked(KIND, FAILED_MARK)) why = "failed";
  else if (journal.isMarked(KIND, 2))
    why = "not confirmed within " + device.trial.starts + " starts";
  return { slot: slot, why: why };
}

/** Forgets a trial that is over. False: the journal can't be written. */
export function clearTrial(journal: Journal): boolean {
  const choice = readChoice(journal);
  if (choice.trial < 0) return true;
  if (!put(journal, choice.active, choice.previous, -1, choice.security)) return false;
  if (journal.get(WHY)) journal.put(WHY, undefined);
  return true;
}

/**
 * Before a slot is overwritten: no choice names it any more. False: the journal can't be written,
 * and the slot must stay as it is.
 */
export function freeSlot(journal: Journal, slot: number): boolean {
  const choice = readChoice(journal);
  const active = choice.active === slot ? runningSlot(choice) : choice.active;
  if (active === slot) return false;
  const previous = choice.previous === slot || choice.previous === active ? -1 : choice.previous;
  const trial = choice.trial === slot ? -1 : choice.trial;
  if (active === choice.active && previous === choice.previous && trial === choice.trial) {
    return true;
  }
  return put(journal, active, previous, trial, choice.security);
}

/** Forgets failures at the start of the image that runs well now. */
export function settleStart(journal: Journal): boolean {
  const choice = readChoice(journal);
  const boot = global.boot;
  if (!boot || boot.trial || choice.trial >= 0 || choice.active !== boot.slot) return true;
  if (!journal.isMarked(KIND, START_FAILED_MARK)) return true;
  return put(journal, choice.active, choice.previous, -1, choice.security);
}

/** The next start, and only that, is without the application. False: the journal can't be written. */
export function requestSafe(journal: Journal): boolean {
  const choice = readChoice(journal);
  const record = {
    a: choice.active,
    p: choice.previous,
    t: choice.trial,
    s: choice.security,
    m: 1,
  };
  // All other marks stay.
  if (!journal.markCount(KIND)) return journal.put(KIND, record, MARKS);
  return journal.replace(KIND, record, SAFE_MARK);
}
