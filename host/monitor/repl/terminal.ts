/**
 * A terminal for the board's REPL: lines are edited here and sent whole, what the board says goes above
 * the line that is being typed.
 * @module
 */
import { createInterface } from "node:readline";
import { openBrackets } from "../../board/interpreter/console.ts";
import { inProject } from "../../build/project.ts";
import { type Board, BoardError } from "../../serial/index.ts";
import { traceDecoder } from "../../trace/index.ts";
import { ConsoleText } from "../console-text.ts";
import { askIdentity } from "../identity.ts";
import { LEVEL_COLOURS, painted, parseLogLine } from "../log-line.ts";
import { complete } from "./completion.ts";
import { evaluateShown, OwnFrame } from "./evaluate.ts";
import { readHistory, writeHistory } from "./history.ts";

export interface ReplOptions {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean };
  /** Name of the board file, while the board has not said it itself. */
  boardName?: string;
  /** Where history is kept; by default in the project's cache. */
  history?: string;
}

const PROMPT = "> ";
const MORE = "… ";
/** Ends what runs on the board. */
const INTERRUPT = "\x03";
const HISTORY = inProject(".cache/repl-history");

/**
 * Reads lines until the input ends or `.exit`; without a terminal there is neither prompt nor history.
 * @returns how many of the inputs threw
 * @throws BoardError when the board is lost or does not answer
 */
export async function startRepl(board: Board, options: ReplOptions): Promise<number> {
  const { input, output, history = HISTORY } = options;
  const isTerminal = Boolean(input.isTTY && output.isTTY);
  const image = await askIdentity(board);
  const name = image?.board ?? options.boardName;
  const builds = {
    ...(name === undefined ? {} : { board: name }),
    ...(image?.id === undefined ? {} : { prefer: image.id }),
  };
  const lines = createInterface({
    input,
    output: isTerminal ? output : undefined,
    terminal: isTerminal,
    prompt: PROMPT,
    historySize: 500,
    removeHistoryDuplicates: true,
    ...(isTerminal ? { history: readHistory(history) } : {}),
    completer: (line: string, done: (error: null, found: [string[], string]) => void) => {
      void complete(board, line).then((found) => done(null, found));
    },
  });
  let isReading = false;
  const show = (text: string) => {
    if (isTerminal && isReading) output.write("\r\x1b[J");
    output.write(`${text}\n`);
    if (isTerminal && isReading) lines.prompt(true);
  };
  const own = new OwnFrame((line) => show(isTerminal ? coloured(line) : line));
  const text = new ConsoleText(traceDecoder(builds), (line) => own.take(line));
  const stop = board.onText((bytes) => text.take(bytes));
  lines.on("history", (kept) => writeHistory(history, kept));

  let failures = 0;
  let lost: BoardError | undefined;
  board.onClose((reason) => {
    lost = reason ?? new BoardError("lost", `${board.name} was closed`);
    lines.close();
  });
  let code = "";
  const ask = () => {
    isReading = true;
    lines.setPrompt(code === "" ? PROMPT : MORE);
    // What was typed meanwhile stays, with the cursor at its end.
    if (isTerminal) lines.prompt(lines.line !== "");
  };
  lines.on("SIGINT", () => {
    if (!isReading) {
      void board.type(INTERRUPT);
      return;
    }
    // As a shell does: the line is taken away; on an empty one, it ends.
    if (code === "" && lines.line === "") lines.close();
    code = "";
    output.write("\n");
    lines.write(null, { ctrl: true, name: "u" });
    ask();
  });
  try {
    ask();
    for await (const line of lines) {
      isReading = false;
      if (code === "" && line.trim() === ".exit") break;
      code += code === "" ? line : `\n${line}`;
      if (openBrackets(code)) {
        ask();
        continue;
      }
      const whole = code.trim();
      code = "";
      if (whole !== "") {
        own.isActive = true;
        if (!(await evaluateShown(board, whole))) failures++;
        text.flushLines();
        own.end();
      }
      ask();
    }
    if (lost) throw lost;
    return failures;
  } finally {
    stop();
    text.flush();
    lines.close();
  }
}

function coloured(line: string): string {
  if (line.startsWith("Uncaught ")) return painted("red", line);
  const level = parseLogLine(line)?.level;
  return level === undefined ? line : painted(LEVEL_COLOURS[level], line);
}
