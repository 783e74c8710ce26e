/**
 * Takes a command line apart: `ATE0V1`, `AT+CSQ;+CREG?`, `AT&FZE0` (3GPP TS 27.007, ITU-T V.250).
 * @module
 */
import { Call } from "./call.ts";

/** The commands of a line; undefined: it is none (no `AT`), "bad": it can't be read. */
export function readCommandLine(line: string): Call[] | undefined | "bad" {
  const start = line.toUpperCase().indexOf("AT");
  if (start < 0) return undefined;
  let rest = line.slice(start + 2).trim();
  const calls: Call[] = [];
  while (rest !== "") {
    if (rest.startsWith(";")) {
      rest = rest.slice(1).trim();
      continue;
    }
    const taken = rest.startsWith("+") ? takeExtended(rest) : takeBasic(rest);
    if (!taken) return "bad";
    calls.push(taken.call);
    rest = rest.slice(taken.length).trim();
  }
  return calls;
}

interface Taken {
  call: Call;
  length: number;
}

function takeExtended(text: string): Taken | undefined {
  const length = endOfCommand(text);
  const match = /^(\+[A-Z0-9]+)\s*(=\s*\?|\?|=)?\s*(.*)$/is.exec(text.slice(0, length));
  if (!match) return undefined;
  const [, name = "", sign, parameters = ""] = match;
  const capital = name.toUpperCase();
  if (sign === undefined)
    return parameters ? undefined : { call: new Call(capital, "run", ""), length };
  if (sign === "=") return { call: new Call(capital, "set", parameters.trim()), length };
  if (parameters !== "") return undefined;
  return { call: new Call(capital, sign === "?" ? "read" : "test", ""), length };
}

/** Up to the next semicolon outside of quotes. */
function endOfCommand(text: string): number {
  let quoted = false;
  for (let place = 0; place < text.length; place++) {
    const character = text[place];
    if (character === '"') quoted = !quoted;
    if (character === ";" && !quoted) return place;
  }
  return text.length;
}

function takeBasic(text: string): Taken | undefined {
  const register = /^S(\d+)(\?|=(\d+))?/i.exec(text);
  if (register) {
    const form = register[2] === "?" ? "read" : "set";
    return {
      call: new Call(`S${register[1]}`, form, register[3] ?? ""),
      length: register[0].length,
    };
  }
  const match = /^(&?[A-Z])(\d*)/i.exec(text);
  if (!match) return undefined;
  const [whole, name = "", digits = ""] = match;
  return { call: new Call(name.toUpperCase(), "run", digits), length: whole.length };
}
