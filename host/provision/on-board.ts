/**
 * What the settings' program on a board is asked, over whatever console: the same in a command and in
 * a browser. Secrets go in and never come out.
 * @module
 */
import type { Board } from "../serial/board.ts";
import { BoardError, EvaluationError } from "../serial/errors.ts";
import { transfer } from "../serial/transfer.ts";
import type { SettingChange } from "./assignment.ts";

/** Milliseconds that reading the program, and that a change of the flash may take. */
const PATIENCE = 30_000;

/** Of an image, as in `host/image`, which browsers do not load. */
const HEADER_BYTES = 1024;

/** By what a board is told from others. */
export interface Identity {
  /** Its `process.env.BOARD`. */
  interpreter: string;
  /** Of the factory image, in base64; empty where there is none. */
  header: string;
}

/** @throws BoardError */
export async function identify(board: Board): Promise<Identity> {
  const interpreter = await board.query<string>("process.env.BOARD");
  const read = `btoa(require("Storage").read("factory",0,${HEADER_BYTES})||"")`;
  return { interpreter, header: await board.query<string>(read) };
}

/** A value as an argument in the interpreter's code: ASCII, whatever it holds. */
function argument(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Loads the program, beside what runs on the board, unless it is there: `$setup`.
 * @param script gives the program for this board
 */
export async function loadSetup(board: Board, script: () => Promise<string>): Promise<void> {
  if (await board.query<boolean>('typeof $setup=="object"')) return;
  await sendText(board, await script());
  // In a function, so that its names are not the firmware's; without the text, which takes memory.
  await board.evaluate(
    '(function(t){delete global.$text;eval("(function(){"+t+"\\n})()")})(global.$text)',
    { timeout: PATIENCE },
  );
}

/**
 * The settings, `null` for each value that is not in a member named in `open`; undefined: none.
 * @throws BoardError
 */
export async function shownSettings(
  board: Board,
  open: string[],
): Promise<Record<string, unknown> | undefined> {
  try {
    const text = await board.evaluate<string>(`$setup.show(${argument(open)})`);
    return text === "" ? undefined : JSON.parse(fromBase64(text));
  } catch (error) {
    throw explained(board, error);
  }
}

/** Puts all settings, as JSON, in place of the old ones. @throws BoardError */
export function replaceSettings(board: Board, json: string): Promise<void> {
  return ask(board, "replace", json);
}

/** Changes some settings; the others stay, and need not be there. @throws BoardError */
export function changeSettings(board: Board, changes: SettingChange[]): Promise<void> {
  const list = changes.map(({ path, order, ...change }) => {
    if (order) return [path, null, order];
    return "value" in change ? [path, change.value] : [path];
  });
  return ask(board, "change", JSON.stringify(list));
}

/** Frees the memory that this took on the board, when nothing else is to be asked. */
export async function releaseBoard(board: Board): Promise<void> {
  await board.query("delete global.$setup,delete global.$text");
}

/** Has the board's program take a text, which may be longer than a line should be. */
async function ask(board: Board, what: "replace" | "change", text: string): Promise<void> {
  await sendText(board, toBase64(text));
  try {
    const run = `(function(t){delete global.$text;$setup.${what}(t)})(global.$text)`;
    await board.evaluate(run, { timeout: PATIENCE });
  } catch (error) {
    throw explained(board, error);
  }
}

/** Puts a byte string into the interpreter's global `$text`. */
async function sendText(board: Board, text: string): Promise<void> {
  const append = 'function(o,d){if(!o)global.$text="";if(global.$text.length==o)global.$text+=d}';
  await transfer(
    board,
    Uint8Array.from(text, (ch) => ch.charCodeAt(0)),
    append,
  );
}

function explained(board: Board, error: unknown): unknown {
  if (!(error instanceof EvaluationError)) return error;
  return new BoardError("refused", `${board.name}: ${error.message.replace(/^Error: /, "")}`, {
    cause: error,
  });
}

/** UTF-8 in base64, and back. */
function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0)));
}
