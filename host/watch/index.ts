/**
 * Save, and it runs: sources are watched, built, and put on a board, one change after another.
 * @module
 */
import type { BuildResult } from "../build/index.ts";
import { watchFolders } from "./changes.ts";

export interface WatchOptions {
  /** Absolute; all below them is watched. */
  folders: string[];
  /** Builds the sources; rejects with what is wrong with them. */
  build(): Promise<BuildResult>;
  /** Puts a build on the board; resolves when it runs. */
  deploy(build: BuildResult): Promise<void>;
  /** Hears what becomes of each change. */
  onEvent(event: WatchEvent): void;
  signal: AbortSignal;
}

export type WatchEvent =
  | { kind: "changed"; files: string[] }
  /** The board goes on with what it has. */
  | { kind: "failed"; step: "build" | "deploy"; error: Error }
  | { kind: "running"; build: BuildResult; seconds: number };

/**
 * Builds and deploys once, and again after each change, until the signal ends it. What is saved while
 * that is under way is done next, all at once.
 */
export async function watchSources(options: WatchOptions): Promise<void> {
  const { folders, onEvent, signal } = options;
  let waiting = true;
  let wake = () => {};
  const stop = watchFolders(folders, (files) => {
    onEvent({ kind: "changed", files });
    waiting = true;
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      if (waiting) {
        waiting = false;
        onEvent(await deployOnce(options));
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}

async function deployOnce({ build, deploy }: WatchOptions): Promise<WatchEvent> {
  const begun = Date.now();
  let step: "build" | "deploy" = "build";
  try {
    const built = await build();
    step = "deploy";
    await deploy(built);
    return { kind: "running", build: built, seconds: (Date.now() - begun) / 1000 };
  } catch (error) {
    return { kind: "failed", step, error: error as Error };
  }
}
