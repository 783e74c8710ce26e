/**
 * Which dialect a modem speaks, by its model.
 * @module
 */
import { bg9x } from "./bg9x.ts";
import type { Dialect } from "./dialect.ts";
import { quectelA } from "./quectel-a.ts";
import { quectelU } from "./quectel-u.ts";

/** By the lines of `ATI`, e.g. `EC200U`; those not known are taken for the first family. */
export function dialectOf(model: string): Dialect {
  const family = model.substr(0, 3);
  if (family === "BG9" || family === "BG7") return bg9x;
  return model.charAt(5) === "U" ? quectelU : quectelA;
}
