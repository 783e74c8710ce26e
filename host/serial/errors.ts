/**
 * What can go wrong between this computer and a board, each with its cause and the next step.
 * @module
 */

/** Why a board can't be used; the kinds of a `BoardError`. */
export type BoardTrouble =
  /** No port was found, or several and nobody to ask. */
  | "no-port"
  /** The port is not there, is in use, is not allowed, or nobody listens. */
  | "not-opened"
  /** Nothing that answers like Espruino. */
  | "silent"
  /** The connection ended while it was in use. */
  | "lost"
  /** What arrives is damaged again and again. */
  | "noise"
  /** The interpreter or its Storage refuses. */
  | "refused";

/** Exit code of a command by the kind of trouble. */
export const TROUBLE_EXIT_CODES: Record<BoardTrouble, number> = {
  "no-port": 3,
  "not-opened": 4,
  silent: 5,
  lost: 7,
  noise: 7,
  refused: 8,
};

/** A board that can't be used; the message says why and what to do. */
export class BoardError extends Error {
  constructor(
    readonly trouble: BoardTrouble,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "BoardError";
  }

  /** For `process.exitCode`. */
  get exitCode(): number {
    return TROUBLE_EXIT_CODES[this.trouble];
  }
}

/** What was evaluated on the board threw. */
export class EvaluationError extends Error {
  constructor(
    message: string,
    /** The interpreter's stack trace, as it prints it; empty when there was none. */
    readonly boardStack: string,
  ) {
    super(message);
    this.name = "EvaluationError";
  }
}
