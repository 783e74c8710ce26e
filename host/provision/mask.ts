/**
 * Settings without their secrets, for people.
 * @module
 */
import { openNames } from "./schema.ts";

/** Stands for a secret that is set. */
const HIDDEN = "(hidden)";

/** A copy in which secrets, and all that the schema does not know, can't be read. */
export function maskSecrets(settings: unknown): unknown {
  return masked(settings, false, new Set(openNames()));
}

function masked(value: unknown, isOpen: boolean, open: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, isOpen, open));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, masked(item, open.has(name), open)]),
    );
  }
  return isOpen ? value : HIDDEN;
}
