import assert from "node:assert/strict";
import { said, testExample } from "./run.ts";

testExample("shadow", async (stage, printed) => {
  const { cloud, device, network } = stage;
  const desire = (desired: object, version = 0) =>
    cloud.shadows.update(device, { method: "update", state: { desired }, version });
  await said(stage.board, printed, /logged on/);
  const { watch } = stage;
  await watch.message("down", `/shadow/get/${device.productKey}/${device.deviceName}`);
  await desire({ color: "green" });
  await said(stage.board, printed, /shadow 200 green/);
  const { state } = cloud.shadows.get(device);
  assert.deepEqual(state, { reported: { color: "green", on: 1 }, desired: {} });

  network.cut();
  await watch.wait("the loss", 0, (seen) => seen.kind === "status" && !seen.online);
  // Also the version has moved on meanwhile.
  await desire({ color: "red" }, 40);
  network.restore();
  await said(stage.board, printed, /shadow 200 red/);
  assert.deepEqual(cloud.shadows.get(device).state.reported, { color: "red", on: 1 });
  assert.ok(cloud.shadows.get(device).version > 40);
});
