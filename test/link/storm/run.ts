/**
 * `npm run test:storm [-- options]`: hours of a device on a modem that has a fault every 20 seconds,
 * for several seeds. Prints a line a seed, and ends with code 1 when one of them failed.
 * @module
 */
import { parseArgs } from "node:util";
import { buildStorm, runStorm, type StormResult } from "./storm.ts";
import { runStorms } from "./storms.ts";

const USAGE = `Usage: npm run test:storm [-- options]

  --seeds N    storms with the seeds 1 to N (20)
  --seed S     only that of this seed, again
  --hours H    of each (30)
  --faults     name the faults of each storm
  --log        show the device's log, with --seed
`;

/** Counters of the driver in the order in which it tries: by itself, then by levels of the ladder. */
const RECOVERIES = ["resyncs", "resets", "contexts", "radios", "restarts", "pauses"];

function describe(result: StormResult): string {
  const { seed, counters, faults } = result;
  const count = Object.values(faults).reduce((sum, times) => sum + times, 0);
  const recoveries = RECOVERIES.map((name) => `${counters[name] ?? 0} ${name}`).join(", ");
  return (
    `${result.failures.length > 0 ? "✘" : "✔"} seed ${seed}: ` +
    `${result.reports} of ${result.wanted} reports${result.inOrder ? ", in order" : ""} (${result.again} again, ` +
    `${result.connections} log-ons, ${result.garbled} connections ended for garbled bytes); ` +
    `${count} faults of ${Object.keys(faults).length} kinds; ${recoveries}; ` +
    `${result.files} files of 200 KB byte for byte (${result.requests} requests, ` +
    `${result.givenUp} given up in between); ` +
    `JsVars ${result.memoryBefore} before, ${result.memoryAfter} after; ` +
    `all there ${result.settledAfter} s after the last fault`
  );
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text}: a number above 0 is expected`);
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "20" },
      seed: { type: "string" },
      hours: { type: "string", default: "30" },
      faults: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const hours = numberOf("hours", values.hours);
  const count = numberOf("seeds", values.seeds);
  const began = Date.now();
  const tell = (result: StormResult) => {
    console.log(`${Math.round((Date.now() - began) / 1000)} s  ${describe(result)}`);
    for (const failure of result.failures) console.log(`  ${failure}`);
    if (values.faults) {
      const names = Object.entries(result.faults).sort(([one], [other]) => (one < other ? -1 : 1));
      console.log(`  ${names.map(([name, times]) => `${name} ${times}`).join(", ")}`);
    }
    if (result.failures.length > 0) process.exitCode = 1;
  };
  const program = await buildStorm();
  if (values.seed !== undefined) {
    const seed = numberOf("seed", values.seed);
    tell(runStorm({ program, hours, seed, log: values.log }));
    return;
  }
  const seeds = Array.from({ length: count }, (_, at) => at + 1);
  const results = await runStorms({ program, hours, seeds, onResult: tell });
  const good = results.filter(({ failures }) => failures.length === 0).length;
  console.log(`${good} of ${results.length} storms of ${hours} hours went well`);
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
