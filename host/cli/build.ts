/**
 * `npm run build`: builds a board's firmware into `dist/NAME/`.
 * @module
 */
import { parseArgs } from "node:util";
import { boardNames } from "../build/boards.ts";
import { build } from "../build/index.ts";
import { readHistory } from "../build/size-history.ts";
import { showFolders, showMemory } from "../build/sizes.ts";

const usage = `usage: npm run build -- [options]
  --board NAME  ${boardNames().join(", ")} (esp32)
  --app FILE    the application, a module that exports startApp (src/app/app.ts)
  --sizes       bytes by the folder of the sources, too
  --memory      the interpreter's variables, too: the firmware is started for it
  --json        one line of JSON
  --help        this text
Sizes come with their change since the last build that was another.
Exit code: 0 built; 1 the sources don't allow it, or it is too large; 2 wrong use.`;

function readOptions() {
  return parseArgs({
    options: {
      board: { type: "string", default: "esp32" },
      app: { type: "string" },
      sizes: { type: "boolean", default: false },
      memory: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
}

async function main(): Promise<void> {
  const { board, app, sizes, memory, json, help } = readOptions();
  if (help) {
    console.log(usage);
    return;
  }
  const result = await build({ board, app, quiet: json });
  const history = readHistory(result.dir);
  const figures = memory
    ? await (await import("../build/memory.ts")).measureMemory(result)
    : undefined;
  if (json) {
    const { before, folders } = history ?? {};
    console.log(JSON.stringify({ ...result, folders, before, memory: figures }));
    return;
  }
  if (figures) console.log(showMemory(figures));
  if (sizes && history) console.log(showFolders(history, history.before));
}

try {
  await main();
} catch (error) {
  const isUsage = String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
  console.error(isUsage ? `${(error as Error).message}\n${usage}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : 1;
}
