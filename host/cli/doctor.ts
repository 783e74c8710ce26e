/**
 * `npm run doctor`: what is right, what is not, and what to do next.
 * @module
 */
import { parseArgs } from "node:util";
import { boardNames } from "../build/boards.ts";
import { type Check, checkLines, examine } from "../doctor/index.ts";
import { openTarget, TARGET_OPTIONS, TARGET_USAGE, UsageError } from "../monitor/index.ts";

const usage = `usage: npm run doctor -- [options]
${TARGET_USAGE}
  --config FILE    the device's settings (device.json, if there is one)
  --log-on         try the credentials; it cuts off the device if it is online with them
  --json           one JSON object
  --help           this text
Works without a board, too. Exit code: 0 nothing failed; 1 something did; 2 wrong use.`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        ...TARGET_OPTIONS,
        config: { type: "string" },
        "log-on": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function main(): Promise<number> {
  const { help, json, virtual, port, board: boardName, config, "log-on": logOn } = readOptions();
  if (help) {
    console.log(usage);
    return 0;
  }
  if (boardName !== undefined && !boardNames().includes(boardName)) {
    throw new UsageError(`--board ${boardName}: expected one of ${boardNames().join(", ")}`);
  }
  const target = virtual ? await openTarget({ virtual, port, board: boardName }) : undefined;
  const checks: Check[] = [];
  try {
    const parts = { port, board: target?.board, boardName, config, logOn };
    for await (const check of examine(parts)) {
      checks.push(check);
      if (!json) console.log(checkLines(check).join("\n"));
    }
  } finally {
    await target?.close();
  }
  const failed = checks.filter(({ state }) => state === "fail").length;
  if (json) console.log(JSON.stringify({ ok: failed === 0, checks }));
  return failed > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : 1;
}
