/**
 * The commands that documents show, and what a command line consists of.
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, root } from "./documents.ts";

const FLASH = "./flash.sh";
/** How a command of this project begins, in code of any kind. */
const OURS = /^(npm|npx|node) |^\.\/flash\.sh\b|^\.ci\//;

/** Scripts of `package.json` by name. */
export const scripts: Record<string, string> = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
).scripts;

/** A command that a document shows. */
export interface Shown {
  command: string;
  document: string;
  /** Stands in the text without arguments: a name, and not a call. */
  isName: boolean;
}

/** Without a remark behind it; several joined by `&&` are several. */
function split(line: string): string[] {
  return line
    .replace(/(^|\s)#.*$/, "")
    .split("&&")
    .map((command) => command.trim().replaceAll(/\s+/g, " "))
    .filter((command) => command !== "");
}

/** All of a document: of blocks for the shell every line, else what begins like one of ours. */
export function commandsOf({ path, blocks, spans }: Document): Shown[] {
  const inBlocks = blocks.flatMap(({ language, lines }) =>
    lines
      .filter((line) => language === "sh" || OURS.test(line.trim()))
      .flatMap((line) => split(line)),
  );
  const inText = spans.filter((span) => OURS.test(span)).flatMap((span) => split(span));
  return [
    ...inBlocks.map((command) => ({ command, document: path, isName: false })),
    ...inText.map((command) => ({ command, document: path, isName: !/ -/.test(command) })),
  ];
}

/** What a command line runs. */
export interface Program {
  /** The script's name in `package.json`, or the file that is run. */
  name: string;
  /** TypeScript file from the root, where it is one. */
  file: string | undefined;
  args: string[];
}

/** Throws an Error when there is no such program. */
export function programOf(command: string): Program {
  const [first = "", ...rest] = command.split(" ");
  if (first === FLASH) return { name: FLASH, file: flashFile(), args: rest };
  if (first !== "npm") throw new Error(`${command}: neither npm nor ${FLASH}`);
  const words = rest.filter((word) => word !== "--silent");
  const [verb = ""] = words;
  const isRun = verb === "run";
  const name = isRun ? (words[1] ?? "") : verb;
  const args = words.slice(isRun ? 2 : 1);
  const line = scripts[name];
  if (line === undefined) throw new Error(`${command}: package.json has no script "${name}"`);
  if (args.length > 0 && args[0] !== "--") throw new Error(`${command}: "--" is missing`);
  return { name, file: /^tsx (\S+)$/.exec(line)?.[1], args: args.slice(1) };
}

function flashFile(): string | undefined {
  return /host\/cli\/flash\.ts/.exec(readFileSync(join(root, FLASH), "utf8"))?.[0];
}

/** The flags among arguments, without values. */
export function flagsOf(args: string[]): string[] {
  return args.filter((arg) => /^--\w/.test(arg)).map((arg) => arg.replace(/=.*$/, ""));
}
