/**
 * Talks with a module: command lines and the answers they have to get.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dialogue } from "./dialogue.ts";
import { info } from "./dialogue.ts";

export const cme = (code: number) => `\r\n+CME ERROR: ${code}\r\n`;

/** A title, the lines of a talk with their answers, in turn. */
export type Talk = [title: string, lines: [line: string, answer: string, ms?: number][]];

export function check(make: () => Dialogue, talks: Talk[]): void {
  for (const [title, lines] of talks) {
    test(title, () => {
      const modem = make();
      for (const [line, answer, ms] of lines) assert.equal(modem.ask(line, ms), answer, line);
    });
  }
}

/** AT+QIGETERROR's answer. */
export const tcp = (error: number, text: string) => info(`+QIGETERROR: ${error},${text}`);
