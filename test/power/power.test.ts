/**
 * A sample of the long runs (`npm run test:power`), so that a broken recovery shows here too.
 * @module
 */
import assert from "node:assert/strict";
import test from "node:test";
import { build } from "../../host/build/index.ts";
import { casesOf, runCases, stories } from "./campaign.ts";
import { runWear } from "./wear.ts";

/** Prime, so that the sample falls on every kind of case. */
const EVERY = 127;
const MORE = 500;
const UPDATES = 20;

test("a board recovers from a sample of power cuts and silent faults", async () => {
  const all = await stories(await build({ board: "esp32", quiet: true }));
  const { ids } = casesOf(all, { every: EVERY, more: MORE });
  assert.ok(ids.length > 100, `${ids.length} cases`);
  for (const name of all.keys())
    assert.ok(
      ids.some((id) => id.startsWith(`${name}:`)),
      name,
    );
  assert.deepEqual(runCases(ids, all), []);
});

test("updates in a row wear the flash evenly and leave Storage as it is", async () => {
  const wear = await runWear({
    build: await build({ board: "esp32", quiet: true }),
    updates: UPDATES,
  });
  // From the third on each update overwrites an image; fewer erases were no test.
  assert.ok(wear.slotErases > UPDATES, `${wear.slotErases} erases`);
  assert.equal(wear.mostErases, 1);
});
