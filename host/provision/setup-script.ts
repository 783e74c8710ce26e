/**
 * The program that changes settings on a board: built from `src/setup`, sent into the interpreter's
 * memory, and gone when the board restarts.
 * @module
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { boardFile } from "../build/boards.ts";
import { bundle } from "../build/bundle.ts";
import { createProgram } from "../build/program.ts";
import { inProject } from "../build/project.ts";
import { buildKey, recall, remember } from "../build/reuse.ts";
import { type Board, transfer } from "../serial/index.ts";

/** Begins the program's own names. */
const PREFIX = "$s";

/** The program for a board file, as text; kept in `.cache` until a source changes. */
async function setupScript(board: string): Promise<string> {
  const entry = inProject("src/setup/setup.ts");
  const file = boardFile(board);
  const program = createProgram([entry], file);
  const dir = inProject(".cache/setup", board);
  const script = join(dir, "setup.js");
  const key = buildKey(program, [board, entry]);
  if (!recall(dir, key, [script])) {
    mkdirSync(dir, { recursive: true });
    const work = mkdtempSync(`${dir}.`);
    try {
      const made = join(work, "setup.js");
      const { findings } = await bundle({
        program,
        entry,
        boardFile: file,
        file: made,
        prefix: PREFIX,
      });
      if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join("\n"));
      renameSync(made, script);
    } finally {
      rmSync(work, { recursive: true });
    }
    remember(dir, key, [script], true);
  }
  return readFileSync(script, "latin1");
}

/** A value as an argument in the interpreter's code: ASCII, whatever it holds. */
export function argument(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Loads the program, beside what runs on the board, unless it is there: `$setup`. */
export async function loadSetup(board: Board, boardName: string): Promise<void> {
  if (await board.query<boolean>('typeof $setup=="object"')) return;
  await sendText(board, await setupScript(boardName));
  // In a function, so that its names are not the firmware's; without the text, which takes memory.
  await board.evaluate(
    '(function(t){delete global.$text;eval("(function(){"+t+"\\n})()")})(global.$text)',
    { timeout: 30_000 },
  );
}

/** Puts a text, ASCII, into the interpreter's global `$text`. */
export async function sendText(board: Board, text: string): Promise<void> {
  const append = 'function(o,d){if(!o)global.$text="";if(global.$text.length==o)global.$text+=d}';
  await transfer(board, Buffer.from(text, "latin1"), append);
}

/** Frees the memory that this took on the board, when nothing else is to be asked. */
export async function releaseBoard(board: Board): Promise<void> {
  await board.query("delete global.$setup,delete global.$text");
}
