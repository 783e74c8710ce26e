/**
 * What a board's console prints, as lines for people: without the prompt, and what redraws it.
 * @module
 */

/** Comes before each line that is printed past a prompt. */
const ERASE = "\x1b[J";

export class LogLines {
  private rest = "";

  /** The lines that text, in pieces of any size, completes; each with its end. */
  take(text: string): string {
    const lines = (this.rest + text).split("\n");
    // A line without an end is no more than a prompt, or goes on.
    this.rest = lines.pop()?.slice(-2000) ?? "";
    const shown = lines.map(withoutPrompt).filter((line) => line !== "");
    return shown.map((line) => `${line}\n`).join("");
  }
}

function withoutPrompt(line: string): string {
  const last = line.split(ERASE).at(-1) ?? "";
  return last.replace(/\p{Cc}/gu, "").replace(/^>/, "");
}
