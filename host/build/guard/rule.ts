/**
 * What a rule of the dialect guard sees and says.
 * @module
 */
import type ts from "../typescript.js";

/** What rules ask about the program, and where they complain. */
export interface Guard {
  readonly checker: ts.TypeChecker;
  /** Refuses the code at `node`; `message` says why and what to write instead. */
  refuse(node: ts.Node, message: string): void;
}

/** Called for every node of every module, parents before children. */
export type Rule = (node: ts.Node, guard: Guard) => void;
