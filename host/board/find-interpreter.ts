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
  return findProgram("ESPRUINO", "espruino-linux");
}

/** The same of a 32-bit build with an ESP32's limits: ESPRUINO32 or `espruino-linux32`. */
export function findSmallInterpreter(): string | undefined {
  return findProgram("ESPRUINO32", "espruino-linux32");
}

/** Path of a program: what the environment variable says, else by its name on the PATH. */
export function findProgram(variable: string, name: string): string | undefined {
  const given = process.env[variable];
  if (given) return isProgram(given) ? given : undefined;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
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
