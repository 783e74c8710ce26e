/**
 * Storms of several seeds, shared among the computer's cores.
 * @module
 */
import { availableParallelism } from "node:os";
import { inWorker } from "../../power/in-worker.ts";
import type { StormOptions, StormResult } from "./storm.ts";

/** From the folder of `in-worker.ts`. */
const MODULE = "../link/storm/storm.ts";

export interface StormsOptions {
  program: string;
  seeds: number[];
  hours: number;
  /** Hears of each storm when it is over. */
  onResult?: (result: StormResult) => void;
}

/** Runs storms, one a core at a time; gives their results in the order of the seeds. */
export async function runStorms(options: StormsOptions): Promise<StormResult[]> {
  const { program, seeds, hours, onResult } = options;
  const results: StormResult[] = [];
  let next = 0;
  const work = async () => {
    while (next < seeds.length) {
      const at = next++;
      const job: StormOptions = { program, hours, seed: seeds[at] as number };
      const result = await inWorker<StormResult>(MODULE, "runStorm", job);
      results[at] = result;
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
