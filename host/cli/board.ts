/**
 * `npm run board -- --board NAME`: switches a board on, with its console in this terminal, and with
 * a simulated modem where it has one.
 * @module
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ConsoleServer, createInterpreterBoard, createVirtualBoard } from "../board/index.ts";
import { type Board, boardNames, loadBoard } from "../build/boards.ts";
import { FedBoard } from "../demo/fed-board.ts";
import { installFirmware } from "../demo/install.ts";
import { rigModem } from "../demo/modem-rig.ts";
import { PassingText } from "../monitor/passing-text.ts";
import { traceDecoder, tracesOf } from "../trace/index.ts";

const root = join(import.meta.dirname, "../..");
const usage = `usage: npm run board -- --board NAME [options]
  --board NAME     ${boardNames().join(", ")}
  --config FILE    the device's settings, a device.json; without it, those that the flash holds
  --engine ENGINE  virtual: the virtual board; espruino: the interpreter, from $ESPRUINO or
                   espruino-linux on the PATH (virtual)
  --flash FILE     the flash image, made when it is missing (.cache/boards/NAME/espruino.flash)
  --dir DIR        what npm run build has made (dist/NAME)
  --port N         the console on tcp://127.0.0.1:N, too; 0: a free port
  --help           this text
The virtual board's Wi-Fi finds every network. Ctrl-C twice or Ctrl-D leaves.
Exit code: 0; 1 a fault; 2 wrong use.`;

/** Whatever the settings name is in reach. */
const WIFI = { networks: [], others: true };

class UsageError extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      board: { type: "string" },
      engine: { type: "string", default: "virtual" },
      flash: { type: "string" },
      dir: { type: "string" },
      config: { type: "string" },
      port: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const { board, engine, port } = values;
  if (board === undefined) throw new UsageError("--board NAME is missing");
  if (!boardNames().includes(board)) {
    throw new UsageError(`--board ${board}: expected one of ${boardNames().join(", ")}`);
  }
  if (engine !== "virtual" && engine !== "espruino")
    throw new UsageError(`--engine ${engine}: expected virtual or espruino`);
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) < 65536))
    throw new UsageError(`--port ${port}: expected a number from 0 to 65535`);
  return { ...values, board, engine };
}

/** What the image gets: the build in `dir`, and the settings where they are given. */
function provision(path: string, board: Board, dir: string, config: string | undefined): void {
  const files = { boot0: join(dir, "boot0.js"), firmware: join(dir, "firmware.js") };
  const build = { board: board.device.name, ...files };
  for (const file of Object.values(files)) {
    if (existsSync(file)) continue;
    throw new UsageError(`${file} is missing: npm run build -- --board ${board.device.name}`);
  }
  if (config !== undefined && !existsSync(config)) {
    throw new UsageError(`--config ${config}: no such file`);
  }
  mkdirSync(dirname(path), { recursive: true });
  installFirmware(path, board.machine, build, config && readFileSync(config));
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === "help") {
    console.log(usage);
    return;
  }
  const board = await loadBoard(options.board);
  const dir = options.dir ?? join(root, "dist", options.board);
  const flash = options.flash ?? join(root, ".cache", "boards", options.board, "espruino.flash");
  provision(flash, board, dir, options.config);
  const rig = board.machine.modem && rigModem(board.machine.modem);
  const serial = rig?.serial ?? {};
  const bare =
    options.engine === "espruino"
      ? createInterpreterBoard({ board, flash, serial, keepFlash: true })
      : createVirtualBoard({
          board,
          flash,
          serial,
          wifi: WIFI,
          ...(rig ? { pins: rig.pins } : {}),
        });
  const machine = rig ? new FedBoard(bare, (on) => rig.modem.supply(on)) : bare;
  if (rig?.settings.cellular.port) {
    console.log(`the modem's settings: ${JSON.stringify(rig.settings)}`);
  }
  const { device } = board;
  const traces = tracesOf({ board: device.name, dir, firmware: join(dir, "firmware.js") });
  const text = new PassingText(traceDecoder(traces), (bytes) => {
    process.stdout.write(bytes, "latin1");
  });
  machine.onConsole((bytes) => text.take(bytes));

  const server = options.port === undefined ? undefined : new ConsoleServer(machine);
  if (server) {
    const port = await server.listen(Number(options.port));
    console.log(`console on tcp://127.0.0.1:${port}`);
  }
  const leave = async () => {
    process.stdin.setRawMode?.(false);
    await server?.close();
    await machine.close();
    text.flush();
    rig?.modem.close();
    process.exit(process.exitCode ?? 0);
  };
  machine.onRestart((cause) => {
    text.flush();
    console.log(`\r\n[${options.board}: ${cause}]`);
    if (!machine.isOn) void leave();
  });
  let last = "";
  process.stdin.setRawMode?.(true);
  process.stdin.on("data", (bytes) => {
    const text = bytes.toString("latin1");
    // Keys that are hit in a row may come together.
    const keys = last + text;
    if (keys.includes("\x04") || keys.includes("\x03\x03")) void leave();
    else machine.type(text);
    last = text.slice(-1);
  });
  process.stdin.on("end", () => void leave());
  await machine.powerOn();
}

try {
  await main();
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  console.error(isUsage ? `${(error as Error).message}\n${usage}` : error);
  process.exit(isUsage ? 2 : 1);
}
