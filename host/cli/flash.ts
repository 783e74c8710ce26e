/**
 * `./flash.sh`: builds a board's firmware, puts it on the board, and shows what the board says.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { DeviceBoard } from "../../boards/board.ts";
import { type Board as BoardFile, boardNames, loadBoard } from "../build/boards.ts";
import type { BuildResult } from "../build/index.ts";
import { shownPath } from "../build/project.ts";
import { factoryImage, installFirmware } from "../demo/install.ts";
import { InterpreterError, writeInterpreter } from "../flash/esptool.ts";
import { exitCodeOf, flash } from "../flash/index.ts";
import { insistOnAnswer } from "../flash/insist.ts";
import { ProgressDisplay } from "../flash/progress.ts";
import { monitor } from "../monitor/index.ts";
import { deviceFileText, provision, readSettingsFile } from "../provision/index.ts";
import { type Board, choosePort, openBoard } from "../serial/index.ts";

const usage = `usage: ./flash.sh [options]
  --board NAME        ${boardNames().join(", ")} (esp32)
  --app FILE          the application, a module that exports startApp (src/app/app.ts)
  --port PORT         /dev/tty…, COM… or tcp://HOST:PORT; found, or asked for, without
  --config FILE       settings to send, a device.json
  --interpreter FILE  first put Espruino on the ESP32: a release's .tgz (needs esptool)
  --erase             first take away all that the board holds, settings included
  --no-monitor        do not go on showing what the board says
  --json              print the result as one line of JSON and end; progress to standard error
  --help
Exit codes: 0 done · 1 the build failed, or another fault · 2 wrong options · 3 no port found or
chosen · 4 the port can't be opened · 5 nothing answers like Espruino · 6 the interpreter does not suit
the board · 7 connection lost, or too much noise · 8 the board refuses, or runs something else
afterwards · 9 esptool is missing or failed. After 5 and more: the same command again repairs.`;

type DeviceSettings = ReturnType<typeof readSettingsFile>;

class UsageError extends Error {
  readonly exitCode = 2;
}

function readOptions() {
  let values: ReturnType<typeof parse>;
  try {
    values = parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (!boardNames().includes(values.board)) {
    throw new UsageError(`--board ${values.board}: expected one of ${boardNames().join(", ")}`);
  }
  return values;
}

function parse() {
  return parseArgs({
    options: {
      board: { type: "string", default: "esp32" },
      app: { type: "string" },
      port: { type: "string" },
      config: { type: "string" },
      interpreter: { type: "string" },
      erase: { type: "boolean", default: false },
      "no-monitor": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
}

type Options = ReturnType<typeof parse>;

function readSettings(file: string, link: DeviceBoard["link"]): DeviceSettings {
  try {
    return readSettingsFile(file, link);
  } catch (error) {
    throw new UsageError(`--config: ${(error as Error).message}`);
  }
}

/** Names of the board files for an interpreter. */
async function boardsByInterpreter(): Promise<(interpreter: string) => string[]> {
  const boards = await Promise.all(boardNames().map((name) => loadBoard(name)));
  return (interpreter) =>
    boards
      .filter(({ device }) => device.needs().interpreters.includes(interpreter))
      .map(({ device }) => device.name);
}

/** For the Linux port without a port: its flash is a file. */
async function writeFlashFile(options: Options, built: BuildResult): Promise<void> {
  const { device, machine } = await loadBoard(options.board);
  const path = join(built.dir, "espruino.flash");
  mkdirSync(built.dir, { recursive: true });
  writeFileSync(join(built.dir, "factory.bin"), factoryImage(machine, built));
  const settings = options.config && deviceFileText(readSettingsFile(options.config, device.link));
  installFirmware(path, machine, built, settings);
  console.log(`
${shownPath(path)} holds all of it: start Espruino's Linux build in the folder of that file.
For one that runs already, and shows its console on a port: --port tcp://HOST:PORT.`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return void console.log(usage);
  const { device, machine } = await loadBoard(options.board);
  const settings = options.config ? readSettings(options.config, device.link) : undefined;
  const display = new ProgressDisplay(options.json ? process.stderr : process.stdout);
  const isFile = !machine.flash.raw && options.port === undefined;
  const port = isFile
    ? undefined
    : await choosePort(options.port, { tell: (text) => display.step(`port ${text}`) });
  // The compiler is loaded only now: what is wrong with the options, or the port, shows at once.
  const board = port === undefined || options.interpreter ? undefined : await open(port);
  try {
    const { build } = await import("../build/index.ts");
    const { app } = options;
    const built = await build({ board: options.board, app, quiet: options.json });
    if (port === undefined) return await writeFlashFile(options, built);
    await flashBoard(board ?? (await openNewChip(port, options, device, display)), built, {
      options,
      board: { device, machine },
      settings,
      display,
    });
  } finally {
    await board?.close();
  }
}

/** Puts the interpreter on a chip, and opens it. */
async function openNewChip(
  port: string,
  { interpreter = "", erase }: Options,
  device: DeviceBoard,
  display: ProgressDisplay,
): Promise<Board> {
  await writeInterpreter({
    interpreter: device.needs().interpreters[0] as string,
    port,
    file: interpreter,
    erase,
    tell: (text) => display.step(text),
  });
  return open(port);
}

async function open(port: string): Promise<Board> {
  return openBoard(port, { patience: 0 });
}

interface Job {
  options: Options;
  board: BoardFile;
  settings: DeviceSettings | undefined;
  display: ProgressDisplay;
}

async function flashBoard(opened: Board, built: BuildResult, job: Job): Promise<void> {
  const { options, display, settings } = job;
  const { device } = job.board;
  const ended = new AbortController();
  const port = new ReopenedPort(opened);
  let watching: Promise<void> | undefined;
  try {
    await insistOnAnswer(opened, display);
    const begun = Date.now();
    const result = await flash(opened, {
      ...job.board,
      build: built,
      erase: options.erase,
      boardsFor: await boardsByInterpreter(),
      reporter: display,
      reopen: () => port.reopen(),
      beforeRestart: async (board) => {
        if (settings) {
          display.step("settings");
          await provision(board, { device, certain: true }, { settings, noRestart: true });
        }
        if (options["no-monitor"] || options.json) return;
        process.once("SIGINT", () => ended.abort());
        watching = watch(port, device, ended.signal);
      },
    });
    const seconds = (Date.now() - begun) / 1000;
    if (options.json) {
      const { sent, unchanged, figures } = result;
      const settled = settings !== undefined;
      const { name } = opened;
      const out = { board: device.name, port: name, sent, unchanged, settings: settled };
      console.log(JSON.stringify({ ...out, figures, seconds }));
    } else display.step(`done in ${seconds.toFixed(1)} s: the board runs this firmware`);
    if (/no settings/.test(result.said)) {
      display.warn("the board has no settings: npm run provision -- --config device.json");
    }
    await watching;
  } finally {
    ended.abort();
    await port.board.close();
  }
}

/** A port that may vanish, for all who use it: it is opened again once. */
class ReopenedPort {
  private reopening: Promise<Board> | undefined;

  constructor(public board: Board) {}

  reopen(): Promise<Board> {
    this.reopening ??= openBoard(this.board.name)
      .then((board) => {
        this.board = board;
        return board;
      })
      .finally(() => {
        this.reopening = undefined;
      });
    return this.reopening;
  }
}

/** Shows what the board says, its start included, until Ctrl-C. */
async function watch(port: ReopenedPort, device: DeviceBoard, signal: AbortSignal): Promise<void> {
  console.error("what the board says (Ctrl-C leaves):");
  await monitor(port.board, {
    write: (line) => console.log(line),
    colour: process.stdout.isTTY && !process.env.NO_COLOR,
    boardName: device.name,
    reopen: () => port.reopen(),
    signal,
  });
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(usage);
  const known = error instanceof UsageError || error instanceof InterpreterError;
  process.exitCode = known ? error.exitCode : exitCodeOf(error);
}
