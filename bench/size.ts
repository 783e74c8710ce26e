/**
 * Bytes of the bundle: for each board, with the least application and with the sample application, and
 * what they come from. What a service adds is in `services.ts`.
 * @module
 */
import { dirname } from "node:path";
import { boardNames } from "../host/build/boards.ts";
import { bytesBySource, NO_SOURCE } from "../host/build/source-bytes.ts";
import { APP_TITLES, type App, buildApp } from "./frame/builds.ts";
import type { Row } from "./run.ts";

export const name = "size: bytes of the bundle";

const KB = 1024;
/** Most bytes, minified, with the least application. */
const BUDGETS: Record<string, number> = { esp32: 24 * KB, "esp32-ec600n": 34 * KB };
/** The board whose bundle is taken apart. */
const BOARD = "esp32";

const APPS: App[] = ["least", "sample"];

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const app of APPS) {
    for (const board of boardNames()) rows.push(...(await measure(board, app)));
  }
  for (const app of APPS) {
    const built = await buildApp(BOARD, app);
    const what = rowName(BOARD, app);
    rows.push(...partRows(what, bytesBySource(built, dirname)));
    // Modules only of what each device has: of both, the list would be long.
    if (app !== "least") continue;
    const { [NO_SOURCE]: _, ...modules } = bytesBySource(built, (file) => file);
    rows.push(...partRows(what, modules));
  }
  return rows;
}

/** What the row of a bundle is called. */
export const rowName = (board: string, app: App) => `${board}, ${APP_TITLES[app]}`;

async function measure(board: string, app: App): Promise<Row[]> {
  const { sizes } = await buildApp(board, app);
  const what = rowName(board, app);
  const most = app === "least" ? BUDGETS[board] : undefined;
  return [
    { what, value: sizes.minified, unit: "bytes", ...(most === undefined ? {} : { most }) },
    // Packed: as an image holds it.
    ...(sizes.packed === sizes.minified
      ? []
      : [{ what: `${what}, in an image`, value: sizes.packed, unit: "bytes" }]),
  ];
}

function partRows(what: string, parts: Record<string, number>): Row[] {
  return Object.entries(parts).map(([part, value]) => ({
    what: `${what}: ${part}`,
    value,
    unit: "bytes",
  }));
}
