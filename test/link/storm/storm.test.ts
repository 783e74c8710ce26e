/**
 * Short storms; `npm run test:storm` runs long ones.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { buildStorm } from "./storm.ts";
import { runStorms } from "./storms.ts";

/** The last ones once found something. */
const seeds = [1, 2];
const HOURS = 1;
/** One every 20 s, with room for chance. */
const FEWEST_FAULTS = 120;

test("hours of faults: every report in order, every byte of a file, memory as before", async () => {
  const results = await runStorms({ program: await buildStorm(), seeds, hours: HOURS });
  for (const { seed, failures, reports, wanted, faults, files } of results) {
    assert.deepEqual(failures, [], `seed ${seed}`);
    assert.equal(reports, wanted);
    assert.ok(Object.values(faults).reduce((sum, times) => sum + times, 0) >= FEWEST_FAULTS);
    assert.ok(files >= 3, `seed ${seed}: ${files} files`);
  }
});
