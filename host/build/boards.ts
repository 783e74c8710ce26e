/**
 * The boards that a bundle can be built for: one file a board in `boards/`.
 * @module
 */
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { DeviceBoard, Machine } from "../../boards/board.ts";
import { inProject } from "./project.ts";

/** What a board file exports: the bundled part and the part for tools. */
export interface Board {
  device: DeviceBoard;
  machine: Machine;
}

/** Names that `--board` takes, sorted. */
export function boardNames(): string[] {
  return readdirSync(inProject("boards"))
    .filter((file) => file.endsWith(".ts") && file !== "board.ts")
    .map((file) => file.slice(0, -3))
    .sort();
}

/** The board's file. Throws for an unknown name, listing the known ones. */
export function boardFile(name: string): string {
  if (!boardNames().includes(name)) {
    throw new Error(`unknown board "${name}": expected one of ${boardNames().join(", ")}`);
  }
  return inProject("boards", `${name}.ts`);
}

/** Loads a board's description. Throws for an unknown name, listing the known ones. */
export function loadBoard(name: string): Promise<Board> {
  return loadBoardFile(boardFile(name));
}

/** Loads a board's description from a file anywhere. */
export async function loadBoardFile(file: string): Promise<Board> {
  return (await import(pathToFileURL(file).href)) as Board;
}
