/**
 * Every command that a document shows has a way to be tried, in `ways.ts`. Those that run do so in
 * `programs.test.ts` and `path.test.ts`; here it is what else the table claims.
 * @module
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { boardNames } from "../../host/build/boards.ts";
import { commandsOf, flagsOf, programOf, type Shown, scripts } from "./command-lines.ts";
import { documents, parse, root } from "./documents.ts";
import { Stand } from "./stand.ts";
import { type Elsewhere, type Known, keyOf, type Same, WAYS, type Way } from "./ways.ts";

const shown = documents().flatMap(commandsOf);
const stand = new Stand();
after(() => stand.close());

/** npm's own, or not npm's. */
const NO_SCRIPT = /^npm ci$|^\.ci\//;

/** Stands for a value that the user has: FILE, [NAME], device.json, dist/…, 1.1.0, qos=0. */
const isValue = (arg: string) => /[A-Z.[\]=]/.test(arg) && !arg.startsWith("--");

/** Why a command of a document can't be, if so. */
function objection({ command, isName }: Shown): string | undefined {
  if (!isName && keyOf(command) === undefined) return "no way to try it: see test/docs/ways.ts";
  if (NO_SCRIPT.test(command)) {
    const isThere = command.startsWith("npm") || existsSync(join(root, command));
    return isThere ? undefined : "no such file";
  }
  try {
    const { file, args } = programOf(command);
    if (file !== undefined && !existsSync(join(root, file))) return `${file} is missing`;
    const board = args[args.indexOf("--board") + 1] ?? "";
    const isBoard = !args.includes("--board") || isValue(board) || boardNames().includes(board);
    return isBoard ? undefined : `no board ${board}`;
  } catch (error) {
    return (error as Error).message;
  }
}

test("the documents' commands are known, and name programs and boards that there are", () => {
  const wrong = shown.flatMap((one) => {
    const why = objection(one);
    return why === undefined ? [] : [`${one.document}: ${one.command}: ${why}`];
  });
  assert.deepEqual(wrong, []);
});

test("commands are found wherever they stand, and what is wrong with one is told", () => {
  const text = "`npm run\ntoast` and `npm start`\n```\nnpm run build -- --board pc\n```\n";
  const found = commandsOf(parse("x.md", `${text}\`\`\`sh\nls && npm start  # both\n\`\`\`\n`));
  assert.deepEqual(
    found.map(({ command, isName }) => [command, isName]),
    [
      ["npm run build -- --board pc", false],
      ["ls", false],
      ["npm start", false],
      ["npm run toast", true],
      ["npm start", true],
    ],
  );
  const why = found.map(objection);
  assert.match(why[0] ?? "", /no board pc/);
  assert.match(why[1] ?? "", /no way to try it/);
  assert.match(why[3] ?? "", /no script "toast"/);
  assert.equal(why[4], undefined);
});

test("words in capitals stand for values, and for no flags", () => {
  const put = "npm run storage -- put FILE [NAME]";
  assert.equal(keyOf("npm run storage -- put a.pem ca.pem"), put);
  assert.equal(keyOf("npm run storage -- put a.pem"), put);
  assert.equal(keyOf("npm run storage -- put"), undefined);
  assert.equal(keyOf("npm run storage -- put a b c"), undefined);
  assert.equal(keyOf("npm run storage -- put a --quick"), undefined);
});

test("no program is left out, and no way is for a command that no document shows", () => {
  const names = shown
    .filter(({ command }) => /^npm (run|start|test)\b/.test(command))
    .map(({ command }) => programOf(command).name);
  assert.deepEqual(
    Object.keys(scripts).filter((name) => !names.includes(name)),
    [],
  );
  const used = shown.map(({ command }) => keyOf(command));
  assert.deepEqual(
    Object.keys(WAYS).filter((key) => !used.includes(key)),
    [],
  );
});

/** Another test runs the program with the command's flags and words. */
function checkElsewhere(command: string, { file, instead }: Elsewhere): void {
  const source = readFileSync(join(root, "test", file), "utf8");
  const { file: program = "", name, args } = programOf(command);
  const stem = basename(program, ".ts");
  const isMentioned = source.includes(`${stem}.ts`) || source.includes(`"${stem}"`);
  assert.ok(instead !== undefined || name === "./flash.sh" || isMentioned, `${file}: no ${name}`);
  const isOfFlag = (at: number) => args[at - 1]?.startsWith("--") && !args[at]?.startsWith("--");
  const words = args.filter((arg, at) => !isOfFlag(at) && !isValue(arg)).map((arg) => `"${arg}"`);
  for (const word of instead ?? words) assert.ok(source.includes(word), `${file}: no ${word}`);
}

/** The program's help has the flags; what chooses files chooses some. */
async function checkKnown(command: string, { folder }: Known): Promise<void> {
  if (NO_SCRIPT.test(command)) return;
  const program = programOf(command);
  const flags = flagsOf(program.args);
  if (flags.length > 0) {
    const { code, text } = await stand.outcome(`npm run ${program.name} -- --help`);
    assert.equal(code, 0, text);
    for (const flag of flags) assert.match(text, new RegExp(`${flag}\\b`), `${command}: ${flag}`);
  }
  if (folder === undefined) return;
  const files = readdirSync(join(root, folder), { recursive: true }) as string[];
  const meant = shown.filter((one) => keyOf(one.command) === command);
  for (const word of meant.flatMap((one) => programOf(one.command).args)) {
    assert.ok(
      files.some((file) => file.includes(word)),
      `no file in ${folder} for ${word}`,
    );
  }
}

function checkSame(command: string, { as }: Same): void {
  assert.equal(WAYS[as]?.kind, "run", as);
  assert.equal(programOf(command).name, programOf(as).name);
}

describe("commands that are not run here", () => {
  const check = async (command: string, way: Way) => {
    if (way.kind === "elsewhere") checkElsewhere(command, way);
    else if (way.kind === "same") checkSame(command, way);
    else if (way.kind === "known") await checkKnown(command, way);
  };
  for (const [command, way] of Object.entries(WAYS)) {
    if (way.kind !== "run") test(command, () => check(command, way));
  }
});
