/**
 * `npm test [-- words]`: runs the test files whose paths contain any of the words, or all of them. Each
 * file has a process of its own, but for those of folders where starting one takes longer than the tests.
 * @module
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
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

/** Folders whose files share processes, and how many. Hooks are a file's own. */
const SHARED: Record<string, number> = { cloud: 4, modem: 2, text: 1, tsl: 1 };

/** Files that import the others, so that each process loads what they use once. */
function share(folder: string, processes: number): string[] {
  const own = files.filter((file) => file.startsWith(join(root, folder, "/")));
  const cache = join(root, "../.cache/test");
  mkdirSync(cache, { recursive: true });
  return Array.from({ length: processes }, (_, i) => {
    const file = join(cache, `${folder}-${i + 1}.test.ts`);
    const part = own.filter((_, at) => at % processes === i);
    const suites = part.map((one) => {
      const [name, path] = [relative(root, one), one].map((text) => JSON.stringify(text));
      return `describe(${name}, async () => {\n  await import(${path});\n});\n`;
    });
    writeFileSync(file, `import { describe } from "node:test";\n${suites.join("")}`);
    return file;
  });
}

const isShared = (file: string) =>
  Object.keys(SHARED).some((folder) => file.startsWith(join(root, folder, "/")));
const runs =
  words.length > 0
    ? files
    : [
        ...files.filter((file) => !isShared(file)),
        ...Object.entries(SHARED).flatMap((one) => share(...one)),
      ];

/** A file that takes longer hangs, ms. */
const LONGEST = 240_000;

// Test files run with this process's options.
process.execArgv.push("--import", new URL("quick-ok.mjs", import.meta.url).href);

// One more than there are cores: many wait for sockets and timers.
run({ files: runs, concurrency: availableParallelism() + 1, timeout: LONGEST })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
