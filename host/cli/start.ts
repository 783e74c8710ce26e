/**
 * `npm start`: builds the firmware, starts the local platform and a board, walks through the
 * manual's usage example, and stays for whoever wants to try more.
 * @module
 */
import { createInterface } from "node:readline";
import { parseArgs, styleText } from "node:util";
import { boardNames } from "../build/boards.ts";
import { BuildError, build } from "../build/index.ts";
import { type Console, startConsole } from "../console/index.ts";
import { BoardLines } from "../demo/board-lines.ts";
import { modemSteps } from "../demo/modem-upgrade.ts";
import { CommandError, command, HELP } from "../demo/prompt.ts";
import { type Engine, openStage, type Stage } from "../demo/stage.ts";
import { updates } from "../demo/updates.ts";
import { farewell, runWalk, type StepResult, walk } from "../demo/walk.ts";
import { traceDecoder, tracesOf } from "../trace/index.ts";
import { boardLine, messageLine, modemLine, refusalLine, statusLine } from "./cloud-log.ts";
import { UsageError } from "./ota/access.ts";
import { CONSOLE_PORT, choosePort } from "./ports.ts";

const USAGE = `Usage: npm start -- [options]

Builds the firmware, starts the local platform and a board, and walks through the usage example.

  --once             end after the walk: exit code 0 when the platform confirmed every step, else 1
  --board NAME       ${boardNames().join(", ")} (esp32; linux with --engine espruino)
  --engine ENGINE    virtual: the virtual board; espruino: the interpreter, from $ESPRUINO or
                     espruino-linux on the PATH (virtual)
  --tls              log on over TLS
  --port-console N   port of the console, a page for the browser (${CONSOLE_PORT}, or a free one when that
                     is taken); there is none with --once
  --quiet            show the steps only, not the messages and the board's console
  --help             this text
`;

interface Settings {
  once: boolean;
  board: string;
  engine: Engine;
  tls: boolean;
  quiet: boolean;
  portConsole: string | undefined;
}

function readSettings(args: string[]): Settings | "help" {
  const { values } = parse(args);
  if (values.help) return "help";
  const { engine = "virtual" } = values;
  if (engine !== "virtual" && engine !== "espruino") {
    throw new UsageError(`--engine is "${engine}": virtual or espruino expected`);
  }
  const board = values.board ?? (engine === "espruino" ? "linux" : "esp32");
  if (!boardNames().includes(board)) {
    throw new UsageError(`--board is "${board}": one of ${boardNames().join(", ")} expected`);
  }
  const { once = false, tls = false, quiet = false } = values;
  return { once, board, engine, tls, quiet, portConsole: values["port-console"] };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        once: { type: "boolean" },
        board: { type: "string" },
        engine: { type: "string" },
        tls: { type: "boolean" },
        quiet: { type: "boolean" },
        "port-console": { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The messages, what becomes of the modem, and what the board prints. */
function showTimeline({ build, cloud, board, onModem }: Stage): void {
  onModem((text) => console.log(modemLine(Date.now(), text)));
  cloud.trace.on("message", (message) => console.log(messageLine(message)));
  cloud.trace.on("status", (status) => console.log(statusLine(status)));
  cloud.trace.on("refusal", (refusal) => console.log(refusalLine(refusal)));
  const { title } = board.board.machine;
  const lines = new BoardLines(traceDecoder(tracesOf(build)), title, (line) => {
    console.log(boardLine(line));
  });
  board.onConsole((text) => lines.take(text));
}

function showStep({ title, confirmed, missing }: StepResult): void {
  if (missing === undefined) console.log(`${styleText("green", "✔")} ${title}: ${confirmed}`);
  else console.log(`${styleText("red", "✘")} ${title}: ${missing}`);
}

/** Runs commands until the input ends or "quit". */
async function stay(stage: Stage, page: string): Promise<void> {
  console.log(`\nThe device stays online: see ${page}, or try:\n${HELP}`);
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  input.prompt();
  for await (const line of input) {
    try {
      const shown = await command(stage, line);
      if (shown === undefined) break;
      if (shown) console.log(shown);
    } catch (error) {
      const known = error instanceof CommandError;
      console.log(styleText("red", known ? error.message : String(error)));
    }
    input.prompt();
  }
  input.close();
}

/** The page of the stage's platform; it cuts the very network that `cut` does. */
function openConsole({ cloud, network, device }: Stage, port: number): Promise<Console> {
  return startConsole({ cloud, network, port, revealed: [device.productKey] });
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === "help") {
    process.stdout.write(USAGE);
    return;
  }
  const { once, board, engine, tls, quiet, portConsole } = settings;
  const port = await choosePort("--port-console", portConsole, CONSOLE_PORT);
  console.log(`Building the firmware for ${board}`);
  const stage = await openStage({
    build: await build({ board, quiet: true }),
    engine,
    tls,
  });
  let page: Console | undefined;
  const close = async () => {
    await page?.close();
    await stage.close();
  };
  const interrupted = () => void close().finally(() => process.exit(130));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    if (!once) page = await openConsole(stage, port);
    const { mqtt, mqtts } = stage.cloud.endpoints;
    console.log(
      `Platform: MQTT ${mqtt.host}:${mqtt.port}, MQTT on TLS ${mqtts.host}:${mqtts.port}`,
    );
    console.log(`OpenAPI:  ${stage.cloud.endpoints.openapi}`);
    if (page) console.log(`Console:  ${page.url}`);
    console.log(`Board:    ${board} (${engine}), over a network on port ${stage.network.port}\n`);
    if (!quiet) showTimeline(stage);
    const steps = [...walk, ...updates, ...modemSteps(stage), ...(once ? [farewell] : [])];
    const results = await runWalk(stage, steps, showStep);
    const confirmed = results.filter(({ missing }) => missing === undefined).length;
    console.log(`\n${confirmed} of ${steps.length} steps confirmed by the platform`);
    if (confirmed < steps.length) process.exitCode = 1;
    if (page) await stay(stage, page.url);
  } finally {
    await close();
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`start: ${error.message}\nTry npm start -- --help`);
    process.exitCode = 2;
  } else {
    console.error(error instanceof BuildError ? error.message : error);
    process.exitCode = 1;
  }
}
