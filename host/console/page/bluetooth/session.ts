/**
 * The board that the page is connected to: one at a time, for as long as the page is open.
 * @module
 */
import { signal } from "@preact/signals";
import {
  changeSettings,
  identify,
  loadSetup,
  releaseBoard,
  shownSettings,
} from "../../../provision/on-board.ts";
import { Board } from "../../../serial/board.ts";
import { BoardError } from "../../../serial/errors.ts";
import type { CheckReply, CheckRequest, TargetReply } from "../../protocol.ts";
import { post } from "../api.ts";
import { applied, changesOf, type SettingsDraft } from "./draft.ts";
import type { Shown } from "./fields.ts";
import { LogLines } from "./log-lines.ts";
import { NotConnected, openUart } from "./uart.ts";

/** Milliseconds until a board that does not answer is given up; between two looks at its state. */
const PATIENCE = 8000;
const LOOK_EVERY = 3000;
/** Characters of the console that are kept. */
const KEPT = 20_000;

/** What a board says of itself; all but the first two only where the firmware runs. */
export interface BoardState {
  interpreter: string;
  release: string;
  version?: string;
  online?: boolean;
  link?: string;
  /** Code and message of the platform's last reply. */
  lastReply?: { code?: number; message?: string };
  log?: string;
}

/** A board that is connected. */
export interface Session {
  board: Board;
  target: TargetReply;
}

/** Why there is no board any more, or none yet. */
export type Trouble = { kind: "chosen" | "reached" | "lost" | "silent" | "other"; text: string };

export const session = signal<Session | "connecting" | undefined>(undefined);
export const trouble = signal<Trouble | undefined>(undefined);
export const state = signal<BoardState | undefined>(undefined);
/** Its settings, secrets hidden; undefined: it has none. */
export const settings = signal<Shown | undefined>(undefined);
/** The end of what its console printed. */
export const output = signal("");
/** Whether the board was restarted from here, and the connection ended for that. */
export const restarted = signal(false);

/** Lets the person choose a board, and gets to know it. Call it as the consequence of a click. */
export async function connect(): Promise<void> {
  if (session.value !== undefined) return;
  session.value = "connecting";
  trouble.value = undefined;
  restarted.value = false;
  output.value = "";
  let board: Board | undefined;
  try {
    board = new Board(await openUart());
    const lines = new LogLines();
    board.onText((text) => {
      const more = lines.take(text);
      if (more !== "") output.value = (output.value + more).slice(-KEPT);
    });
    await board.synchronize(PATIENCE);
    const target = await post<TargetReply>("board/target", await identify(board));
    await loadSetup(board, async () => target.script);
    settings.value = await shownSettings(board, target.open);
    state.value = await look(board);
    const ended = board;
    board.onClose((reason) => forget(ended, reason));
    session.value = { board, target };
    watch(board);
  } catch (error) {
    session.value = undefined;
    trouble.value = troubleOf(error);
    await board?.close();
  }
}

/** Leaves the board as it was found, and ends the connection. */
export async function disconnect({ board }: Session): Promise<void> {
  await releaseBoard(board).catch(() => {});
  await board.close();
}

/** Sets the least level that the board logs. */
export async function setLog({ board }: Session, level: string): Promise<void> {
  await board.query(`ali.log(${JSON.stringify(level)})`);
  state.value = await look(board);
}

/** What came of saving: what is wrong by field; nothing to do; or the board starts anew. */
export type Saved = { faults: CheckReply["faults"] } | "unchanged" | "restarting";

/**
 * Checks what the draft changes, has the board keep it, and restarts the board.
 * @throws Error for people; nothing was changed unless it is about the restart.
 */
export async function save({ board, target }: Session, draft: SettingsDraft): Promise<Saved> {
  const changes = changesOf(target.schema, settings.value, draft);
  if (changes.length === 0) return "unchanged";
  const request: CheckRequest = {
    settings: applied(settings.value, changes),
    ...(target.link === undefined ? {} : { link: target.link }),
  };
  const { faults } = await post<CheckReply>("board/check", request);
  if (faults.length > 0) return { faults };
  await changeSettings(board, changes);
  settings.value = await shownSettings(board, target.open);
  restarted.value = true;
  await board.run(target.restart);
  // Bluetooth ends with the restart; where it does not, what follows is another session all the same.
  await board.close();
  return "restarting";
}

/** The state, again and again while the board is there. */
function watch(board: Board): void {
  const timer = setInterval(async () => {
    try {
      state.value = await look(board);
    } catch {
      // Said by the console, or by the end of the connection.
    }
  }, LOOK_EVERY);
  board.onClose(() => clearInterval(timer));
}

async function look(board: Board): Promise<BoardState> {
  const running = '(typeof ali=="object"?[ali.status(),ali.ota().version,ali.log()]:[])';
  type Running = [{ online: boolean; link: string; lastReply?: object }?, string?, string?];
  const [interpreter, release, [status, version, log]] = await board.query<
    [string, string, Running]
  >(`[process.env.BOARD,process.env.VERSION,${running}]`);
  return {
    interpreter,
    release,
    ...status,
    ...(version === undefined ? {} : { version }),
    ...(log === undefined ? {} : { log }),
  };
}

function forget(board: Board, reason: BoardError | undefined): void {
  const { value } = session;
  if (typeof value !== "object" || value.board !== board) return;
  session.value = undefined;
  if (reason && !restarted.value) trouble.value = troubleOf(reason);
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof NotConnected) return { kind: error.why, text: error.device };
  const { message } = error as Error;
  if (!(error instanceof BoardError)) return { kind: "other", text: message };
  const kind = error.trouble === "lost" || error.trouble === "silent" ? error.trouble : "other";
  return { kind, text: message };
}
