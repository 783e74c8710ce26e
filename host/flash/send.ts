/**
 * Puts content onto a board: what runs is stopped first, the loader is written last, so that a board
 * that was left in the middle starts nothing and waits on its REPL for the next try.
 * @module
 */
import {
  type Board,
  BoardError,
  compactStorage,
  eraseFlash,
  eraseStorage,
  type Progress,
  readFile,
  removeFile,
  storageStats,
  type TransferFigures,
  writeFile,
} from "../serial/index.ts";
import { type Content, LOADER, type WantedFile } from "./content.ts";
import type { Changes } from "./survey.ts";

/** Who hears how it goes. */
export interface Reporter {
  /** Something begins. */
  step(text: string): void;
  /** A file is on its way. */
  progress(name: string, progress: Progress): void;
  warn(text: string): void;
}

/** Milliseconds that a restart may take. */
const RESTART_PATIENCE = 20_000;
/** Bytes of a file's header in Storage, and its place up to a multiple of four. */
const FILE_OVERHEAD = 36;

/** Stops the firmware: without its loader, a fresh interpreter starts nothing of ours. */
export async function stopFirmware(board: Board): Promise<void> {
  await removeFile(board, LOADER);
  await board.run("reset()");
  await board.synchronize(RESTART_PATIENCE);
}

/** Writes what has to change, and the loader last; figures of what was sent. */
export async function send(
  board: Board,
  content: Content,
  changes: Changes,
  reporter: Reporter,
): Promise<TransferFigures[]> {
  const kept = changes.layOut ? await keepOthers(board, changes.others, reporter) : [];
  if (changes.layOut) {
    reporter.step("laying out Storage");
    await eraseStorage(board);
  }
  for (const name of changes.layOut ? [] : changes.remove) await removeFile(board, name);
  const wanted = [...changes.write, ...kept];
  await makeRoom(board, [...wanted, content.loader], reporter);
  const figures: TransferFigures[] = [];
  for (const file of wanted) {
    if (file.bytes) figures.push(await sendFile(board, file, reporter));
    else await reserve(board, file);
  }
  await clearJournal(board, content, reporter);
  figures.push(await sendFile(board, content.loader, reporter));
  return figures;
}

async function sendFile(
  board: Board,
  { name, bytes }: WantedFile,
  reporter: Reporter,
): Promise<TransferFigures> {
  return writeFile(board, name, bytes ?? new Uint8Array(), {
    onProgress: (progress) => reporter.progress(name, progress),
  });
}

/** Files of the user's, which an erase would take. */
async function keepOthers(
  board: Board,
  names: string[],
  reporter: Reporter,
): Promise<WantedFile[]> {
  const kept: WantedFile[] = [];
  for (const name of names) {
    reporter.step(`keeping ${name}`);
    const bytes = await readFile(board, name);
    if (bytes?.length) kept.push({ name, bytes, size: bytes.length });
  }
  return kept;
}

/** A file that is blank but for its first byte. */
async function reserve(board: Board, { name, size }: WantedFile): Promise<void> {
  const done = await board.query<boolean>(
    `require("Storage").write(${JSON.stringify(name)},"x",0,${size})`,
    { timeout: 60_000 },
  );
  if (!done) throw new BoardError("refused", `Storage has no room for ${name} (${size} bytes)`);
}

async function makeRoom(board: Board, files: WantedFile[], reporter: Reporter): Promise<void> {
  const needed = files.reduce((sum, { size }) => sum + size + FILE_OVERHEAD, 0);
  const { freeBytes, trashBytes } = await storageStats(board);
  if (freeBytes >= needed) return;
  if (freeBytes + trashBytes < needed) {
    throw new BoardError(
      "refused",
      `Storage has ${freeBytes + trashBytes} bytes for ${needed}: remove files, or use --erase`,
    );
  }
  reporter.step("freeing what old files take (some seconds; leave the power on)");
  await compactStorage(board);
}

/** So that what was just sent is what runs, and no slot. */
export async function clearJournal(
  board: Board,
  content: Content,
  reporter: Reporter,
): Promise<boolean> {
  const { page, journal } = content;
  let cleared = false;
  for (let start = journal.start; start < journal.start + journal.length; start += page) {
    if (await isBlank(board, start, page)) continue;
    if (!cleared) reporter.step("clearing the journal of updates");
    cleared = true;
    await eraseFlash(board, { start, length: page, page });
  }
  return cleared;
}

function isBlank(board: Board, start: number, length: number): Promise<boolean> {
  return board.query<boolean>(
    `(function(f,a,e){for(;a<e;a+=256)if(E.sum(f.read(256,a))!=65280)return false;return true})` +
      `(require("Flash"),${start},${start + length})`,
    { timeout: 30_000 },
  );
}

/** Takes away everything: files, journal, settings. */
export async function eraseAll(board: Board, content: Content, reporter: Reporter): Promise<void> {
  reporter.step("erasing Storage, journal and settings");
  await eraseStorage(board);
  if (!content.areaFirst) await eraseFlash(board, { ...content.area, page: content.page });
}
