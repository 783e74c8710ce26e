/**
 * Many updates in a row on the real interpreter: the memory in use after the last one is that after
 * the second one, but for what chance makes of it.
 * @module
 */
import type { BuildResult } from "../../host/build/index.ts";
import { Bench, type NamedInterpreter, UPDATE_MS } from "./interpreters.ts";

/** The application's last word after a log-on: nothing is under way then. */
const IDLE = /no package to install/;
const LOOK_LIMIT_MS = 30_000;
/**
 * The device's message ids begin at a random number: with a digit more or less, the last messages
 * take some JsVars more or less. A leak of one JsVar in ten updates is more than that.
 */
const SPREAD = 8;

export interface Updates {
  updates: number;
  /** JsVars in use after the second update and after the last one. */
  second: number;
  last: number;
  /** The least and the most after any from the second on. */
  least: number;
  most: number;
}

export interface UpdatesOptions {
  build: BuildResult;
  interpreter: NamedInterpreter;
  updates: number;
}

/** Throws an Error that says which update failed, or that memory has grown. */
export async function runUpdates(options: UpdatesOptions): Promise<Updates> {
  const { build, interpreter, updates } = options;
  const bench = await Bench.open(build, interpreter);
  const usages: number[] = [];
  try {
    await bench.powerOn();
    for (let update = 1; update <= updates; update++) {
      try {
        usages.push(await install(bench, update));
      } catch (error) {
        throw new Error(`update ${update} of ${updates}: ${(error as Error).message}`);
      }
    }
  } finally {
    await bench.close();
  }
  const [, second = 0] = usages;
  const last = usages.at(-1) ?? 0;
  const [least, most] = [Math.min(...usages.slice(1)), Math.max(...usages.slice(1))];
  if (Math.abs(last - second) > SPREAD || most - least > 2 * SPREAD) {
    throw new Error(
      `${last} JsVars in use after update ${updates}, ${second} after the second, ` +
        `${least} to ${most} in between`,
    );
  }
  return { updates, second, last, least, most };
}

/** One update from its push to rest; gives the JsVars in use. */
async function install(bench: Bench, update: number): Promise<number> {
  // The same number of digits each time: a longer version would take more memory.
  const version = `1.${1000 + update}.0`;
  bench.printed = "";
  const job = await bench.push(version);
  const task = await bench.finished(job, UPDATE_MS);
  if (task.status !== "SUCCEEDED") throw new Error(`${task.status}: ${task.desc}`);
  await bench.shown(IDLE, LOOK_LIMIT_MS);
  const told = await bench.settled(version);
  bench.checkConsole();
  const slot = (update + 1) % 2;
  if (told.version !== version || told.slot !== slot) {
    throw new Error(`${told.version} runs in slot ${told.slot}, expected ${version} in ${slot}`);
  }
  return Number(await bench.evaluate("process.memory().usage"));
}
