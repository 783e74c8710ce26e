/**
 * What a bench gives, and whether it keeps within its budget.
 * @module
 */
import type { Tool } from "./tools.ts";

/** One line of a bench's table. */
export interface Row {
  /** What was measured; no other row of the bench says the same. */
  what: string;
  value: number | string;
  unit: string;
  /** The least possible for the same effect, measured in the same run, in the same unit. */
  floor?: number;
  /** The goal in words, where it is no simple limit. */
  goal?: string;
  /** Most that the value may be. */
  most?: number;
  /** Most times the floor that the value may be. */
  mostTimes?: number;
}

/** What each file of `bench/` exports. */
export interface Bench {
  /** The table's title. */
  name: string;
  /** What it measures with, besides Node. */
  uses?: Tool[];
  /** A bench that can't run returns why, as a text. */
  bench(): Promise<Row[] | string>;
}

/** Significant digits of what is no whole number. */
const DIGITS = 4;

/** Rows as they are shown and kept. Throws an Error for one that nobody could read. */
export function checkRows(rows: Row[]): Row[] {
  const known = new Set<string>();
  return rows.map((row) => {
    const { what, value, floor } = row;
    if (what === "" || known.has(what)) throw new Error(`two rows "${what}": expected one of each`);
    known.add(what);
    for (const figure of [value, floor]) {
      if (typeof figure === "number" && !Number.isFinite(figure))
        throw new Error(`row "${what}": expected a number, not ${figure}`);
    }
    if (row.mostTimes !== undefined && floor === undefined)
      throw new Error(`row "${what}": mostTimes without a floor`);
    return {
      ...row,
      ...(typeof value === "number" ? { value: rounded(value) } : {}),
      ...(floor === undefined ? {} : { floor: rounded(floor) }),
    };
  });
}

/** A number with as many digits as are worth to be read. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}

/** How many times its floor the value is; undefined without one. */
export function ratioOf({ value, floor }: Row): number | undefined {
  return typeof value === "number" && floor ? value / floor : undefined;
}

/** The budget in words, e.g. `"<= 2 x floor"`; undefined where there is none. */
export function budgetOf({ most, mostTimes, goal }: Row): string | undefined {
  const limits = [
    ...(most === undefined ? [] : [`<= ${most}`]),
    ...(mostTimes === undefined ? [] : [`<= ${rounded(mostTimes)} x floor`]),
    ...(goal === undefined ? [] : [goal]),
  ];
  return limits.length > 0 ? limits.join(", ") : undefined;
}

/** Whether the value is above its limit. */
export function isOver({ value, floor, most, mostTimes }: Row): boolean {
  if (typeof value !== "number") return false;
  if (most !== undefined && value > most) return true;
  return mostTimes !== undefined && floor !== undefined && value > mostTimes * floor;
}
