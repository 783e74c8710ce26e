/**
 * The families that can be simulated.
 * @module
 */
import type { Family, FamilyName } from "./family.ts";
import { bg95, bg96 } from "./qualcomm.ts";
import { ec600n, ec800m } from "./standard-a.ts";
import { ec200u, eg915u } from "./unisoc.ts";

export const families: Record<FamilyName, Family> = {
  EC600N: ec600n,
  EC800M: ec800m,
  EC200U: ec200u,
  EG915U: eg915u,
  BG95: bg95,
  BG96: bg96,
};

/** A family by its name; throws an error that lists the names. */
export function familyOf(name: string): Family {
  const family = (families as Record<string, Family | undefined>)[name.toUpperCase()];
  if (family) return family;
  throw new RangeError(`unknown family "${name}", known are ${Object.keys(families).join(", ")}`);
}
