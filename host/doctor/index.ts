/**
 * Looks at all that has to be right before a board works, one thing after another, each with the next
 * step.
 *
 *     for await (const check of examine({ port, config })) console.log(checkLines(check).join("\n"));
 * @module
 */
import { existsSync } from "node:fs";
import type { AliConfig } from "../../src/ali/config.ts";
import { readSettingsFile, SettingsError } from "../provision/index.ts";
import { type Board, BoardError, choosePort, openBoard } from "../serial/index.ts";
import { type BoardFindings, examineBoard } from "./board.ts";
import { type Check, fail, ok, skip, warn } from "./check.ts";
import { checkDependencies, checkNode, checkPorts } from "./computer.ts";
import { checkBroker, checkLogOn, type PlatformSettings } from "./network.ts";

export { type Check, checkLines, type State } from "./check.ts";

export interface DoctorOptions {
  /** Of `--port`; without, the only board that is connected. */
  port?: string | undefined;
  /** An open board instead. */
  board?: Board | undefined;
  /** Name of the board file. */
  boardName?: string | undefined;
  /** The device's settings on this computer; by default `device.json` in the folder, if it is there. */
  config?: string | undefined;
  /** Log on with these settings, which cuts off the device if it is online with them. */
  logOn?: boolean | undefined;
}

const DEFAULT_CONFIG = "device.json";

/** All checks, in order; they go on whatever fails. */
export async function* examine(options: DoctorOptions): AsyncGenerator<Check> {
  yield checkNode();
  yield checkDependencies();
  if (options.port === undefined && !options.board) yield await checkPorts();
  const findings = await findBoard(options);
  yield* findings.checks;
  const { check, settings } = readConfig(options);
  yield check;
  yield* platformChecks(options, findings, settings);
}

async function findBoard(options: DoctorOptions): Promise<BoardFindings> {
  let board = options.board;
  try {
    board ??= await openBoard(await choosePort(options.port, { ask: undefined }));
    return await examineBoard(board, options.boardName);
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    const [first = "", ...rest] = error.message.split("\n");
    // Without a board, much can be done all the same.
    const make = error.trouble === "no-port" ? warn : fail;
    const advice = rest.length > 0 ? rest.join("\n") : "npm run board gives one without hardware.";
    return { checks: [make("board", first, advice)] };
  } finally {
    if (board && board !== options.board) await board.close();
  }
}

function readConfig({ config }: DoctorOptions): { check: Check; settings?: AliConfig } {
  const file = config ?? DEFAULT_CONFIG;
  if (config === undefined && !existsSync(file)) {
    return { check: skip("settings", `no ${DEFAULT_CONFIG} here; --config names one`) };
  }
  try {
    const settings = readSettingsFile(file) as unknown as AliConfig;
    return { check: ok("settings", `${file} is valid`), settings };
  } catch (error) {
    const text = (error as Error).message;
    const next =
      error instanceof SettingsError
        ? "Correct these fields; editors complete them by host/provision/device.schema.json."
        : "Give the path of the device's settings with --config.";
    return { check: fail("settings", text, next) };
  }
}

async function* platformChecks(
  { logOn }: DoctorOptions,
  { online, settings: onBoard }: BoardFindings,
  settings: AliConfig | undefined,
): AsyncGenerator<Check> {
  const known = settings ?? (onBoard as PlatformSettings | undefined);
  if (known?.server) yield await checkBroker(known);
  else if (online) yield ok("broker", "the board is connected to it");
  else yield skip("broker", "no settings say which");
  if (settings && logOn && !settings.deviceSecret) {
    yield skip("credentials", "the device gets them itself, or shows its certificate");
  } else if (settings && logOn) yield await checkLogOn(settings);
  else if (online) yield ok("credentials", "the board is logged on with its own");
  else if (!settings) yield skip("credentials", "no settings with secrets on this computer");
  else yield skip("credentials", "--log-on tries them; it cuts off the device if it is online");
}
