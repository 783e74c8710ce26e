/**
 * Pretokenised code as JavaScript, and which place of the one is which of the other.
 * @module
 */
import { tokenOf, wordOf } from "./table.ts";

/** Code without tokens. */
export interface Plain {
  /** JavaScript with the same meaning. */
  text: string;
  /** The place in the code of a place in `text`. */
  inCode(place: number): number;
  /** The place in `text` of a place in the code. */
  inText(place: number): number;
}

/** Behind these a `/` begins a regular expression, as behind a reserved word or at the start. */
const BEFORE_PATTERN = /[!%&*+\-/<=>?[{}(,;:]/;
const VALUES = /^(true|false|null|undefined)$/;
const PART_OF_WORD = /[\w$]/;
const OPERATOR = /[-+*/%&|^!<>=?]/;

/** Where a text, a regular expression or a comment ends that begins at a place; 0 for none. */
function endOfLiteral(code: string, start: number, last: string): number {
  const first = code.charAt(start);
  if (first === '"' || first === "'" || first === "`") return behind(code, start, first);
  if (first !== "/") return 0;
  const next = code.charAt(start + 1);
  if (next === "/") return endOr(code, code.indexOf("\n", start));
  if (next === "*") return endOr(code, code.indexOf("*/", start + 2) + 2, 2);
  const isReserved = tokenOf(last) !== undefined && !VALUES.test(last);
  const isPattern = last === "" || BEFORE_PATTERN.test(last) || isReserved;
  return isPattern ? behind(code, start, "/") : 0;
}

function endOr(code: string, found: number, least = 0): number {
  return found < least ? code.length : found;
}

function behind(code: string, start: number, mark: string): number {
  for (let i = start + 1; i < code.length; i++) {
    const here = code.charAt(i);
    if (here === "\\") i++;
    else if (here === mark) return i + 1;
    else if (here === "\n" && mark !== "`") return i;
  }
  return code.length;
}

/** The blank that JavaScript needs between the text so far and a word. */
function gap(text: string, word: string): string {
  const last = text.slice(-1);
  const kind = PART_OF_WORD.test(word) ? PART_OF_WORD : OPERATOR;
  return kind.test(last) ? " " : "";
}

const same: Omit<Plain, "text"> = { inCode: (place) => place, inText: (place) => place };

/**
 * Writes the words of the tokens. Bytes in texts, regular expressions and comments stay as they are.
 */
export function plainCode(code: string): Plain {
  if (!/[\x8a-\xc6]/.test(code)) return { text: code, ...same };
  /** Of each byte of the code, where it begins in the text and where it ends. */
  const starts = new Uint32Array(code.length + 1);
  const ends = new Uint32Array(code.length + 1);
  let text = "";
  /** What was before: a word, or a character that is no white space. */
  let last = "";
  /** Whether that is a word, directly before, and whether it is one of a token. */
  let isInWord = false;
  let wasToken = false;
  let i = 0;
  const put = (shown: string) => {
    starts[i] = text.length;
    text += shown;
    ends[i++] = text.length;
  };
  while (i < code.length) {
    const end = endOfLiteral(code, i, last);
    if (end > 0) {
      if (!/^\/[/*]/.test(code.slice(i, i + 2))) last = '"';
      while (i < end) put(code.charAt(i));
      isInWord = wasToken = false;
      continue;
    }
    const here = code.charAt(i);
    const word = wordOf(code.charCodeAt(i));
    const isPart = PART_OF_WORD.test(here);
    if (word !== undefined) text += gap(text, word);
    else if (wasToken && isPart) text += " ";
    put(word ?? here);
    if (word !== undefined) last = word;
    else if (/\S/.test(here)) last = isInWord && isPart ? last + here : here;
    isInWord = isPart;
    wasToken = word !== undefined && PART_OF_WORD.test(word);
  }
  put("");
  return {
    text,
    inText: (place) => starts[Math.min(place, code.length)] as number,
    inCode: (place) => {
      let low = 0;
      let high = code.length;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= place) low = middle;
        else high = middle - 1;
      }
      return place >= (ends[low] as number) ? Math.min(low + 1, code.length) : low;
    },
  };
}
