/**
 * Variables of the interpreter that the firmware takes, run from Storage as on a board: of the least
 * application and of the sample application, on each interpreter that is present. Counted by the
 * interpreter itself, with its own 54 and some that the counting takes.
 * @module
 */
import { type Engine, interpreters } from "../test/mqtt/interpreter.ts";
import { APP_TITLES, type App } from "./frame/builds.ts";
import { measureAtRest, measureGrowth } from "./memory/at-rest.ts";
import { measureNeed, measurePeak } from "./memory/peak.ts";
import { failureWithin, measureUpdate } from "./memory/update.ts";
import type { Bench, Row } from "./run.ts";

export const name = "memory: JsVars, run from Storage";
export const uses: Bench["uses"] = ["interpreter", "interpreter32"];

/** Most JsVars of the least application, logged on. */
const CONNECTED = 1900;
/** Most more while it reports. */
const REPORT = 250;
/** Most more while it updates: 4 KB of 14 bytes each. */
const UPDATE = 292;
/** What boards with the fewest have, and what the application keeps of them. */
const FEWEST = 4095;
const KEPT = 1800;

/** How often until it is looked whether the variables have stayed as many, by interpreter. */
const LONG: Record<string, { reports: number; reconnects: number }> = {
  linux: { reports: 10_000, reconnects: 100 },
  // Slower by far, as it is emulated where the computer has no 32-bit programs.
  "32-bit": { reports: 1000, reconnects: 20 },
};

const APPS: App[] = ["least", "sample"];
const JS_VARS = "JsVars";

export async function bench(): Promise<Row[] | string> {
  const engines = interpreters();
  if (engines.length === 0) return "no interpreter";
  const rows: Row[] = [];
  for (const engine of engines) {
    for (const app of APPS) rows.push(...(await measure(engine, app)));
    if (isLimited(engine)) rows.push(...(await measureUpdates(pathOf(engine))));
  }
  return rows;
}

const isLimited = ({ name }: Engine) => name === "32-bit";
const pathOf = ({ command }: Engine) => command[0] as string;

/** What a row of the figures at rest is called. */
export const rowName = (engine: string, app: App, what: "loaded" | "connected") =>
  `${engine}: ${APP_TITLES[app]}, ${what}`;

async function measure(engine: Engine, app: App): Promise<Row[]> {
  const path = pathOf(engine);
  const row = (what: string, value: number, more: Partial<Row> = {}): Row => {
    return { what, value, unit: JS_VARS, ...more };
  };
  const title = `${engine.name}: ${APP_TITLES[app]}`;
  const { loaded, connected } = await measureAtRest(app, path);
  const connectedMost = app === "least" ? { most: CONNECTED } : {};
  const rows = [
    row(rowName(engine.name, app, "loaded"), loaded),
    row(rowName(engine.name, app, "connected"), connected, connectedMost),
    row(`${title}, more while it reports`, await measurePeak(app, path), { most: REPORT }),
  ];
  if (isLimited(engine)) {
    const need = await measureNeed(app, path);
    rows.push(row(`${title}, free ones with which a report succeeds`, need, { most: REPORT }));
  }
  const long = LONG[engine.name];
  if (long === undefined) throw new Error(`unknown interpreter ${engine.name}`);
  const often = `${long.reports} reports and ${long.reconnects} reconnects`;
  const growth = await measureGrowth(app, path, long);
  rows.push(row(`${title}, more after ${often} than after ten`, growth, { most: 0 }));
  return rows;
}

async function measureUpdates(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let most = 0;
  for (const overMqtt of [false, true]) {
    const memory = await measureUpdate(path, overMqtt);
    most = Math.max(most, memory.most);
    rows.push({
      what: `32-bit: ${APP_TITLES.sample}, more in an update over ${overMqtt ? "MQTT" : "HTTP"}`,
      value: memory.most - memory.idle,
      unit: JS_VARS,
      most: UPDATE,
    });
  }
  rows.push({
    what: `32-bit: ${APP_TITLES.sample}, most of ${FEWEST}, counted with 16383`,
    value: most,
    unit: JS_VARS,
    most: FEWEST - KEPT,
  });
  rows.push({
    what: `32-bit: ${APP_TITLES.sample}, run and updated over HTTP with ${FEWEST} only`,
    value: (await failureWithin(path, FEWEST)) ?? "yes",
    unit: "",
    goal: "yes",
  });
  return rows;
}
