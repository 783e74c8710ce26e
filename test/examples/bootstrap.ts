/** A device finds its instance, and follows when it is sent to another one. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { startCloud } from "../../host/cloud/index.ts";
import { said, testExample } from "./run.ts";

testExample(
  "bootstrap",
  async ({ cloud, device, board, watch }, printed) => {
    await said(board, printed, /log-on: 0/);
    const { mqtt } = cloud.endpoints;
    // Not over the setting's way, which is the relay.
    assert.match(printed(), new RegExp(`logged on to 127\\.0\\.0\\.1:${mqtt.port}`));
    const other = await startCloud();
    try {
      const { deviceSecret } = await cloud.device(device.productKey, device.deviceName).record();
      await other.registry.devices.update(device, { deviceSecret });
      const arrived = once(other.trace, "status");
      await cloud.redirect(device, other.endpoints.mqtt);
      const [{ online }] = await arrived;
      assert.equal(online, true);
      const reply = await watch.message("up", "/thing/bootstrap/notify_reply");
      assert.equal(reply.code, 200);
      assert.equal(await cloud.device(device.productKey, device.deviceName).status(), "OFFLINE");
    } finally {
      await board.powerOff();
      await other.close();
    }
  },
  { settings: async ({ endpoints }) => ({ authServer: endpoints.auth }) },
);
