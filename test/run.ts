/**
 * `npm test [-- words]`: runs the test files whose paths contain any of the words, or all of them. Each
 * file has a process of its own, but for those of folders where starting one takes longer than the tests.
 * @module
 */
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { throwAway } from "../host/cloud/certificate/throw-away.ts";
import { SERVICE } from "./compiled/build.ts";
import { compile } from "./compiled/compile.ts";
import { compiledName } from "./compiled/import-source.ts";
import { CERTIFICATES } from "./compiled/throw-away.ts";

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
const SHARED: Record<string, number> = {
  cloud: 4,
  ali: 1,
  bench: 1,
  build: 1,
  console: 1,
  docs: 1,
  "link/cellular": 1,
  modem: 2,
  mqtt: 1,
  serial: 1,
  store: 1,
  text: 1,
  tsl: 1,
};

/** Files of these folders that replace what is global, or take long. */
const APART = [
  "ali/offline-queue",
  "ali/platform-clock",
  "ali/services/log-upload",
  "ali/thing-handlers",
  "build/build",
  "build/generated",
  "build/lowered",
  "console/page",
  "console/page/bluetooth",
  "docs/commands",
  "docs/path",
  "docs/programs",
  "docs/sample",
  "link/cellular/device",
  "link/cellular/driven",
  "link/cellular/driver",
  "link/cellular/faults",
  "link/cellular/services",
  "link/cellular/storm",
  "link/cellular/transcripts",
  "mqtt/brokers",
  "mqtt/peers",
  "serial/board",
  "serial/espruino-tool",
  "serial/flash",
  "serial/interpreter",
  "store/containers",
  "store/interpreter",
  "store/record-log-board",
].map((name) => `${name}.test.ts`);

/** Files that take longest begin early, so that none runs alone in the end. */
const LONG = [
  "console/page",
  "e2e/device",
  "e2e/walk",
  "examples/examples",
  "console/page/bluetooth",
  "e2e/ota",
  "e2e/modem",
  "cli/start",
  "serial/flash",
  "ali/offline-queue",
  "ota/download/download",
].map((name) => `${name}.test.ts`);

const compiled = join(root, "../.cache/test");
const [certificates] = await Promise.all([throwAway(), compile(compiled)]);
const compiledFile = (file: string) => join(compiled, "test", compiledName(file));

/** For what the whole run has in common. */
const folder = mkdtempSync(join(tmpdir(), "run-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Node's options, or none of them where it does not know one. */
function known(...options: string[]): string[] {
  return spawnSync(process.execPath, [...options, "--eval", ""]).status === 0 ? options : [];
}

/**
 * V8 optimizes functions later than by default. What a test runs it runs a few times, and a fifth of a build's
 * processor time goes into optimizing.
 */
const TESTING = known("--interrupt-budget=200000");
const BUILDING = known("--interrupt-budget=600000", "--max-semi-space-size=64");

/** Starts the service that makes builds; it ends when it is disconnected. */
async function startBuilds(file: string): Promise<ChildProcess> {
  const socket = join(folder, "socket");
  const service = fork(file, [socket], { execArgv: ["--enable-source-maps", ...BUILDING] });
  await once(service, "message");
  process.env[SERVICE] = socket;
  return service;
}

/** Files that import the others, so that each process loads what they use once. */
function share(folder: string, processes: number): string[] {
  const own = files.filter((file) => file.startsWith(`${folder}/`) && isShared(file));
  return Array.from({ length: processes }, (_, i) => {
    const file = join(compiled, `${folder.replace("/", "-")}-${i + 1}.test.mjs`);
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
  Object.keys(SHARED).some((folder) => file.startsWith(`${folder}/`)) && !APART.includes(file);
const long = LONG.filter((file) => files.includes(file));
const others = files.filter((file) => !isShared(file) && !LONG.includes(file));

/** What is shared hardly needs a build: it runs while the long ones wait for the first. */
function early(): string[] {
  const shared = Object.entries(SHARED).flatMap((one) => share(...one));
  const pairs = shared.map((file, i) => [long[i], file] as const);
  const rest = long.slice(shared.length).map(compiledFile);
  return [...pairs.flatMap(([one, file]) => (one ? [file, compiledFile(one)] : [file])), ...rest];
}

const runs = words.length > 0 ? files.map(compiledFile) : [...early(), ...others.map(compiledFile)];

const service = await startBuilds(compiledFile("compiled/build-service.ts"));

process.env[CERTIFICATES] = join(folder, "certificates.json");
writeFileSync(process.env[CERTIFICATES], JSON.stringify(certificates), { mode: 0o600 });

/** A file that takes longer hangs, ms. One that makes many builds waits for those of the others, too. */
const LONGEST = 400_000;

// Test files run with this process's options. What they run is compiled.
process.execArgv = ["--enable-source-maps", ...TESTING];

// Two more than there are cores: many wait for sockets and timers, and some for a build.
run({ files: runs, concurrency: availableParallelism() + 2, timeout: LONGEST })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .on("end", () => service.disconnect())
  .compose(new spec())
  .pipe(process.stdout);
