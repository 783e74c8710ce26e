/**
 * What can be wrong with a setting, for programs that put it into words of their own.
 * @module
 */

/** Kinds of problems, each with what its words need; never a value that was given. */
export interface SettingsProblems {
  missing: object;
  /** There is no such field; `meant`: the one that probably is. */
  unknown: { meant: string };
  type: { expected: "object" | "array" | "string" | "integer" | "boolean" };
  oneOf: { allowed: string };
  range: { least: number; most: number };
  /** The field's pattern does not fit; `[]` stands for an index. */
  pattern: { field: string };
  shorter: { least: number };
  longer: { most: number };
  fewer: { least: number };
  more: { most: number };
  bytes: { most: number };
  port: { least: number; most: number };
  /** A board on Wi-Fi without a network. */
  noNetwork: object;
  /** Neither a secret, nor a product's to register with, nor a certificate. */
  noSecret: object;
  /** User and password of an access point that is not named. */
  noApn: object;
  /** All of it takes more than the board keeps. */
  size: { bytes: number; most: number };
}

export type SettingsProblem = {
  [K in keyof SettingsProblems]: { kind: K } & SettingsProblems[K];
}[keyof SettingsProblems];
