/**
 * `npm run watch`: after each save, the firmware is built and runs on the board.
 * @module
 */
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { boardNames, loadBoard } from "../build/boards.ts";
import { build } from "../build/index.ts";
import { inProject } from "../build/project.ts";
import { readHistory } from "../build/size-history.ts";
import { showSizes } from "../build/sizes.ts";
import { exitCodeOf, flash, type Reporter } from "../flash/index.ts";
import { monitor, openTarget, type Target, UsageError } from "../monitor/index.ts";
import { BoardError } from "../serial/index.ts";
import { type WatchEvent, watchSources } from "../watch/index.ts";

const usage = `usage: npm run watch -- [options]
  --board NAME     ${boardNames().join(", ")} (esp32)
  --app FILE       the application, a module that exports startApp (src/app/app.ts)
  --port PORT      a connected board: /dev/tty…, COM… or tcp://HOST:PORT
  --json           one JSON object for each change; nothing of what the board says
  --help           this text
Without --port, a virtual board with a local platform. Watches src/, boards/ and the application's folder; Ctrl-C ends it.
Exit code: 0 ended by Ctrl-C; 2 wrong use; 3 to 8 as of ./flash.sh.`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        board: { type: "string", default: "esp32" },
        app: { type: "string" },
        port: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const remark = (text: string) => console.log(`-- ${text}`);

function showEvent(event: WatchEvent): void {
  if (event.kind === "changed") remark(`saved: ${event.files.join(", ")}`);
  else if (event.kind === "failed") {
    remark(`${event.step} failed, the board goes on with what it has:\n${event.error.message}`);
  } else {
    const { build: built, seconds } = event;
    console.log(showSizes(built, readHistory(built.dir)?.before));
    remark(`runs after ${seconds.toFixed(1)} s`);
  }
}

function eventJson(event: WatchEvent): object {
  if (event.kind === "failed") return { ...event, error: event.error.message };
  if (event.kind === "running") return { ...event, build: event.build.sizes };
  return event;
}

/** Of the flashing, only what goes wrong is told. */
const reporter: Reporter = {
  step: () => {},
  progress: () => {},
  warn: (text) => console.error(`-- ${text}`),
};

async function main(): Promise<void> {
  const { board: name, app, port, json, help } = readOptions();
  if (help) {
    console.log(usage);
    return;
  }
  if (!boardNames().includes(name)) {
    throw new UsageError(`--board ${name}: expected one of ${boardNames().join(", ")}`);
  }
  const { device, machine } = await loadBoard(name);
  const ended = new AbortController();
  const { signal } = ended;
  for (const cause of ["SIGINT", "SIGTERM"] as const) process.once(cause, () => ended.abort());
  const target: Target = await openTarget(
    { port, virtual: port === undefined, board: name },
    { tell: (text) => console.error(`-- ${text}`) },
  );
  try {
    const shown = json ? Promise.resolve() : show(target, name, signal);
    await watchSources({
      folders: [inProject("src"), inProject("boards"), ...(app ? [dirname(resolve(app))] : [])],
      build: () => build({ board: name, app, quiet: true }),
      deploy: async (built) => {
        await flash(target.board, { device, machine, build: built, reporter });
      },
      onEvent: (event) => {
        if (json) console.log(JSON.stringify(eventJson(event)));
        else showEvent(event);
        // Nothing can be put on a board that is gone.
        const isGone = event.kind === "failed" && event.error instanceof BoardError;
        if (isGone) fail(event.error, ended);
      },
      signal,
    });
    await shown;
  } finally {
    await target.close();
  }
}

function fail(error: Error, ended: AbortController): void {
  process.exitCode = exitCodeOf(error);
  ended.abort();
}

function show(target: Target, boardName: string, signal: AbortSignal): Promise<void> {
  return monitor(target.board, {
    write: (line) => console.log(line),
    colour: process.stdout.isTTY && !process.env.NO_COLOR,
    boardName,
    signal,
  });
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : exitCodeOf(error);
}
