/**
 * `./flash.sh`: builds a board's firmware, puts it on the board, and shows what the board says.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { boardNames, loadBoard } from "../build/boards.ts";
import type { BuildResult } from "../build/index.ts";
import { shownPath } from "../build/project.ts";
import { factoryImage, installFirmware } from "../demo/install.ts";
import { InterpreterError, writeInterpreter } from "../flash/esptool.ts";
import { exitCodeOf, flash } from "../flash/index.ts";
import { openInsistently } from "../flash/insist.ts";
import { ProgressDisplay } from "../flash/progress.ts";
import { type Board, choosePort } from "../serial/index.ts";

const usage = `usage: ./flash.sh [options]
  --board NAME        ${boardNames().join(", ")} (esp32)
  --port PORT         /dev/tty…, COM… or tcp://HOST:PORT; found, or asked for, without
  --config FILE       settings to send, a device.json
  --interpreter FILE  first put Espruino on the ESP32: a release's .tgz (needs esptool)
  --erase             first take away all that the board holds, settings included
  --no-monitor        do not go on showing what the board says
  --json              print the result as one line of JSON, progress to standard error
  --help
Exit codes: 0 done · 1 the build failed, or another fault · 2 wrong options · 3 no port found or
chosen · 4 the port can't be opened · 5 nothing answers like Espruino · 6 the interpreter does not suit
the board · 7 connection lost, or too much noise · 8 the board refuses, or runs something else
afterwards · 9 esptool is missing or failed. After 5 and more: the same command again repairs.`;

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

/** The settings, as they are sent: checked to be a JSON object. */
function readSettings(file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  let bytes: Buffer;
  let settings: unknown;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`--config: ${(error as Error).message}`);
  }
  try {
    settings = JSON.parse(bytes.toString("utf8"));
  } catch {
    // A parser's message would quote the file, which holds secrets.
    throw new UsageError(`--config ${file}: not valid JSON`);
  }
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) {
    throw new UsageError(`--config ${file}: expected a JSON object`);
  }
  return bytes;
}

/** Names of the board files for an interpreter. */
async function boardsByInterpreter(): Promise<(interpreter: string) => string[]> {
  const boards = await Promise.all(boardNames().map((name) => loadBoard(name)));
  return (interpreter) =>
    boards
      .filter(({ device }) => device.interpreters.includes(interpreter))
      .map(({ device }) => device.name);
}

/** For the Linux port without a port: its flash is a file. */
async function writeFlashFile(options: Options, built: BuildResult): Promise<void> {
  const { machine } = await loadBoard(options.board);
  const path = join(built.dir, "espruino.flash");
  mkdirSync(built.dir, { recursive: true });
  writeFileSync(join(built.dir, "factory.bin"), factoryImage(machine, built));
  installFirmware(path, machine, built, readSettings(options.config));
  console.log(`
${shownPath(path)} holds all of it: start Espruino's Linux build in the folder of that file.
For one that runs already, and shows its console on a port: --port tcp://HOST:PORT.`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return void console.log(usage);
  const settings = readSettings(options.config);
  const { device, machine } = await loadBoard(options.board);
  const display = new ProgressDisplay(options.json ? process.stderr : process.stdout);
  const isFile = !machine.flash.raw && options.port === undefined;
  const port = isFile
    ? undefined
    : await choosePort(options.port, { tell: (text) => display.step(`port ${text}`) });
  // The compiler is loaded only now: what is wrong with the options, or the port, shows at once.
  const { build } = await import("../build/index.ts");
  const built = await build({ board: options.board, quiet: options.json });
  if (port === undefined) return writeFlashFile(options, built);
  if (options.interpreter !== undefined) {
    await writeInterpreter({
      interpreter: device.interpreters[0] as string,
      port,
      file: options.interpreter,
      erase: options.erase,
      tell: (text) => display.step(text),
    });
  }
  const board = await openInsistently(port, display);
  try {
    const boardsFor = await boardsByInterpreter();
    const { erase } = options;
    const begun = Date.now();
    const result = await flash(board, {
      device,
      machine,
      build: built,
      settings,
      erase,
      boardsFor,
      reporter: display,
    });
    const seconds = (Date.now() - begun) / 1000;
    if (options.json) {
      const { sent, unchanged, figures } = result;
      console.log(JSON.stringify({ board: device.name, port, sent, unchanged, figures, seconds }));
    } else display.step(`done in ${seconds.toFixed(1)} s: the board runs this firmware`);
    if (!options["no-monitor"]) await showConsole(board, result.said);
  } finally {
    await board.close();
  }
}

/** Shows what the board says until Ctrl-C, or until the connection ends. */
function showConsole(board: Board, said: string): Promise<void> {
  console.error("what the board says (Ctrl-C leaves):");
  process.stdout.write(said, "latin1");
  return new Promise((resolve, reject) => {
    process.once("SIGINT", () => resolve());
    board.onText((text) => process.stdout.write(text, "latin1"));
    board.onClose((reason) => (reason ? reject(reason) : resolve()));
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
