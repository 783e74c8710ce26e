/**
 * `npm run storage`: the Storage files of a board.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { ProgressDisplay } from "../flash/progress.ts";
import { type Board, BoardError, choosePort, openBoard, storageStats } from "../serial/index.ts";
import {
  checkRead,
  checkWrite,
  getFile,
  listEntries,
  putFile,
  removeEntry,
  StorageRefusal,
} from "../storage/index.ts";
import { UsageError } from "./ota/access.ts";

const usage = `usage: npm run storage -- VERB [options]
  ls                  names and sizes of all files
  get NAME [FILE]     a file's content, to FILE or to standard output
  put FILE [NAME]     a file onto the board, under its own name or another; "-": standard input
  rm NAME…            delete files
  df                  how full Storage is
options:
  --port PORT         /dev/tty…, COM… or tcp://host:port; without it the only board there is
  --force             also what is the firmware's own, or holds secrets
  --json              the outcome as JSON
exit codes: 0 done; 1 no such file, or not without --force; 2 the command line; 3 no port; 4 it can't
be opened; 5 the board is silent; 7 it was lost; 8 it refuses`;

/** Least and most arguments of each verb. */
const VERBS: Record<string, [least: number, most: number]> = {
  ls: [0, 0],
  get: [1, 2],
  put: [1, 2],
  rm: [1, 1000],
  df: [0, 0],
};

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: "string" },
        force: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

type Options = ReturnType<typeof readOptions>["values"];

/** What a verb came to: JSON for scripts, text for people. */
interface Result {
  json: unknown;
  text: string | Uint8Array;
}

function checkUsage(verb: string | undefined, args: string[]): string {
  const bounds = verb === undefined ? undefined : VERBS[verb];
  if (verb === undefined || bounds === undefined) {
    throw new UsageError(`${verb ?? "a verb"}: expected one of ${Object.keys(VERBS).join(", ")}`);
  }
  if (args.length < bounds[0]) throw new UsageError(`${verb}: a name is missing`);
  if (args.length > bounds[1]) throw new UsageError(`${verb}: ${args[bounds[1]]} is too much`);
  return verb;
}

/** What can be told without a board: refusals, and the content of a file that is sent. */
function prepare(verb: string, args: string[], { force }: Options): Buffer | undefined {
  if (verb === "rm") for (const name of args) checkWrite(name, force);
  if (verb === "get") checkRead(args[0] as string, force);
  if (verb !== "put") return undefined;
  const [file = "", name] = args;
  if (file === "-" && name === undefined) throw new UsageError("put -: NAME is missing");
  checkWrite(name ?? basename(file), force);
  return readFileSync(file === "-" ? 0 : file);
}

async function ls(board: Board): Promise<Result> {
  const entries = await listEntries(board);
  const width = Math.max(0, ...entries.map(({ bytes }) => String(bytes).length));
  const lines = entries.map(({ name, bytes, isLog, isPermanent }) => {
    const remark = isPermanent ? "  (the firmware's)" : isLog ? "  (StorageFile)" : "";
    return `${String(bytes).padStart(width)}  ${name}${remark}`;
  });
  return { json: entries, text: lines.join("\n") || "no files" };
}

async function df(board: Board): Promise<Result> {
  const stats = await storageStats(board);
  const { totalBytes, freeBytes, fileBytes, fileCount, trashBytes, trashCount } = stats;
  const line = (what: string, bytes: number, remark = "") =>
    `${what.padEnd(8)}${String(bytes).padStart(String(totalBytes).length)} bytes${remark}`;
  return {
    json: stats,
    text: [
      line("total", totalBytes),
      line("files", fileBytes, ` in ${fileCount} files`),
      line("deleted", trashBytes, ` in ${trashCount} files`),
      line("free", freeBytes, `, ${((100 * freeBytes) / totalBytes).toFixed(1)} %`),
    ].join("\n"),
  };
}

/** To a file, to standard output, or into the JSON. */
async function get(board: Board, name: string, file?: string): Promise<Result> {
  const onProgress = file === undefined ? undefined : progressOf(file);
  const bytes = await getFile(board, name, onProgress);
  if (file === undefined) {
    return { json: { name, base64: bytes.toString("base64") }, text: bytes };
  }
  writeFileSync(file, bytes);
  return { json: { name, bytes: bytes.length, file }, text: `${file}: ${bytes.length} bytes` };
}

async function put(board: Board, name: string, bytes: Buffer, force: boolean): Promise<Result> {
  const { unchanged } = await putFile(board, name, bytes, { force, onProgress: progressOf(name) });
  const text = `${name}: ${unchanged ? "unchanged" : `${bytes.length} bytes written`}`;
  return { json: { name, bytes: bytes.length, unchanged }, text };
}

async function rm(board: Board, names: string[]): Promise<Result> {
  for (const name of names) await removeEntry(board, name);
  return { json: { removed: names }, text: `removed ${names.join(", ")}` };
}

function progressOf(name: string): (progress: { done: number; total: number }) => void {
  const display = new ProgressDisplay(process.stderr);
  return (progress) => display.progress(name, progress);
}

async function main(): Promise<void> {
  const { values: options, positionals } = readOptions();
  if (options.help) return console.log(usage);
  const [given, ...args] = positionals;
  const verb = checkUsage(given, args);
  const [first = "", second] = args;
  const sent = prepare(verb, args, options);
  const tell = (text: string) => console.error(text);
  const board = await openBoard(await choosePort(options.port, { tell }));
  try {
    const work: Record<string, () => Promise<Result>> = {
      ls: () => ls(board),
      df: () => df(board),
      get: () => get(board, first, second),
      put: () => put(board, second ?? basename(first), sent ?? Buffer.alloc(0), options.force),
      rm: () => rm(board, args),
    };
    const { json, text } = await (work[verb] as () => Promise<Result>)();
    if (options.json) console.log(JSON.stringify(json));
    else if (typeof text === "string") console.log(text);
    else process.stdout.write(text);
  } finally {
    await board.close();
  }
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(usage);
  const known = error instanceof BoardError || error instanceof StorageRefusal;
  process.exitCode = known ? error.exitCode : error instanceof UsageError ? 2 : 1;
}
