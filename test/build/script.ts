/**
 * A built script as JavaScript.
 * @module
 */
import { readFileSync } from "node:fs";
import { type Plain, plainCode } from "../../host/tokens/plain.ts";

/** Reads a file that the build wrote. */
export function readScript(file: string): Plain {
  return plainCode(readFileSync(file, "latin1"));
}
