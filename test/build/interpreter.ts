/**
 * Runs a script on the real interpreter, where it is installed.
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What the interpreter prints for a script file, as bytes (one character each), without banner and
 * prompt. It ends by itself when no timer is left; rejects when it does not within `limitMs`.
 */
export async function runOnInterpreter(
  interpreter: string,
  script: string,
  limitMs = 20_000,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "espruino-"));
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(interpreter, [script], { cwd: folder });
      let output = "";
      child.stdout.setEncoding("latin1").on("data", (text) => {
        output += text;
      });
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`${script} still ran after ${limitMs} ms: ${output}`));
      }, limitMs);
      child.on("error", reject);
      child.on("close", () => {
        clearTimeout(timer);
        resolve(withoutFrame(output));
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The prompt, and the sequence that clears it before a line printed from a callback. */
const PROMPT = new RegExp(`^>?${String.fromCharCode(27)}\\[J|^>$`);

function withoutFrame(output: string): string {
  const lines = output.replaceAll("\r", "").split("\n");
  const banner = lines.findIndex((line) => line.includes("espruino.com/Donate"));
  const text = lines.slice(banner + 1).map((line) => line.replace(PROMPT, ""));
  return text.join("\n").trim();
}
