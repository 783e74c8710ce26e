/**
 * Instructions of a program, counted by valgrind's callgrind: only those within some functions, and
 * apart for each stretch between two marks. A mark is a call of a function.
 * @module
 */
import { readFileSync } from "node:fs";
import { findProgram } from "../../host/board/find-interpreter.ts";

export interface Counting {
  /** Names of the functions within which is counted; none of them calls another one of them. */
  within: string[];
  /** Names of the functions whose calls are marks. */
  marks: string[];
  /** Names of functions that are stretches of their own. */
  apart?: string[];
  /** Where the counts go. */
  file: string;
}

/** What was counted up to a mark, from the one before on. */
export interface Stretch {
  /** The function whose call ended it; undefined: the end of the program did, or `apart`. */
  mark: string | undefined;
  /** The function that it is all of, if it is one of those. */
  apart: string | undefined;
  instructions: number;
  /** Those within a function, by its name; of one that calls itself, too many. */
  spentIn(name: string): number;
}

/** Path of valgrind; undefined when there is none. */
export function findValgrind(): string | undefined {
  return findProgram("VALGRIND", "valgrind");
}

/** Command and arguments that run `program` and count. */
export function countingCommand(valgrind: string, program: string, counting: Counting): string[] {
  const { apart = [] } = counting;
  return [
    valgrind,
    "-q",
    "--tool=callgrind",
    "--collect-atstart=no",
    "--dump-line=no",
    "--combine-dumps=yes",
    ...counting.within.map((name) => `--toggle-collect=${name}`),
    ...[...counting.marks, ...apart].map((name) => `--dump-before=${name}`),
    ...apart.map((name) => `--dump-after=${name}`),
    `--callgrind-out-file=${counting.file}`,
    program,
  ];
}

/** What was counted. Throws an Error when there is nothing. */
export function readCounts({ file, within }: Counting): Stretch[] {
  // Each part begins with its number; names are given once in the file, and by number later on.
  const parts = readFileSync(file, "latin1")
    .split(/^part: /m)
    .slice(1);
  const names = new Map<string, string>();
  const stretches = parts.map((part) => readPart(part, names));
  if (stretches.every(({ instructions }) => instructions === 0))
    throw new Error(
      `callgrind counted nothing: the program has no ${within.join(", ")} (stripped, or inlined)`,
    );
  return stretches;
}

function readPart(part: string, names: Map<string, string>): Stretch {
  const total = /^(?:totals|summary): (\d+)/m.exec(part)?.[1];
  if (total === undefined) throw new Error("callgrind wrote a part without a sum");
  const spent = new Map<string, number>();
  const lines = part.split("\n");
  let callee = "";
  for (const [index, line] of lines.entries()) {
    const named = /^(c?fn)=\((\d+)\)(?: (.*))?$/.exec(line);
    if (named) {
      const [, kind, number = "", name] = named;
      if (name !== undefined) names.set(number, name);
      if (kind === "cfn") callee = names.get(number) ?? "";
    } else if (line.startsWith("calls=")) {
      // The next line has a place, and what the calls took.
      const cost = Number(lines[index + 1]?.split(" ")[1] ?? 0);
      spent.set(callee, (spent.get(callee) ?? 0) + cost);
    }
  }
  return {
    mark: /^desc: Trigger: --dump-before=(.*)$/m.exec(part)?.[1],
    apart: /^desc: Trigger: --dump-after=(.*)$/m.exec(part)?.[1],
    instructions: Number(total),
    spentIn: (name) => spent.get(name) ?? 0,
  };
}
