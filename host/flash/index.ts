/**
 * Flashes a board over its console: checks that the interpreter suits, sends what differs, compares,
 * restarts. Whatever interrupts it, the same again repairs it.
 * @module
 */
import type { DeviceBoard, Machine } from "../../boards/board.ts";
import type { BuildResult } from "../build/index.ts";
import { type Board, BoardError, type TransferFigures } from "../serial/index.ts";
import { contentOf, LOADER } from "./content.ts";
import { type Restarted, restart } from "./restart.ts";
import { clearJournal, eraseAll, type Reporter, send, stopFirmware } from "./send.ts";
import { findMismatches, type Mismatch, readFacts } from "./suit.ts";
import { isNothing, survey } from "./survey.ts";

export type { Reporter } from "./send.ts";
export type { Mismatch } from "./suit.ts";

/** A board that the firmware does not suit. */
export class MismatchError extends Error {
  readonly exitCode = 6;

  constructor(readonly mismatches: Mismatch[]) {
    super(mismatches.map(({ text }) => text).join("\n"));
    this.name = "MismatchError";
  }
}

export interface FlashOptions {
  device: DeviceBoard;
  machine: Machine;
  build: Pick<BuildResult, "board" | "boot0" | "firmware">;
  /** Does what is to be done before the board restarts: settings, say. Its firmware may not run. */
  beforeRestart?(board: Board): Promise<void>;
  /** Take away all that the board holds first. */
  erase?: boolean | undefined;
  /** Opens the port again, when a chip's own USB vanishes over its restart. */
  reopen?(): Promise<Board>;
  /** Names of board files that are for an interpreter. */
  boardsFor?(interpreter: string): string[];
  reporter: Reporter;
}

/** What was done. */
export interface FlashResult extends Restarted {
  /** Names of files that were sent, and that were there already. */
  sent: string[];
  unchanged: string[];
  figures: TransferFigures[];
}

/**
 * Flashes. The board runs what was sent when this resolves.
 * @throws MismatchError before anything is changed
 * @throws BoardError
 */
export async function flash(board: Board, options: FlashOptions): Promise<FlashResult> {
  const { device, reporter, erase = false } = options;
  const content = contentOf(options.machine, options.build);

  reporter.step(await checkFit(board, options));
  if (erase) {
    await stopFirmware(board);
    await eraseAll(board, content, reporter);
  }
  const changes = await survey(board, content);
  const figures: TransferFigures[] = [];
  const sent: string[] = [];
  if (isNothing(changes)) {
    reporter.step("the board holds this firmware already");
    if (await clearJournal(board, content, reporter)) sent.push("journal");
  } else {
    reporter.step("stopping what runs");
    if (!erase) await stopFirmware(board);
    figures.push(...(await send(board, content, { ...changes, loader: true }, reporter)));
    sent.push(...changes.write.map(({ name }) => name), LOADER);
  }
  await options.beforeRestart?.(board);
  reporter.step("restarting");
  const restarted = await restart(board, device, options.reopen);
  const unchanged = changes.unchanged.filter((name) => !sent.includes(name));
  return { sent, unchanged, figures, ...restarted };
}

/** One line about the interpreter; warns of what is not fatal. */
async function checkFit(
  board: Board,
  { device, boardsFor = () => [], reporter }: FlashOptions,
): Promise<string> {
  const facts = await readFacts(board);
  const mismatches = findMismatches(device, facts, boardsFor);
  const fatal = mismatches.filter((one) => one.fatal);
  if (fatal.length > 0) throw new MismatchError(fatal);
  for (const { text } of mismatches) reporter.warn(text);
  return `Espruino ${facts.version} on ${facts.board}, ${facts.totalVars} JsVars: suits ${device.name}`;
}

/** Exit code for what went wrong. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof BoardError || error instanceof MismatchError) return error.exitCode;
  return 1;
}
