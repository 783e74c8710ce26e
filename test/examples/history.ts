import assert from "node:assert/strict";
import { testExample } from "./run.ts";

testExample("history", async ({ watch, cloud, device }) => {
  const view = cloud.device(device.productKey, device.deviceName);
  const history = await watch.message("down", "/thing/event/property/history/post_reply");
  assert.equal(history.code, 200);
  const [event] = await view.events();
  assert.deepEqual(event?.value, { power_level: 12 });
  assert.ok(Math.abs((event?.time ?? 0) - (Date.now() - 3_600_000)) < 60_000);

  const batch = await watch.message("down", "/thing/event/property/batch/post_reply");
  assert.equal(batch.code, 200);
  assert.match(String(batch.payload), /"data":\{\}/);
  const posted = await view.propertyHistory("energy", { ascending: true, limit: 10 });
  assert.deepEqual(
    posted.map(({ value }) => value),
    [100, 99, 98, 97, 96, 95, 94, 93, 92, 91],
  );
  const times = posted.map(({ time }) => time);
  assert.equal(new Set(times).size, 10, "each with its own time");
  assert.equal((await view.properties()).energy?.value, 91, "the last one is the current one");
});
