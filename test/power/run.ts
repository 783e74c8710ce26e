/**
 * `npm run test:power [-- options] [ID…]`: power cuts at every flash operation of an update on the
 * virtual board, cuts while it recovers, and flash that fails in silence. Each failure prints the
 * id of its case; given as an argument, it is run again.
 * @module
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { boardNames, loadBoard } from "../../host/build/boards.ts";
import { build } from "../../host/build/index.ts";
import { type CaseId, runCase, silentFaults, singleCuts } from "./cuts.ts";
import { plots, record } from "./plots.ts";

const USAGE = `Usage: npm run test:power -- [options] [ID…]

  --board NAME   ${boardNames().join(", ")} (esp32)
  --plot NAME    only the cases of this plot
  --every N      only every Nth case (1)
  --more N       double and triple cuts, by seed (5000)
  ID…            run these cases only
`;

interface Job {
  board: string;
  ids: CaseId[];
}

interface Failed {
  id: CaseId;
  message: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      board: { type: "string", default: "esp32" },
      plot: { type: "string" },
      every: { type: "string", default: "1" },
      more: { type: "string", default: "5000" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { board } = values;
  const all = await stories(board);
  if (positionals.length > 0) {
    report(runHere({ board, ids: positionals }, all), positionals.length);
    return;
  }
  const ids: CaseId[] = [];
  for (const { plot, recording } of all.values()) {
    if (values.plot !== undefined && plot.name !== values.plot) continue;
    const cuts = singleCuts(plot.name, recording);
    const silent = silentFaults(plot.name, recording);
    const { operations } = recording;
    const erases = operations.filter(({ kind }) => kind === "erase").length;
    console.log(
      `${plot.name}: ${operations.length} flash operations (${erases} erases), ` +
        `${cuts.length} single cuts, ${silent.length} silent faults`,
    );
    ids.push(...cuts, ...silent);
  }
  const names = [...all.keys()].filter((name) => values.plot === undefined || name === values.plot);
  for (let seed = 0; seed < Number(values.more); seed++) {
    ids.push(`${names[seed % names.length]}:more=${seed}`);
  }
  const chosen = ids.filter((_id, index) => index % Number(values.every) === 0);
  const began = Date.now();
  const failures = await runEverywhere(board, chosen);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`${chosen.length} cases in ${seconds} s`);
  report(failures, chosen.length);
}

/** The board's plots, each played once. */
async function stories(name: string) {
  const made = plots(await loadBoard(name), await build({ board: name, quiet: true }));
  return new Map(made.map((plot) => [plot.name, { plot, recording: record(plot) }]));
}

function runHere({ ids }: Job, all: Awaited<ReturnType<typeof stories>>): Failed[] {
  const failures: Failed[] = [];
  for (const id of ids) {
    const story = all.get(id.slice(0, id.indexOf(":")));
    try {
      if (!story) throw new Error(`no plot of this name: expected ${[...all.keys()].join(", ")}`);
      runCase(id, story.plot, story.recording);
    } catch (error) {
      failures.push({ id, message: (error as Error).message });
    }
  }
  return failures;
}

/** Shares the cases among the cores. */
async function runEverywhere(board: string, ids: CaseId[]): Promise<Failed[]> {
  const count = availableParallelism();
  const workers = Array.from({ length: count }, async (_, index) => {
    const job: Job = { board, ids: ids.filter((_id, at) => at % count === index) };
    const worker = new Worker(new URL("worker.mjs", import.meta.url), { workerData: job });
    const [failures] = (await once(worker, "message")) as [Failed[]];
    await worker.terminate();
    return failures;
  });
  return (await Promise.all(workers)).flat();
}

/** A worker's part of the cases. */
export async function runJob(job: Job): Promise<Failed[]> {
  return runHere(job, await stories(job.board));
}

function report(failures: Failed[], count: number): void {
  for (const { id, message } of failures) console.error(`✘ ${id}: ${message}`);
  console.log(`${count - failures.length} of ${count} recovered`);
  if (failures.length > 0) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await main();
