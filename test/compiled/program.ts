/**
 * Programs of the project in processes of their own.
 * @module
 */
import { compiledFile } from "./import-source.ts";

/** Arguments of Node that run a program, given by its file, as a user's `npm run` does. */
export function typed(file: string): string[] {
  return ["--import", import.meta.resolve("tsx"), file];
}

/**
 * Arguments of Node that run a program, given by its file. Where the tests are compiled the program is,
 * too: loading TypeScript takes 2 s of processor time.
 */
export function program(file: string): string[] {
  const compiled = compiledFile(file);
  return compiled === undefined ? typed(file) : ["--enable-source-maps", compiled];
}
