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

/** A worker's part: every case whose number, modulo `share`, is `first`. */
export interface Job {
  build: BuildResult;
  choice: Choice;
  first: number;
  share: number;
}

/** What came of a choice; `lines` say what each plot consists of. */
export interface Outcome {
  count: number;
  failures: Failed[];
  lines: string[];
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

/** The cases of a choice, and a line on each plot. */
export function casesOf(all: Stories, choice: Choice): { ids: CaseId[]; lines: string[] } {
  const names = [...all.keys()].filter((name) => (choice.plot ?? name) === name);
  const ids: CaseId[] = [];
  const lines: string[] = [];
  for (const name of names) {
    const { recording } = all.get(name) as Story;
    const cuts = singleCuts(name, recording);
    const silent = silentFaults(name, recording);
    const { operations } = recording;
    const erases = operations.filter(({ kind }) => kind === "erase").length;
    lines.push(
      `${name}: ${operations.length} flash operations (${erases} erases), ` +
        `${cuts.length} single cuts, ${silent.length} silent faults`,
    );
    ids.push(...cuts, ...silent);
  }
  for (let seed = 0; seed < choice.more; seed++) {
    ids.push(`${names[seed % names.length]}:more=${seed}`);
  }
  return { ids: ids.filter((_id, index) => index % choice.every === 0), lines };
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

/** Shares the cases of a choice among the cores; never computes in this thread. */
export async function runEverywhere(build: BuildResult, choice: Choice): Promise<Outcome> {
  const share = availableParallelism();
  const parts = Array.from({ length: share }, (_, first) => {
    const job: Job = { build, choice, first, share };
    return inWorker<Outcome>("campaign.ts", "runJob", job);
  });
  const outcomes = await Promise.all(parts);
  return {
    count: outcomes.reduce((sum, { count }) => sum + count, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    lines: outcomes[0]?.lines ?? [],
  };
}

/** A worker's part of the cases. */
export async function runJob({ build, choice, first, share }: Job): Promise<Outcome> {
  const all = await stories(build);
  const { ids, lines } = casesOf(all, choice);
  const mine = ids.filter((_id, at) => at % share === first);
  return { count: mine.length, failures: runCases(mine, all), lines };
}
