/**
 * `npm run monitor`: shows what a board says.
 * @module
 */
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { monitor, openTarget, TARGET_OPTIONS, TARGET_USAGE, UsageError } from "../monitor/index.ts";
import { BoardError } from "../serial/index.ts";

const usage = `usage: npm run monitor -- [options]
${TARGET_USAGE}
  --log FILE       add each line to FILE, with date and time
  --json           one JSON object a line
  --help           this text
Goes on after a reset, and when the board is plugged in again. Ctrl-C ends it.
Exit code: 0 ended by Ctrl-C; 2 wrong use; 3 no port; 4 can't be opened; 7 the board is gone.`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        ...TARGET_OPTIONS,
        log: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Whether it can be written to shows now, not with the first line. */
function beginLog(file: string): void {
  try {
    appendFileSync(file, "");
  } catch (error) {
    throw new UsageError(`--log: ${(error as Error).message}`);
  }
}

async function main(): Promise<void> {
  const { help, log, json, ...values } = readOptions();
  if (help) {
    console.log(usage);
    return;
  }
  if (log !== undefined) beginLog(log);
  const target = await openTarget(values, {
    // It may say something all the same.
    patience: 0,
    tell: (text) => console.error(`-- ${text}`),
  });
  const ended = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.abort());
  try {
    const watching = monitor(target.board, {
      write: (line) => console.log(line),
      json,
      colour: process.stdout.isTTY && !process.env.NO_COLOR,
      signal: ended.signal,
      ...(log === undefined ? {} : { log }),
      ...(target.name === undefined ? {} : { boardName: target.name }),
      ...(target.reopen ? { reopen: target.reopen } : {}),
    });
    // Its first words are heard, too.
    await target.begin?.();
    await watching;
  } finally {
    await target.close();
  }
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : error instanceof BoardError ? error.exitCode : 1;
}
