/**
 * Calls a function of a module of this folder in a thread of its own.
 * @module
 */
import { Worker } from "node:worker_threads";

/** What `worker.mjs` is given; the argument and the result are copied. */
export interface Call {
  module: string;
  name: string;
  argument: unknown;
}

/** Resolves with what the function gives; rejects with what it throws. */
export function inWorker<Result>(module: string, name: string, argument: unknown): Promise<Result> {
  const call: Call = { module, name, argument };
  const worker = new Worker(new URL("worker.mjs", import.meta.url), {
    workerData: call,
    // Each start of a board makes a world of objects that is soon garbage.
    resourceLimits: { maxYoungGenerationSizeMb: 192 },
  });
  return new Promise<Result>((resolve, reject) => {
    worker.once("message", (result: Result) => {
      resolve(result);
      void worker.terminate();
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the thread of ${name} ended with ${code}`)));
  });
}
