/**
 * Completes names and members of what is on the board, `ali.` foremost.
 * @module
 */
import type { Board } from "../../serial/index.ts";

/** A path of names, of which the last may be incomplete: nothing else is evaluated. */
const PATH = /(?:^|[^\w$.)\]"'])((?:[A-Za-z_$][\w$]*\.)*)([A-Za-z_$][\w$]*)?$/;
/** Milliseconds; who types does not wait longer. */
const PATIENCE = 1500;

const WORDS = [
  ..."break case catch const continue default delete do else false finally for function if in".split(
    " ",
  ),
  ..."instanceof let new null return switch this throw true try typeof undefined var while".split(
    " ",
  ),
];
/** What the interpreter knows without having it among its globals. */
const BUILT_IN =
  "ali Array ArrayBuffer Boolean Date E Error Float32Array Function Infinity Int8Array JSON Math NaN " +
  "Number Object Promise RegExp Serial1 Serial2 Storage String Uint8Array Uint16Array analogRead " +
  "analogWrite atob btoa clearInterval clearTimeout clearWatch console decodeURIComponent digitalRead " +
  "digitalWrite encodeURIComponent eval getTime global isNaN load parseFloat parseInt pinMode print " +
  "process require reset save setInterval setTime setTimeout setWatch trace";

/** What every object has. */
const COMMON = new Set(
  (
    "addListener clone constructor emit hasOwnProperty on prependListener removeAllListeners " +
    "removeListener toString valueOf"
  ).split(" "),
);

/** Names of an object and its prototypes, whatever they hold. */
const NAMES =
  "(function(o,k,i){k={};for(i=0;o&&i<4;i++){" +
  "Object.getOwnPropertyNames(o).concat(typeof o=='object'?Object.keys(o):[]).forEach(function(n){k[n]=1});" +
  "o=Object.getPrototypeOf(o)}return Object.keys(k)})";

/** Candidates for the end of a line, and the end that they replace. */
export async function complete(board: Board, line: string): Promise<[string[], string]> {
  const match = PATH.exec(line);
  if (!match) return [[], ""];
  const [, path = "", start = ""] = match;
  if (path === "" && start === "") return [[], ""];
  const object = path === "" ? "global" : path.slice(0, -1);
  const found = await namesOf(board, object);
  const known = path === "" ? [...WORDS, ...BUILT_IN.split(" ")] : [];
  const names = [...new Set([...found, ...known])]
    .filter((name) => name.startsWith(start) && /^[A-Za-z_$][\w$]*$/.test(name))
    // The firmware's own names are of no use to a person.
    .filter((name) => start.startsWith("$") || !name.startsWith("$"))
    .filter((name) => path === "" || !COMMON.has(name))
    .sort();
  return [names.map((name) => path + name), path + start];
}

async function namesOf(board: Board, object: string): Promise<string[]> {
  try {
    return await board.evaluate<string[]>(`${NAMES}(${object})`, { timeout: PATIENCE });
  } catch {
    return [];
  }
}
