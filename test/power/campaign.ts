/**
 * Power cuts at every flash operation of an update on the driven board, cuts while it recovers, and
 * flash that fails in silence; shared among the computer's cores.
 * @module
 */
import { availableParallelism } from "node:os";
import { loadBoard } from "../../host/build/boards.ts";
import type { BuildResult } from "../../host/build/index.ts";
import { type CaseId, runCase, silentFaults, singleCuts } from "./cuts.ts";
import { inWorker } from "./in-worker.ts";
import { type Plot, plots, record } from "./plots.ts";
import type { Recording } from "./recording.ts";

export interface Story {
  plot: Plot;
  recording: Recording;
}

/** By the plot's name. */
export type Stories = Map<string, Story>;

/** Which cases: of all plots or one, every so manieth, with so many seeds of several cuts. */
export interface Choice {
  plot?: string | undefined;
  every: number;
  more: number;
}

/** A worker's part. */
export interface Job {
  build: BuildResult;
  ids: CaseId[];
}

export interface Failed {
  id: CaseId;
  message: string;
}

/** The board's plots, each played once. */
export async function stories(build: BuildResult): Promise<Stories> {
  const made = plots(await loadBoard(build.board), build);
  return new Map(made.map((plot) => [plot.name, { plot, recording: record(plot) }]));
}

/** The cases of a choice. @param tell hears what each plot consists of. */
export function casesOf(all: Stories, choice: Choice, tell: (line: string) => void): CaseId[] {
  const names = [...all.keys()].filter((name) => (choice.plot ?? name) === name);
  const ids: CaseId[] = [];
  for (const name of names) {
    const { recording } = all.get(name) as Story;
    const cuts = singleCuts(name, recording);
    const silent = silentFaults(name, recording);
    const { operations } = recording;
    const erases = operations.filter(({ kind }) => kind === "erase").length;
    tell(
      `${name}: ${operations.length} flash operations (${erases} erases), ` +
        `${cuts.length} single cuts, ${silent.length} silent faults`,
    );
    ids.push(...cuts, ...silent);
  }
  for (let seed = 0; seed < choice.more; seed++) {
    ids.push(`${names[seed % names.length]}:more=${seed}`);
  }
  return ids.filter((_id, index) => index % choice.every === 0);
}

/** Runs cases in this thread; gives those that failed. */
export function runCases(ids: CaseId[], all: Stories): Failed[] {
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

/** Shares cases among the cores; gives those that failed. */
export async function runEverywhere(build: BuildResult, ids: CaseId[]): Promise<Failed[]> {
  const count = availableParallelism();
  const parts = Array.from({ length: count }, (_, index) => {
    const job: Job = { build, ids: ids.filter((_id, at) => at % count === index) };
    return inWorker<Failed[]>("campaign.ts", "runJob", job);
  });
  return (await Promise.all(parts)).flat();
}

/** A worker's part of the cases. */
export async function runJob({ build, ids }: Job): Promise<Failed[]> {
  return runCases(ids, await stories(build));
}
