/**
 * `npm test [-- words]`: runs the test files whose paths contain any of the words, or all of them.
 * @module
 */
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const root = import.meta.dirname;
const words = process.argv.slice(2);
const files = (readdirSync(root, { recursive: true }) as string[])
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
  .map((file) => join(root, file));
if (files.length === 0) {
  console.error(`no test file's path contains ${words.map((word) => `"${word}"`).join(" or ")}`);
  process.exit(2);
}

/** A file that takes longer hangs, ms. */
const LONGEST = 240_000;

// Test files run with this process's options.
process.execArgv.push("--import", new URL("quick-ok.mjs", import.meta.url).href);

// One more than there are cores: many wait for sockets and timers.
run({ files, concurrency: availableParallelism() + 1, timeout: LONGEST })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
