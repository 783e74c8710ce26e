/**
 * Finds Espruino's Linux build on this machine.
 * @module
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Path of the interpreter: the environment's ESPRUINO, else `espruino-linux` on the PATH; undefined
 * when there is none.
 */
export function findInterpreter(): string | undefined {
  const { ESPRUINO, PATH } = process.env;
  if (ESPRUINO) return isProgram(ESPRUINO) ? ESPRUINO : undefined;
  return (PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "espruino-linux"))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
