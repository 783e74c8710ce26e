/**
 * Reads and changes the settings in a board's configuration area. Secrets go to the board and never
 * come back: what is shown is masked there, and a change of one field is made there.
 * @module
 */
import type { DeviceBoard } from "../../boards/board.ts";
import { boardNames, loadBoard } from "../build/boards.ts";
import { decodeHeader } from "../image/header.ts";
import { type Board, BoardError } from "../serial/index.ts";
import type { SettingChange } from "./assignment.ts";
import { changed, standIns } from "./changes.ts";
import {
  changeSettings,
  type Identity,
  identify,
  loadSetup,
  replaceSettings,
  shownSettings,
} from "./on-board.ts";
import { openNames, schema } from "./schema.ts";
import { type DeviceSettings, deviceFileText } from "./settings-file.ts";
import { setupScript } from "./setup-script.ts";
import { findFaults, SettingsError, type SettingsFault } from "./validate.ts";

/** Milliseconds that a start may take. */
const START_PATIENCE = 20_000;

/** A board that was told apart. */
export interface Target {
  device: DeviceBoard;
  /** Whether that is certain: the firmware says so, or `--board`; else several are alike. */
  certain: boolean;
}

export interface ProvisionOptions {
  /** All settings, in place of the old ones. */
  settings?: DeviceSettings;
  /** Fields to change; after `settings`, when both are given. */
  changes?: SettingChange[];
  /** Leave the board running as it does; the settings count from its next start on. */
  noRestart?: boolean;
}

/** What came of it. */
export interface Outcome {
  board: string;
  /** Whether the firmware runs with the new settings; undefined: not restarted, or no firmware. */
  runs: boolean | undefined;
  /** What the firmware said instead of starting. */
  complaint?: string;
}

/**
 * Which board file a board is: by what its firmware says, else by its interpreter.
 * @param named of `--board`
 * @throws BoardError `refused` when there is no board file for it
 */
export async function openTarget(board: Board, named?: string): Promise<Target> {
  if (named !== undefined) return { device: (await loadBoard(named)).device, certain: true };
  return targetOf(await identify(board));
}

/**
 * Which board file a board is.
 * @throws BoardError `refused` when there is no board file for it
 */
export async function targetOf({ interpreter, header }: Identity): Promise<Target> {
  const devices = await Promise.all(
    boardNames().map(async (name) => (await loadBoard(name)).device),
  );
  const fitting = devices.filter(({ needs }) => needs().interpreters.includes(interpreter));
  const flashed = boardOf(header);
  const exact = fitting.find(({ name }) => name === flashed);
  const device = exact ?? fitting[0];
  if (device) return { device, certain: exact !== undefined || fitting.length === 1 };
  const known = devices.map(({ name, needs }) => `${name} (${needs().interpreters.join(", ")})`);
  throw new BoardError(
    "refused",
    `no board file is for interpreter ${interpreter}; there are ${known.join(", ")}`,
  );
}

/** The board file that a factory image was built for; undefined: there is no such image. */
function boardOf(header: string): string | undefined {
  try {
    return decodeHeader(Buffer.from(header, "base64")).board;
  } catch {
    return undefined;
  }
}

/**
 * The settings on the board, `null` for each secret that is set; undefined: there are none.
 * @throws BoardError
 */
export async function showSettings(
  board: Board,
  { device }: Target,
): Promise<DeviceSettings | undefined> {
  await loadSetup(board, () => setupScript(device.name));
  return shownSettings(board, openNames());
}

/**
 * Checks and writes settings, and restarts the board with them.
 * @throws SettingsError before anything is changed
 * @throws BoardError
 */
export async function provision(
  board: Board,
  target: Target,
  { settings, changes = [], noRestart = false }: ProvisionOptions,
): Promise<Outcome> {
  const { device, certain } = target;
  const link = certain ? device.link : undefined;
  await loadSetup(board, () => setupScript(device.name));
  if (settings) {
    const wanted = changed(settings, changes);
    refuse("settings", findFaults(wanted, link));
    await replaceSettings(board, deviceFileText(wanted));
  } else {
    const old = await shownSettings(board, openNames());
    if (!old) {
      throw new BoardError(
        "refused",
        `${board.name}: the board has no settings yet; give all of them with --config`,
      );
    }
    const faults = findFaults(changed(standIns(old, schema) as DeviceSettings, changes), link);
    refuse("with the board's settings", faults);
    await changeSettings(board, changes);
  }
  return noRestart ? { board: device.name, runs: undefined } : restart(board, device);
}

function refuse(source: string, faults: SettingsFault[]): void {
  if (faults.length > 0) throw new SettingsError(source, faults);
}

/** Starts the board anew, and hears whether its firmware does. */
async function restart(board: Board, device: DeviceBoard): Promise<Outcome> {
  let heard = "";
  const stop = board.onText((text) => {
    heard = (heard + text).slice(-4000);
  });
  try {
    // Where `E.reboot` ends the interpreter, loading anew does the same.
    await board.run(device.reboots ? "E.reboot()" : "load()");
    await board.synchronize(START_PATIENCE);
    const [hasLoader, runs] = await board.query<[boolean, boolean]>(
      '[typeof boot=="object",typeof ali=="object"]',
    );
    if (!hasLoader || runs) return { board: device.name, runs: hasLoader ? true : undefined };
    const complaint = /error start: (.*)/.exec(heard)?.[1]?.trim();
    return { board: device.name, runs: false, ...(complaint ? { complaint } : {}) };
  } finally {
    stop();
  }
}
