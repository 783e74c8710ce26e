/**
 * `npm run trace`: reads a trace, or a whole log, and writes it with the places of the TypeScript.
 * @module
 */
import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import { boardNames } from "../build/boards.ts";
import { knownBuilds, traceDecoder } from "../trace/index.ts";

const usage = `usage: npm run trace -- [options] [FILE]
  FILE          a log, or what the platform was told of a failure (standard input)
  --board NAME  ${boardNames().join(", ")}; without it, builds of all boards are tried
  --build ID    of the build that ran, as --list names it; without it, the code in the trace tells
  --list        the builds whose traces can be read, newest first for each board
  --json        the list as JSON
  --help        this text
Exit code: 0; 1 a trace of the firmware is of a build that is not known; 2 wrong use.`;

class UsageError extends Error {}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        board: { type: "string" },
        build: { type: "string" },
        list: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (positionals.length > 1) throw new Error(`${positionals[1]}: expected one file`);
    if (values.board !== undefined && !boardNames().includes(values.board)) {
      throw new Error(`--board ${values.board}: expected one of ${boardNames().join(", ")}`);
    }
    return { ...values, file: positionals[0] };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function list(board: string | undefined, json: boolean): void {
  const builds = [...knownBuilds(board)].map(({ board, id, at }) => ({ board, id, at }));
  if (json) console.log(JSON.stringify(builds));
  else for (const { board, id, at } of builds) console.log(`${id}  ${at}  ${board}`);
}

async function main(): Promise<number> {
  const { board, build, list: isList, json, help, file } = readOptions();
  if (help) {
    console.log(usage);
    return 0;
  }
  if (isList) {
    list(board, json);
    return 0;
  }
  const decoder = traceDecoder({
    ...(board === undefined ? {} : { board }),
    ...(build === undefined ? {} : { prefer: build }),
  });
  const input = file === undefined ? process.stdin : createReadStream(file);
  let isUnknown = false;
  const write = (text: string) => {
    isUnknown ||= text.includes("(no source map of this build is known)");
    process.stdout.write(text);
  };
  try {
    for await (const text of input.setEncoding("utf8")) write(decoder.push(text));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  write(decoder.flush());
  return isUnknown ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : error);
  process.exitCode = isUsage ? 2 : 1;
}
