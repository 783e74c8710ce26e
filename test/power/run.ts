/**
 * `npm run test:power [-- parts or case ids, options]`: long runs of updates. Power cuts at every
 * flash operation on the driven board, kills of the real interpreter, updates in a row.
 * @module
 */
import { parseArgs } from "node:util";
import { boardNames } from "../../host/build/boards.ts";
import { build } from "../../host/build/index.ts";
import { type Failed, runCases, runEverywhere, stories } from "./campaign.ts";
import { inWorker } from "./in-worker.ts";
import { interpretersHere } from "./interpreters.ts";
import { type Kills, runKills } from "./kills.ts";
import { runUpdates } from "./updates.ts";
import type { Wear, WearJob } from "./wear.ts";

const PARTS = ["campaign", "kills", "updates", "wear"];
const USAGE = `Usage: npm run test:power [-- PART… | ID…] [options]

  campaign        power cuts and silent faults at every flash operation, on the driven board
  kills           the interpreter killed during updates
  updates         updates in a row on the interpreter: memory stays as it is
  wear            updates in a row on the driven board: erases, writes, Storage
  ID…             cases of the campaign, run again, e.g. update:cut=12,b7

  --board NAME    of campaign and wear: ${boardNames().join(", ")} (esp32)
  --plot NAME     only the campaign's cases of this plot
  --every N       only every Nth case (1)
  --more N        double and triple cuts, by seed (5000)
  --kills N       (200)
  --updates N     (100)
  --wear N        updates of wear (1000)
  --seed N        of the kills (1)
`;

type Options = ReturnType<typeof parseOptions>["values"];

function parseOptions() {
  const parsed = parseArgs({
    allowPositionals: true,
    options: {
      board: { type: "string", default: "esp32" },
      plot: { type: "string" },
      every: { type: "string", default: "1" },
      more: { type: "string", default: "5000" },
      kills: { type: "string", default: "200" },
      updates: { type: "string", default: "100" },
      wear: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  const { every, more, kills, updates, wear, seed } = parsed.values;
  for (const [name, text] of Object.entries({ every, more, kills, updates, wear, seed })) {
    if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text}: a number is expected`);
  }
  if (every === "0") throw new Error("--every 0: a number from 1 on is expected");
  return parsed;
}

const began = Date.now();

/** A line of the report, with the seconds since the start. */
function tell(line: string): void {
  console.log(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`);
}

/** Ends a part: its result in one line, or its failure. */
async function part(name: string, result: Promise<string>): Promise<void> {
  try {
    tell(`${name}: ${await result}`);
  } catch (error) {
    tell(`✘ ${name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseOptions();
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const ids = positionals.filter((word) => !PARTS.includes(word));
  if (ids.length > 0) {
    await again(ids, values);
    return;
  }
  const parts = positionals.length > 0 ? positionals : PARTS;
  const running: Promise<void>[] = [];
  // What mostly waits runs beside what computes.
  if (parts.includes("kills")) running.push(...(await startKills(values)));
  if (parts.includes("updates")) running.push(...(await startUpdates(values)));
  if (parts.includes("wear")) running.push(part("wear", wear(values)));
  if (parts.includes("campaign")) running.push(part("campaign", campaign(values)));
  await Promise.all(running);
}

/** Cases by their ids, in this thread. */
async function again(ids: string[], { board }: Options): Promise<void> {
  const failures = runCases(ids, await stories(await build({ board, quiet: true })));
  await part("cases", summary(failures, ids.length));
}

async function campaign({ board, plot, every, more }: Options): Promise<string> {
  const built = await build({ board, quiet: true });
  const choice = { plot, every: Number(every), more: Number(more) };
  const { count, failures, lines } = await runEverywhere(built, choice);
  for (const line of lines) tell(`campaign, ${line}`);
  return summary(failures, count);
}

async function summary(failures: Failed[], count: number): Promise<string> {
  for (const { id, message } of failures) console.error(`✘ ${id}: ${message}`);
  const text = `${count - failures.length} of ${count} cases recovered`;
  if (failures.length > 0) throw new Error(text);
  return text;
}

/** Two boards of the first interpreter, one of each other, share the kills. */
async function startKills({ kills, seed }: Options): Promise<Promise<void>[]> {
  const [first, ...others] = interpretersHere();
  if (!first) return skipped("kills");
  const built = await build({ board: "linux", quiet: true });
  const boards = [first, first, ...others];
  return boards.map((interpreter, index) => {
    const share = Math.floor((Number(kills) + index) / boards.length);
    const own = Number(seed) + index;
    const run = runKills({ build: built, interpreter, kills: share, seed: own });
    return part(`kills, ${interpreter.name}, seed ${own}`, run.then(describeKills));
  });
}

function describeKills({ kills, updates, phases, resumed, again }: Kills): string {
  const where = Object.entries(phases)
    .map(([phase, count]) => `${count} ${phase}`)
    .join(", ");
  return (
    `${kills} kills (${where}) in ${updates} updates, all done in the end; ` +
    `${resumed} downloads resumed, ${again} packages pushed again after three killed trials`
  );
}

async function startUpdates({ updates }: Options): Promise<Promise<void>[]> {
  const found = interpretersHere();
  if (found.length === 0) return skipped("updates");
  const built = await build({ board: "linux", quiet: true });
  return found.map((interpreter) => {
    const run = runUpdates({ build: built, interpreter, updates: Number(updates) });
    const text = run.then(
      ({ second, last, least, most }) =>
        `${updates} in a row; JsVars in use: ${second} after the second, ${last} after the last, ` +
        `${least} to ${most} in between`,
    );
    return part(`updates, ${interpreter.name}`, text);
  });
}

function skipped(name: string): [] {
  tell(`${name}: skipped, no Espruino on this machine (ESPRUINO or espruino-linux)`);
  return [];
}

async function wear({ board, wear: updates }: Options): Promise<string> {
  const built = await build({ board, quiet: true });
  const job: WearJob = { build: built, updates: Number(updates) };
  return describeWear(await inWorker<Wear>("wear.ts", "runWear", job));
}

function describeWear(wear: Wear): string {
  const { updates, imageBytes, slotBytes, areaBytes, slotErases, areaErases, mostErases } = wear;
  const ratio = (bytes: number) => (bytes / imageBytes).toFixed(4);
  return (
    `${updates} in a row; Storage unchanged outside of the slots; ${slotErases} erases in slots ` +
    `(at most ${mostErases} of a page in an update), ${(areaErases / updates).toFixed(2)} an ` +
    `update in the journal; per image byte ${ratio(slotBytes)} written to slots, ` +
    `${ratio(areaBytes)} to the journal`
  );
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
