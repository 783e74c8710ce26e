/**
 * `npm run modem`: a simulated cellular module on a pseudo terminal, for a terminal program.
 * @module
 */
import { rmSync, symlinkSync } from "node:fs";
import { faultKinds, Modem } from "../modem/index.ts";
import { noPty, Pty } from "../modem/pty.ts";
import { TraceLines } from "../modem/trace-lines.ts";
import { HELP, readSettings } from "./modem-settings.ts";
import { UsageError } from "./ota/access.ts";

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === "help") {
    process.stdout.write(HELP);
    return;
  }
  if (settings === "faults") {
    for (const { name, does } of faultKinds) console.log(`${name.padEnd(16)} ${does}`);
    return;
  }
  const missing = noPty();
  if (missing !== undefined) throw new UsageError(`no pseudo terminal: ${missing}`);
  const { options, link, faults, trace } = settings;
  const lines = new TraceLines((line) => console.error(line));
  if (trace) options.trace = (direction, bytes) => lines.take(direction, bytes);
  const modem = new Modem(options);
  for (const { name, ...when } of faults) modem.inject(name, when);
  const pty = await Pty.open((bytes) => void modem.receive(bytes));
  modem.connect((bytes) => pty.send(bytes));
  if (link !== undefined) makeLink(pty.path, link);
  const stop = () => {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
    modem.close();
    if (link !== undefined) rmSync(link, { force: true });
    pty.close().catch((error: unknown) => {
      console.error(`stopping failed: ${String(error)}`);
      process.exitCode = 1;
    });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  console.log(`${modem.family.model} on ${link ?? pty.path}, 115200 baud; Ctrl+C stops.`);
}

function makeLink(path: string, link: string): void {
  try {
    symlinkSync(path, link);
  } catch (error) {
    throw new UsageError(`--link ${link}: ${(error as Error).message}`);
  }
}

try {
  await main();
} catch (error) {
  const isExpected = error instanceof UsageError;
  console.error(isExpected ? `modem: ${error.message}` : error);
  if (error instanceof UsageError) console.error("Try npm run modem -- --help");
  // A terminal that is open already must not keep the command alive.
  process.exit(isExpected ? 2 : 1);
}
