/**
 * The firmware takes no more of the interpreter's variables than what is committed in
 * `bench/results.json`: counted on the interpreter, its code in Storage as on a board.
 * @module
 */
import { test } from "node:test";
import type { App } from "../../bench/frame/builds.ts";
import { readResults } from "../../bench/frame/results.ts";
import { measureAtRest } from "../../bench/memory/at-rest.ts";
import { rowName } from "../../bench/memory.ts";
import { findInterpreter } from "../../host/board/index.ts";
import { expectKept } from "./kept.ts";

const ENGINE = "linux";
const interpreter = findInterpreter();
const skip = interpreter === undefined && "no Espruino on this machine";
const APPS: App[] = ["least", "sample"];

for (const app of APPS) {
  test(`the ${app} application takes as few JsVars as before`, { skip }, async () => {
    const counted = await measureAtRest(app, interpreter as string);
    const results = readResults();
    for (const state of ["loaded", "connected"] as const) {
      expectKept(results, "memory", rowName(ENGINE, app, state), counted[state]);
    }
  });
}
