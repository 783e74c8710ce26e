/**
 * Random faults, one every 20 s on average, for hours, while a file is downloaded over and over and
 * numbered messages are sent: what arrives is right and in order, and the driver ends online.
 * `STORM_HOURS` and `STORM_SEEDS` (a list) ask for more than the seeds that once found something.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { simulate } from "./simulated.ts";
import { Download, Reports } from "./traffic.ts";

const hours = Number(process.env.STORM_HOURS ?? 1);
const seeds = (process.env.STORM_SEEDS ?? "3,7,24").split(",").map(Number);
/** Seconds of calm in which all has to be well again: the longest pause, and some. */
const CALM = 3900;

for (const seed of seeds)
  test(`${hours} hours of faults from seed ${seed}`, (context) => {
    const simulation = simulate(context, { seed, faults: { seed, everyMs: 20_000 } });
    const download = new Download(simulation, 200_000, 60);
    const reports = new Reports(simulation, 5);
    const { modem, link, run } = simulation;
    for (let minutes = 0; minutes < hours * 60; minutes++) run(60);
    const { length } = modem.faultLog;
    assert.ok(length > hours * 60, `${length} faults`);
    modem.stopFaults();
    modem.heal();
    const before = { reports: reports.confirmed, files: download.done };
    run(CALM);
    assert.equal(link.state, "up");
    assert.ok(reports.confirmed > before.reports + 20, "messages go again");
    assert.ok(download.done > before.files, "files come again");
    assert.deepEqual(
      reports.arrived.slice(0, reports.confirmed),
      Array.from({ length: reports.confirmed }, (_, index) => index + 1),
      "each message, in order of first arrival",
    );
  });
