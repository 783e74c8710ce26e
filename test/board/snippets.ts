/**
 * Runs the snippets of `contract/` on a board and takes down what they print.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { FlashImage, type PoweredBoard } from "../../host/board/index.ts";

const folder = join(import.meta.dirname, "contract");

/** Evaluated in RAM, from a timer, so that the banner is over and Storage may be erased. */
const loader =
  'setTimeout(function(){print("#BEGIN");eval(require("Storage").read("snippet")+" ")},50)';

/** A snippet and what the interpreter printed when it was recorded. */
export interface Snippet {
  name: string;
  source: string;
  expected: string;
}

export function readSnippets(): Snippet[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .sort()
    .map((file) => {
      const name = file.slice(0, -3);
      const source = readFileSync(join(folder, file), "utf8");
      return { name, source, expected: readText(join(folder, `${name}.txt`)) };
    });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** A port of this machine that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * What a snippet prints, without prompts and traces.
 * @param traceLines lines that one place of a trace takes on this board
 */
export async function runSnippet(
  board: PoweredBoard,
  flash: string,
  source: string,
  traceLines: number,
): Promise<string> {
  const port = await freePort();
  const image = FlashImage.open(flash, board.board.machine);
  image.store.eraseAll();
  image.writeFile("snippet", source.replaceAll("PORT", String(port)));
  image.writeFile(".boot0", loader);
  image.close();
  let output = "";
  const done = new Promise<void>((resolve, reject) => {
    board.onConsole((text) => {
      output += text;
      if (output.includes("#END\r\n")) resolve();
    });
    board.onRestart((cause) => reject(new Error(`restarted: ${cause}\n${output}`)));
    setTimeout(() => reject(new Error(`no end within 10 s:\n${output}`)), 10_000).unref();
  });
  await board.powerOn();
  try {
    await done;
  } finally {
    await board.powerOff();
  }
  return tidy(output, traceLines).replaceAll(String(port), "PORT");
}

function tidy(output: string, traceLines: number): string {
  const [, first = ""] = output.split(/#BEGIN\r\n/, 2);
  const rest = output.slice(output.indexOf(first));
  // Banners, which a load or reset prints again, are each board's own.
  const body = rest
    .slice(0, rest.indexOf("#END\r\n"))
    .replace(/\r\n ____[\s\S]*?Donate\r\n/g, "")
    .replace(/\r\nEspruino for Linux\r\n.*\r\n/g, "");
  const lines = body
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the console sends them
    .replace(/>?\r\x1b\[J/g, "")
    .split("\r\n")
    .map((line) => line.replace(/^>/, ""));
  const kept: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (/^\s+at .*:\d+:\d+\)?$/.test(lines[i] ?? "")) i += traceLines - 1;
    else if (lines[i] !== "#BEGIN" && lines[i] !== "") kept.push(lines[i] ?? "");
  }
  return `${kept.join("\n").trim()}\n`;
}
