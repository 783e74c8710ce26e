import assert from "node:assert/strict";
import { said, testExample } from "./run.ts";

testExample("remote-config", async (stage, printed) => {
  const { cloud, device, board, network, watch } = stage;
  const { productKey, deviceName } = device;
  const says = (text: RegExp) => said(board, printed, text);
  const push = async () => {
    assert.deepEqual(await cloud.config.push(productKey), [{ deviceName, code: 200 }]);
  };
  await watch.wait(
    "the answer that it is switched off",
    0,
    (seen) => seen.kind === "message" && seen.code === 6713 && seen.direction === "down",
  );
  await cloud.config.set(productKey, { period: 5, text: "配置" });
  await push();
  await says(/period 5/);
  await says(/config: 200 success/);

  await cloud.config.set(productKey, { period: 0 });
  await push();
  await says(/config: 49 the application refuses it/);
  await cloud.config.set(productKey, { period: 7 }, "Md5");
  cloud.ota.faults = { wrongBytes: 2, times: 1 };
  await push();
  await says(/config: 48 the digest is not the announced one/);
  await push();
  await says(/period 7/);
  await cloud.config.set(productKey, { period: 8, text: "x".repeat(8192) });
  await push();
  await says(/config: 46 8214 bytes, at most 8192 are taken/);
  await cloud.config.set(productKey, { period: 9, text: "x".repeat(4000) });
  await push();
  await says(/config: in force, but not kept: 4022 bytes/);

  // Without a network there is what was kept, and with one what is in force.
  await board.powerOff();
  network.cut();
  const before = printed().length;
  await board.powerOn();
  const since = () => printed().slice(before);
  await said(board, since, /period 7/);
  assert.doesNotMatch(since(), /period 9/);
  await network.restore();
  await said(board, since, /period 9/);
});
