/**
 * What an upgrade of the modem stands on: what the flash keeps of it, what follows from the modem's
 * revision, how the modem is held.
 * @module
 */
import { linkMemory } from "../memory.ts";
import type { Modem } from "./modem.ts";

export const MOST_ATTEMPTS = 2;
/** In place of a number of attempts: it failed for good. */
export const FAILED = 3;

const RECORD = "modem";
/** Bytes of an address. */
const LONGEST_URL = 255;
const LONGEST_URL_TWO_STEPS = 128;
/** Seconds. */
const LIMIT = 900;
const LIMIT_TWO_STEPS = 1800;

/** A modem whose lifecycle can be held. */
export interface HeldModem extends Modem {
  readonly state: number;
  /** Nothing but the upgrade commands the modem, until `resume`. */
  suspend(): void;
  resume(): void;
}

/** Version, address, attempts. */
export interface UpgradeTarget {
  v: string;
  u: string;
  n: number;
}

/** The last one, whatever became of it; undefined: none, or it succeeded. */
export function readTarget(): UpgradeTarget | undefined {
  try {
    return linkMemory().get(RECORD);
  } catch (_error) {
    return undefined;
  }
}

/** One is under way, or may be. */
export function isUnderWay(): boolean {
  const target = readTarget();
  return !!target && target.n < FAILED;
}

/** False: the flash does not take it. */
export function writeTarget(target: UpgradeTarget | undefined): boolean {
  try {
    return linkMemory().put(RECORD, target);
  } catch (_error) {
    return false;
  }
}

/**
 * Modules whose flash is small upgrade in two steps (MiniFOTA): the MB are the last figures of the
 * revision, e.g. `EC600NCNLCR03A11M16`.
 */
function inTwoSteps(revision: string): boolean {
  const size = parseInt(revision.substr(revision.lastIndexOf("M") + 1, 2), 10);
  return size < 16;
}

/** The longest upgrade, s; the longer one when the revision is not known. */
export function longestUpgrade(revision: string | undefined): number {
  return !revision || inTwoSteps(revision) ? LIMIT_TWO_STEPS : LIMIT;
}

/** Why a modem can't take an address; empty: it can. */
export function judgeUrl(url: string, revision: string | undefined): string {
  const longest = revision && inTwoSteps(revision) ? LONGEST_URL_TWO_STEPS : LONGEST_URL;
  if (url.length > longest) {
    return "the address has " + url.length + " bytes, this modem takes " + longest;
  }
  for (let i = 0; i < url.length; i++) {
    const code = url.charCodeAt(i);
    if (code < 33 || code > 126 || code === 34) {
      return "the address holds a character that can't stand in a command";
    }
  }
  return "";
}
