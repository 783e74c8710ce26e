import assert from "node:assert/strict";
import { testExample } from "./run.ts";

testExample("offline-queue", async ({ watch, cloud, device, network }) => {
  const view = cloud.device(device.productKey, device.deviceName);
  await watch.message("down", "/thing/event/property/post_reply");
  network.cut();
  await watch.wait("the loss", 0, (seen) => seen.kind === "status" && !seen.online);
  const lost = Date.now();
  // Three reports at least are made meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 3500));
  const from = watch.now;
  network.restore();
  const reply = await watch.message("down", "/thing/event/property/history/post_reply", from);
  assert.equal(reply.code, 200);
  assert.match(String(reply.payload), /"data":\{\}/);
  await watch.message("down", "/thing/event/property/post_reply", watch.now);
  // The reports under way at the cut may come twice, and the last one comes as the current value, too.
  const all = await view.propertyHistory("energy", { ascending: true });
  const entries = all.filter(({ time }, index) => time !== all[index - 1]?.time);
  // Eight may be under way at a time.
  assert.ok(all.length <= entries.length + 9, `${all.length} of ${entries.length}`);
  const values = entries.map(({ value }) => value as number);
  assert.deepEqual(
    values,
    values.map((_, index) => 99 - index),
    "each value, in order of the times",
  );
  const during = entries.filter(({ time }) => time > lost && time < lost + 3500);
  assert.ok(during.length >= 3, `${during.length} of the loss`);
});
