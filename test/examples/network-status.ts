import assert from "node:assert/strict";
import { testExample } from "./run.ts";

testExample("network-status", async ({ watch, cloud, device }) => {
  const { code } = await watch.message("down", "/_thing/diag/post_reply");
  assert.equal(code, 200);
  const last = await cloud.networkStatus.last(device);
  assert.deepEqual(last?.values, { wifi: { snr: 30, per: 0 } });
  assert.ok(Math.abs((last?.time ?? 0) - Date.now()) < 60_000);
  assert.equal(await cloud.networkStatus.probe(device), "sent");
});
