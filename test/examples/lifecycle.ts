import assert from "node:assert/strict";
import { said, testExample } from "./run.ts";

testExample("lifecycle", async (stage, printed) => {
  const { watch, cloud, device, board } = stage;
  await said(stage.board, printed, /logged on/);
  const filter = `/sys/${device.productKey}/${device.deviceName}/thing/delete`;
  await new Promise<void>((resolve) => {
    cloud.trace.on("subscription", (each) => each.filter === filter && resolve());
    if (cloud.registry.broker.session(device)?.filters.has(filter)) resolve();
  });
  const reply = await cloud.lifecycle.disable(device);
  assert.equal(reply?.code, 200);
  await said(stage.board, printed, /lamp off/);
  const refused = await watch.wait("a refusal", 0, ({ kind }) => kind === "refusal");
  assert.ok(refused.kind === "refusal" && refused.code === 5);
  await board.powerOff();
  await cloud.lifecycle.enable(device);
  await board.powerOn();
  await said(stage.board, printed, /lamp on/);
  await watch.message("up", "/thing/enable_reply");
});
