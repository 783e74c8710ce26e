/**
 * What a bundle is made of besides its entry: declarations of the interpreter, and the modules that the
 * board and the application stand for.
 * @module
 */
import { readdirSync } from "node:fs";
import { inProject } from "./project.ts";

/** The declarations that stand in for TypeScript's own libraries. */
export function typeFiles(): string[] {
  return readdirSync(inProject("src/types"))
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => inProject("src/types", file));
}

/** What `#board` and `#app` stand for in a bundle, absolute. */
export interface Aliases {
  "#board": string;
  "#app": string;
}

/** For a board file, with the sample application or another one. */
export function aliasesOf(boardFile: string, app = inProject("src/app/app.ts")): Aliases {
  return { "#board": boardFile, "#app": app };
}

/** Aliases as the compiler's `paths`. */
export function pathsOf(aliases: Aliases): Record<string, string[]> {
  return Object.fromEntries(Object.entries(aliases).map(([name, file]) => [name, [file]]));
}
