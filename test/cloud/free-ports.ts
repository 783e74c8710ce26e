/**
 * Free ports for `npm run cloud`: the usual ones may be in use, by another test, too.
 * @module
 */
import { readFileSync } from "node:fs";
import { inProject } from "../../host/build/project.ts";

const source = readFileSync(inProject("host/cli/cloud.ts"), "utf8");

/** Arguments for all that a platform listens on, by the command's help. */
export const FREE_PORTS = [...source.matchAll(/^ {2}(--port-[\w-]+) PORT/gm)].flatMap(
  ([, flag = ""]) => [flag, "0"],
);
