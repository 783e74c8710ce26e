/**
 * `npm run test:transcripts -- FOLDER`: replays recorded AT exchanges into the firmware's AT channel,
 * cut at every position.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readTranscript } from "../transcripts/format.ts";
import { fuzz } from "../transcripts/fuzz.ts";
import { replay } from "../transcripts/replay.ts";

const usage = `usage: npm run test:transcripts -- FOLDER…    replays each FOLDER/*.txt
       npm run test:transcripts -- --fuzz N [--seed S]    feeds N random lines and byte strings
The format of a line: # remark, > "host to modem", < "modem to host", = pause in ms.`;

class UsageError extends Error {}

function replayFolder(folder: string): boolean {
  let files: string[];
  try {
    files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  } catch (error) {
    throw new UsageError(`folder ${folder}: ${(error as Error).message}`);
  }
  if (files.length === 0) throw new UsageError(`folder ${folder}: no *.txt in it`);
  let bad = 0;
  let cuts = 0;
  for (const name of files.sort()) {
    try {
      const result = replay(readTranscript(readFileSync(join(folder, name), "latin1"), name));
      cuts += result.cuts;
      const differing = result.differences.length;
      console.log(
        `${name}: ${result.cuts} cuts, ${differing ? `${differing} differ` : "all agree"}`,
      );
      for (const difference of result.differences.slice(0, 3)) console.log(`  ${difference}`);
      if (differing) bad++;
    } catch (error) {
      console.log(`${name}: not replayed`);
      console.log(`  ${(error as Error).message}`);
      bad++;
    }
  }
  console.log(`${files.length} transcripts, ${cuts} cuts: ${bad ? `${bad} bad` : "all agree"}`);
  return bad === 0;
}

function count(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} ${text}: expected a whole number`);
  return Number(text);
}

function main(): boolean {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fuzz: { type: "string" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  if (values.fuzz !== undefined) {
    const found = fuzz(count("fuzz", values.fuzz), count("seed", values.seed));
    console.log(`${found.strings} strings: nothing thrown, cuts make no difference`);
    console.log(`a channel held ${found.mostState} characters and objects at most`);
    return true;
  }
  if (positionals.length === 0) throw new UsageError("no folder given");
  return positionals.map(replayFolder).every(Boolean);
}

try {
  process.exitCode = main() ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  const misused = error instanceof UsageError || error instanceof TypeError;
  if (misused) console.error(usage);
  process.exitCode = misused ? 2 : 1;
}
