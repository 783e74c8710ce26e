/**
 * A connected board: interpreter, firmware, clock, whether it is online.
 * @module
 */
import { boardNames, loadBoard } from "../build/boards.ts";
import { findMismatches, readFacts } from "../flash/suit.ts";
import { openTarget, releaseBoard, showSettings } from "../provision/index.ts";
import { type Board, BoardError } from "../serial/index.ts";
import { checkCertificates } from "./certificates.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Seconds by which the board's clock may be wrong. */
const CLOCK_TOLERANCE = 60;

/** What the checks found out about the board. */
export interface BoardFindings {
  checks: Check[];
  /** Whether its firmware is logged on; undefined: no firmware of ours runs. */
  online?: boolean | undefined;
  /** Its settings, secrets hidden; undefined: it has none. */
  settings?: Record<string, unknown> | undefined;
}

/** Looks at an open board. Nothing on it is changed. */
export async function examineBoard(board: Board, named?: string): Promise<BoardFindings> {
  const facts = await readFacts(board);
  const checks = [ok("board", `${board.name}: Espruino ${facts.version}, ${facts.board}`)];
  const suits = await interpreterFile(board, named);
  if (!suits) {
    checks.push(
      fail(
        "interpreter",
        `no board file is for ${facts.board}`,
        "Use one of the supported boards, or add a file to boards/.",
      ),
    );
    return { checks };
  }
  const { device } = await loadBoard(suits);
  const byInterpreter = await filesFor();
  const mismatches = findMismatches(device, facts, (name) => byInterpreter.get(name) ?? []);
  for (const { fatal, text } of mismatches) {
    const [what = text, ...advice] = text.split(/(?<=\.) |: (?=for this)/);
    const make = fatal ? fail : warn;
    checks.push(make("interpreter", what, advice.join(" ") || "./flash.sh says more."));
  }
  if (mismatches.length === 0) checks.push(ok("interpreter", `suits ${device.name}`));
  checks.push(await checkClock(board));
  const { check, online } = await checkFirmware(board);
  checks.push(check);
  checks.push(...(await checkCertificates(board)));
  // Who is online has good ones; reading them takes code on the board for a moment.
  const settings = online ? undefined : await readSettings(board, suits);
  return { checks, online, settings };
}

async function filesFor(): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  for (const name of boardNames()) {
    const { device } = await loadBoard(name);
    for (const one of device.needs().interpreters)
      files.set(one, [...(files.get(one) ?? []), name]);
  }
  return files;
}

/** Name of the board file; undefined when there is none for the interpreter. */
async function interpreterFile(board: Board, named?: string): Promise<string | undefined> {
  try {
    return (await openTarget(board, named)).device.name;
  } catch (error) {
    if (error instanceof BoardError && error.trouble === "refused") return undefined;
    throw error;
  }
}

async function checkClock(board: Board): Promise<Check> {
  const seconds = await board.query<number>("getTime()");
  const off = Math.round(seconds - Date.now() / 1000);
  if (Math.abs(off) <= CLOCK_TOLERANCE) return ok("clock", "the board's clock is right");
  const year = new Date(seconds * 1000).getUTCFullYear();
  const text =
    year < 2020 ? "the board's clock is not set" : `the board's clock is off by ${off} s`;
  return warn(
    "clock",
    text,
    "The firmware sets it at the next log-on; until then, logs have no date.",
  );
}

async function checkFirmware(board: Board): Promise<{ check: Check; online?: boolean }> {
  const [runs, online, version, reply] = await board.query<
    [boolean, boolean | null, string | null, { code?: number; message?: string } | null]
  >(
    '(function(a,s){return [typeof boot=="object",a?a.server.status:null,a?a.ota().version:null,a?a.status().lastReply||null:null]})' +
      "(global.ali)",
  );
  if (!runs) {
    return {
      check: warn(
        "firmware",
        "no firmware of this project runs",
        "./flash.sh puts it on the board.",
      ),
    };
  }
  if (online === null) {
    return {
      check: warn(
        "firmware",
        "it runs, but waits: it has no settings, or was started in safe mode",
        "npm run provision -- --config device.json gives it settings; npm run monitor shows its log.",
      ),
    };
  }
  if (online) return { check: ok("firmware", `version ${version} runs and is online`), online };
  const why = reply?.message ? `; last answer: ${reply.code} ${reply.message}` : "";
  return {
    check: warn(
      "firmware",
      `version ${version} runs, but is not logged on${why}`,
      "npm run monitor shows why; ali.link() on the REPL (npm run repl) tells about the network.",
    ),
    online,
  };
}

async function readSettings(
  board: Board,
  name: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await showSettings(board, await openTarget(board, name));
  } catch {
    return undefined;
  } finally {
    await releaseBoard(board).catch(() => {});
  }
}
