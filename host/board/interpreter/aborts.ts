/**
 * The ways in which a script's run ends without the script being able to catch it.
 * @module
 */

/** Ends the current callback or boot file: no `catch` and no `finally` of the script runs. */
export class Interruption extends Error {
  override name = "Interruption";
  /** `message` is what is reported as an exception; `flags` are the error flags it raises. */
  constructor(
    message: string,
    readonly flags: string[] = [],
  ) {
    super(message);
  }
}

/** The board restarts: by the script's wish, by its watchdog. */
export class Restart extends Interruption {
  override name = "Restart";
}

/** No JsVar is free: the current callback ends, as it does on the interpreter. */
export function outOfMemory(): Interruption {
  return new Interruption("", ["LOW_MEMORY", "MEMORY"]);
}
