/**
 * `npx tsx test/board/record.ts [words]`: records what the interpreter prints for the snippets.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as board from "../../boards/linux.ts";
import { createInterpreterBoard } from "../../host/board/index.ts";
import { readSnippets, runSnippet } from "./snippets.ts";

const words = process.argv.slice(2);
for (const { name, source } of readSnippets()) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const folder = mkdtempSync(join(tmpdir(), "record-"));
  const flash = join(folder, "espruino.flash");
  const interpreter = createInterpreterBoard({ board, flash });
  try {
    const text = await runSnippet(interpreter, flash, source, 3);
    writeFileSync(join(import.meta.dirname, "contract", `${name}.txt`), text);
    console.log(name, text.length);
  } catch (error) {
    console.error(name, (error as Error).message.slice(0, 2000));
  } finally {
    await interpreter.close();
    rmSync(folder, { recursive: true });
  }
}
