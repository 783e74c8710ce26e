/**
 * Shows what a board says, for as long as it is wanted: the time of this computer, levels in colour,
 * traces with the TypeScript's places, across resets and unplugged cables.
 * @module
 */
import { appendFileSync } from "node:fs";
import { type Board, BoardError } from "../serial/index.ts";
import { type DecoderOptions, traceDecoder } from "../trace/index.ts";
import { ConsoleText } from "./console-text.ts";
import { askIdentity } from "./identity.ts";
import { parseLogLine, showLine } from "./log-line.ts";

/** Milliseconds between two attempts to open a port that has gone. */
const RETRY = 500;

export interface MonitorOptions {
  /** Takes each line that is to be shown, without its line break. */
  write(line: string): void;
  /** File to which lines are added with date and time. */
  log?: string;
  /** Colour the levels. */
  colour?: boolean;
  /** Give each line as JSON: `at`, and `seconds`, `level`, `part`, `text` or only `text`. */
  json?: boolean;
  /** Name of the board file, while the board has not said it itself. */
  boardName?: string;
  /** Opens the board again after it was lost; without, the monitor ends. */
  reopen?(): Promise<Board>;
  /** Ends the monitor. */
  signal?: AbortSignal;
}

/** Shows a board's console; resolves when `signal` ends it, or the board is lost for good. */
export async function monitor(board: Board, options: MonitorOptions): Promise<void> {
  const { signal } = options;
  for (let open: Board | undefined = board; open && !signal?.aborted; ) {
    const reason = await watch(open, options);
    if (signal?.aborted || !options.reopen) return;
    remark(options, `${reason?.message ?? "the board is gone"}; waiting for it`);
    open = await reopen(options.reopen, signal);
    if (open) remark(options, `${open.name} is back`);
  }
}

/** A remark of the monitor's own. */
function remark(options: MonitorOptions, text: string): void {
  show(options, `-- ${text}`);
}

function show(options: MonitorOptions, line: string): void {
  const at = new Date();
  if (options.json) {
    const { seconds, level, part, text } = parseLogLine(line) ?? { text: line };
    options.write(JSON.stringify({ at: at.toISOString(), seconds, level, part, text }));
  } else options.write(showLine(line, at, options.colour ?? false));
  if (options.log !== undefined) appendFileSync(options.log, `${at.toISOString()} ${line}\n`);
}

/** Until the board is lost, which gives the reason, or the monitor is ended. */
async function watch(board: Board, options: MonitorOptions): Promise<BoardError | undefined> {
  const { signal, boardName } = options;
  const decoderFor = (known: DecoderOptions) => traceDecoder(known);
  const text = new ConsoleText(
    decoderFor(boardName === undefined ? {} : { board: boardName }),
    (line) => {
      show(options, line);
      // A start: another image may run now.
      if (/ info board: \w+, Espruino /.test(line)) void identify();
    },
  );
  const identify = async () => {
    const image = await askIdentity(board);
    if (!image) return;
    text.flush();
    text.decoder = decoderFor(
      image.id === undefined ? { board: image.board } : { board: image.board, prefer: image.id },
    );
  };
  const stop = board.onText((bytes) => text.take(bytes));
  try {
    return await new Promise<BoardError | undefined>((resolve) => {
      board.onClose(resolve);
      signal?.addEventListener("abort", () => resolve(undefined), { once: true });
      void identify();
    });
  } finally {
    stop();
    text.flush();
  }
}

async function reopen(
  open: () => Promise<Board>,
  signal: AbortSignal | undefined,
): Promise<Board | undefined> {
  while (!signal?.aborted) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, RETRY);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return undefined;
}
