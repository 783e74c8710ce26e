/**
 * Prepares the text of a script for the board's context.
 * @module
 */

/** The text as it is run. */
export function prepare(source: string): string {
  return source;
}
