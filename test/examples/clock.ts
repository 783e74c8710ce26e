import assert from "node:assert/strict";
import { testExample } from "./run.ts";

testExample("clock", async ({ watch, cloud, device }) => {
  await watch.message("down", "/thing/event/property/post_reply");
  const { energy } = await cloud.device(device.productKey, device.deviceName).properties();
  assert.equal(energy?.value, 87);
  assert.ok(Math.abs((energy?.time ?? 0) - Date.now()) < 60_000);
});
