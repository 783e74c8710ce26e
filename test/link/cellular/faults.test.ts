/**
 * Each fault of the catalogue that a driver can get over, while data goes both ways: it comes back,
 * and no byte is lost, doubled or changed on the way.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { trafficFaults } from "./fault-kinds.ts";
import { simulate } from "./simulated.ts";
import { Download, Reports } from "./traffic.ts";

/** After these a module may have taken for data what was typed in search of the prompt. */
const garbling = /^F(26|42)/;
/** What the fault needs besides. */
const details: Record<string, { value?: number; times?: number }> = {
  "F05.data": { value: 0 },
  "F06.push": { value: 0 },
  "F36.mute": {},
};
/** Minutes until all is well, where a fault takes long by its nature. */
const slow: Record<string, number> = { "F22.silent": 15 };

for (const kind of trafficFaults) {
  test(`${kind.name}: ${kind.does}`, (context) => {
    const simulation = simulate(context);
    const download = new Download(simulation, 20_000, 2);
    const reports = new Reports(simulation, 1);
    const { modem, until, run } = simulation;
    until(() => reports.confirmed > 2 && download.done > 0);
    modem.inject(kind.name, details[kind.name] ?? {});
    run(30);
    const before = { reports: reports.confirmed, files: download.done };
    until(
      () => reports.confirmed > before.reports + 20 && download.done > before.files + 2,
      (slow[kind.name] ?? 10) * 60,
    );
    if (!garbling.test(kind.name)) assert.equal(reports.garbled + download.garbled, 0);
  });
}
