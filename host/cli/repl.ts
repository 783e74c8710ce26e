/**
 * `npm run repl`: a terminal for the interpreter on a board, while its application runs on.
 * @module
 */
import { parseArgs } from "node:util";
import {
  openTarget,
  startRepl,
  TARGET_OPTIONS,
  TARGET_USAGE,
  type Target,
  UsageError,
} from "../monitor/index.ts";
import { BoardError, EvaluationError } from "../serial/index.ts";

const usage = `usage: npm run repl -- [options]
${TARGET_USAGE}
  --eval CODE      evaluate this, print its value as JSON, and end
  --help           this text
Tab completes, the history is kept, open brackets go on in the next line. Ctrl-D or .exit ends it;
"ali.help()" lists what the firmware offers. Without a terminal, lines are read from the input.
Exit code: 0; 1 something threw; 2 wrong use; 3 no port; 4 can't be opened; 5 silent; 7 lost.`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        ...TARGET_OPTIONS,
        eval: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function evaluate({ board }: Target, code: string): Promise<number> {
  try {
    const value = await board.evaluate(Buffer.from(code, "utf8").toString("latin1"));
    console.log(JSON.stringify(value));
    return 0;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    console.error(`Uncaught ${error.message}`);
    return 1;
  }
}

async function main(): Promise<number> {
  const { help, eval: code, ...values } = readOptions();
  if (help) {
    console.log(usage);
    return 0;
  }
  const target = await openTarget(values, { tell: (text) => console.error(`-- ${text}`) });
  try {
    if (code !== undefined) return await evaluate(target, code);
    const failures = await startRepl(target.board, {
      input: process.stdin,
      output: process.stdout,
      ...(target.name === undefined ? {} : { boardName: target.name }),
    });
    return failures > 0 && !process.stdin.isTTY ? 1 : 0;
  } finally {
    await target.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : error instanceof BoardError ? error.exitCode : 1;
}
