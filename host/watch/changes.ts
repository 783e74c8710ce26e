/**
 * Tells that sources were saved: once for what an editor does in several steps.
 * @module
 */
import { type FSWatcher, watch } from "node:fs";
import { basename, join } from "node:path";

/** Milliseconds of quiet after the last change. */
const QUIET = 120;
const SOURCE = /\.(ts|json)$/;
/** Files that editors write beside the real one. */
const PASSING = /(^|\/)(\.|#)|~$/;

/**
 * Watches folders and all below them.
 * @param onChange hears the files of a change, with the folder's name
 * @returns how to stop
 */
export function watchFolders(folders: string[], onChange: (files: string[]) => void): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    const files = [...changed];
    changed.clear();
    onChange(files);
  };
  const hear = (folder: string, file: string | null) => {
    if (file === null || !SOURCE.test(file) || PASSING.test(file)) return;
    changed.add(join(basename(folder), file));
    clearTimeout(timer);
    timer = setTimeout(tell, QUIET);
  };
  const watchers: FSWatcher[] = folders.map((folder) =>
    watch(folder, { recursive: true }, (_event, file) => hear(folder, file)),
  );
  return () => {
    clearTimeout(timer);
    for (const one of watchers) one.close();
  };
}
