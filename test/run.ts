/**
 * `npm test [-- words]`: runs the test files whose paths contain any of the words, or all of them. Each
 * file has a process of its own, but for those of folders where starting one takes longer than the tests.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { SERVICE } from "./compiled/build.ts";
import { compile } from "./compiled/compile.ts";
import { compiledName } from "./compiled/import-source.ts";

const root = import.meta.dirname;
const words = process.argv.slice(2);
const files = (readdirSync(root, { recursive: true }) as string[])
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`no test file's path contains ${words.map((word) => `"${word}"`).join(" or ")}`);
  process.exit(2);
}

/** Folders whose files share processes, and how many. Hooks are a file's own. */
const SHARED: Record<string, number> = { cloud: 4, modem: 2, text: 1, tsl: 1 };

const compiled = join(root, "../.cache/test");
await compile(compiled);
const compiledFile = (file: string) => join(compiled, "test", compiledName(file));

/** Starts the service that makes builds; it ends when it is disconnected. */
async function startBuilds(file: string): Promise<ChildProcess> {
  const folder = mkdtempSync(join(tmpdir(), "builds-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  const socket = join(folder, "socket");
  const service = fork(file, [socket], { execArgv: ["--enable-source-maps"] });
  await once(service, "message");
  process.env[SERVICE] = socket;
  return service;
}

/** Files that import the others, so that each process loads what they use once. */
function share(folder: string, processes: number): string[] {
  const own = files.filter((file) => file.startsWith(`${folder}/`));
  return Array.from({ length: processes }, (_, i) => {
    const file = join(compiled, `${folder}-${i + 1}.test.mjs`);
    const part = own.filter((_, at) => at % processes === i);
    const suites = part.map((one) => {
      const [name, path] = [one, compiledFile(one)].map((text) => JSON.stringify(text));
      return `describe(${name}, async () => {\n  await import(${path});\n});\n`;
    });
    writeFileSync(file, `import { describe } from "node:test";\n${suites.join("")}`);
    return file;
  });
}

const isShared = (file: string) =>
  Object.keys(SHARED).some((folder) => file.startsWith(`${folder}/`));
const runs =
  words.length > 0
    ? files.map(compiledFile)
    : [
        ...files.filter((file) => !isShared(file)).map(compiledFile),
        ...Object.entries(SHARED).flatMap((one) => share(...one)),
      ];

const service = await startBuilds(compiledFile("compiled/build-service.ts"));

/** A file that takes longer hangs, ms. */
const LONGEST = 240_000;

// Test files run with this process's options. What they run is compiled.
process.execArgv = ["--enable-source-maps"];

// One more than there are cores: many wait for sockets and timers.
run({ files: runs, concurrency: availableParallelism() + 1, timeout: LONGEST })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .on("end", () => service.disconnect())
  .compose(new spec())
  .pipe(process.stdout);
