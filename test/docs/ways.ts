/**
 * How each command of the documents is tried. A command that is not here makes the test fail. Words in
 * capitals stand for any value, in brackets for one that may be missing.
 * @module
 */
import { noPty } from "../../host/modem/pty.ts";
import { FREE_PORTS } from "../cloud/free-ports.ts";
import { BOARD, BUILD, CLOUD, PACK } from "./stand.ts";

/** What has to be there first. */
export type Need = "build" | "platform" | "image" | "board";

/** It is run, on the stand. */
export interface Run {
  kind: "run";
  needs?: Need;
  /** What stands for the words that a user replaces. */
  bind?: Record<string, string>;
  /** Arguments more: free ports, and the like. `@port` is the board's console. */
  more?: string[];
  /** For a program that stays: Ctrl-C then. */
  until?: RegExp;
  /** What it has to print. */
  shows: RegExp;
  /** Exit code, 0 by default. */
  code?: number;
  /** Why it can't run here. */
  skip?: string | undefined;
}

/** Another test runs it. Of the command, its flags and lower-case words have to stand there. */
export interface Elsewhere {
  kind: "elsewhere";
  /** Path below `test/`. */
  file: string;
  /** What has to stand there instead of the program's name. */
  instead?: string[];
}

/** Another command of the table does as much. */
export interface Same {
  kind: "same";
  as: string;
  why: string;
}

/** It is not run: its program and its flags have to be there, and its words are part of file names. */
export interface Known {
  kind: "known";
  why: string;
  /** Below which its words are parts of files' paths. */
  folder?: string;
}

export type Way = Run | Elsewhere | Same | Known;

const run = (shows: RegExp, more: Omit<Run, "kind" | "shows"> = {}): Run => {
  return { kind: "run", shows, ...more };
};
const elsewhere = (file: string, ...instead: string[]): Elsewhere => {
  return { kind: "elsewhere", file, ...(instead.length > 0 ? { instead } : {}) };
};
const same = (as: string, why: string): Same => ({ kind: "same", as, why });
const known = (why: string, folder?: string): Known => {
  return { kind: "known", why, ...(folder === undefined ? {} : { folder }) };
};

const IMAGE = "dist/esp32/QuecPython-Tracker-1.1.0.bin";
const PUSH = `npm run ota -- push ${IMAGE} --device`;
const LONG = "takes minutes or hours";
const onBoard: Omit<Run, "kind" | "shows"> = { needs: "board", more: ["--port", "@port"] };

export const WAYS: Record<string, Way> = {
  "npm ci": known("would replace the packages under the tests that run; .ci/run begins with it"),
  "npm test": known("is this run"),
  "npm test -- WORD": known("would be part of this run", "test"),
  "npm run lint": known(".ci/run has it"),
  "npm run format": known("would change the sources"),

  "npm start": elsewhere("cli/start.test.ts"),
  "npm start -- --once": elsewhere("cli/start.test.ts"),
  "npm start -- --board NAME --once": elsewhere("cli/start.test.ts"),
  "npm start -- --board esp32-ec600n": elsewhere("e2e/modem.test.ts", "runWalk", "esp32-ec600n"),

  [CLOUD]: run(/"mqtt":"127\.0\.0\.1:\d+".*"console":"http:/, { needs: "platform" }),
  "npm run cloud": same("npm run cloud -- --products FILE", "products of its own"),
  "npm run cloud -- --products FILE": run(/deviceSecret +\w{32}$/m, {
    bind: { FILE: "my-products.json" },
    more: ["--memory", ...FREE_PORTS],
    until: /Ctrl\+C stops/,
  }),
  "npm run cloud -- --host 0.0.0.0": known("tests listen on this computer only"),
  "npm run cloud -- --plain-registration": known("test/cloud has the option by itself"),
  "npm run cloud -- --help": run(/--port-mqtt PORT/),

  [BUILD]: run(/JsVars +\d+ started.*src\/ota +\d+ bytes/s, { needs: "build" }),
  "npm run build -- --app examples/shadow.ts": known(
    "it writes to the folder of a build that other tests use; test/examples builds all examples",
  ),
  "npm run build -- --board NAME": same(BUILD, "esp32 is the board without --board"),
  [BOARD]: run(/info ali: logged on to/, { needs: "board" }),
  "npm run board -- --board NAME": elsewhere("cli/board.test.ts"),
  "npm run watch": run(/^-- runs after/m, { needs: "build", until: /^-- runs after/m }),

  [PACK]: run(/Version +1\.1\.0.*Signature none/s, { needs: "image" }),
  "npm run pack -- --new-key FILE": elsewhere("cli/pack.test.ts"),
  "npm run pack -- --board NAME --version VERSION --key FILE [FILE]": elsewhere("cli/pack.test.ts"),
  "npm run image -- verify FILE": run(/: good$/m, { needs: "image", bind: { FILE: IMAGE } }),

  [`${PUSH} demo_0001`]: run(/^demo_0001 100 SUCCEEDED$/m, { needs: "board" }),
  "npm run ota -- push IMAGE --device demo_0001": run(/^demo_0001 100 SUCCEEDED$/m, {
    needs: "board",
    bind: { IMAGE },
  }),
  // No such devices are online: the jobs begin, and wait.
  [`${PUSH} tracker_0001 --verify`]: run(/^Job \w+ on 127.*1 not done yet/ms, {
    needs: "image",
    more: ["--wait", "1"],
    code: 1,
  }),
  "npm run ota -- push IMAGE --device NAME --device NAME": elsewhere("cli/ota.test.ts"),
  "npm run ota -- push": elsewhere("cli/ota.test.ts"),
  "npm run ota -- list": run(/^QuecPython-Tracker 1\.1\.0 of /m, { needs: "board" }),
  "npm run ota -- --help": elsewhere("cli/ota.test.ts"),

  "npm run doctor": same("npm run doctor -- --config device.json", "takes device.json by itself"),
  "npm run doctor -- --config device.json": run(/settings +device\.json is valid/, onBoard),
  "npm run doctor -- --log-on": run(/✔ credentials/, onBoard),
  "npm run monitor": elsewhere("monitor/commands.test.ts"),
  "npm run repl": elsewhere("monitor/commands.test.ts"),
  "npm run trace -- board.log": run(/0\.6 info board: esp32, Espruino 2v29\.277/),

  "npm run storage -- ls": elsewhere("storage/cli.test.ts"),
  "npm run storage -- get NAME [FILE]": elsewhere("storage/cli.test.ts"),
  "npm run storage -- put FILE [NAME]": elsewhere("storage/cli.test.ts"),
  "npm run storage -- rm NAME": elsewhere("storage/cli.test.ts"),
  "npm run storage -- df": elsewhere("storage/cli.test.ts"),

  "./flash.sh --board NAME --config FILE": elsewhere("cli/flash.test.ts"),
  "./flash.sh --board NAME --interpreter FILE --config FILE": elsewhere(
    "serial/esptool.test.ts",
    "bootloader",
    ".tgz",
  ),
  "npm run provision -- --config FILE": elsewhere("provision/cli.test.ts"),
  "npm run provision -- --ask": elsewhere("provision/questions.test.ts", "askSettings"),
  "npm run provision -- --set FIELD": elsewhere("provision/cli.test.ts"),
  "npm run provision -- --show": elsewhere("provision/cli.test.ts"),

  "npm run tsl -- model.json --out src/app/model.ts": run(/src\/app\/model\.ts/),
  "npm run tsl -- model.json --check sample.json": run(/thing\.event\.property\.post/),

  "npm run modem": run(/EC600N on \/dev/, { until: /Ctrl\+C stops/, skip: noPty() }),
  "npm run modem -- --faults": run(/^F42/m),
  "npm run test:transcripts -- FOLDER": run(/all agree$/m, { bind: { FOLDER: "recordings" } }),
  "npm run test:storm": known(LONG),
  "npm run bench -- WORD": known(LONG, "bench"),
  "npm run bench -- --check": known(LONG),
};

/** Whether a command is what a key of the table says. */
function fits(key: string, command: string): boolean {
  const words = command.split(" ");
  let at = 0;
  for (const word of key.split(" ")) {
    const isAny = /^\[?[A-Z]+\]?$/.test(word);
    const given = words[at];
    const isMet = isAny ? given !== undefined && !given.startsWith("--") : given === word;
    if (isMet) at++;
    else if (!word.startsWith("[")) return false;
  }
  return at === words.length;
}

/** The key in the table for a command, the narrowest first. */
export function keyOf(command: string): string | undefined {
  if (WAYS[command]) return command;
  return Object.keys(WAYS).find((key) => fits(key, command));
}
