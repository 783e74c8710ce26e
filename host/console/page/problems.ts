/**
 * What the platform complains of, in the reader's words; what the page does not know, in the
 * platform's own.
 * @module
 */
import type { Complaint } from "../../cloud/thing/codes.ts";
import type { Refusal } from "../protocol.ts";
import { text } from "./text.ts";

/** Why a request was refused; undefined when the answer does not say. */
export function refusalWords(answer: unknown): string | undefined {
  const { message, problem } = (answer ?? {}) as Partial<Refusal>;
  return inWords(text.problems, problem) ?? message;
}

/** What is wrong with a field's value, as a sentence of its own. */
export function complaintWords({ text: own, problem }: Complaint): string {
  const words = inWords(text.values, problem) ?? own;
  return text.app.sentence(words);
}

interface Known {
  kind: string;
}

/** Words for a problem by its kind; undefined for one that is not known. */
export function inWords(words: object, problem: Known | undefined): string | undefined {
  if (!problem || !Object.hasOwn(words, problem.kind)) return undefined;
  const say = (words as Record<string, (problem: object) => string>)[problem.kind];
  return say?.(problem);
}
