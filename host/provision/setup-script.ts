/**
 * The program that changes settings on a board: sent into the interpreter's memory beside what runs
 * there, and gone when the board restarts.
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { inProject } from "../build/project.ts";
import { type Board, transfer } from "../serial/index.ts";

/** All that the program depends on; the compiler itself is in the lock file. */
const SOURCES = ["src", "boards", "host/build"];
const FILES = ["rollup.config.js", "package-lock.json"];

/** A key of the sources; most commands need no more, and the compiler takes a second to load. */
function sourceKey(): string {
  const hash = createHash("sha256");
  for (const folder of SOURCES) {
    for (const name of (readdirSync(inProject(folder), { recursive: true }) as string[]).sort()) {
      if (/\.(ts|js)$/.test(name)) hash.update(name).update(readFileSync(inProject(folder, name)));
    }
  }
  for (const name of FILES) hash.update(readFileSync(inProject(name)));
  return hash.digest("hex").slice(0, 16);
}

/** The program for a board file, kept in `.cache`. */
async function setupScript(board: string): Promise<string> {
  const file = inProject(".cache/setup", `${board}-${sourceKey()}.js`);
  if (!existsSync(file)) {
    const { buildSetup } = await import("./setup-build.ts");
    await buildSetup(board, file);
  }
  return readFileSync(file, "latin1");
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
