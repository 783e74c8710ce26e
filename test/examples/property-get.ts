import assert from "node:assert/strict";
import { testExample } from "./run.ts";

testExample("property-get", async ({ watch, cloud, device }) => {
  await watch.message("down", "/thing/event/property/post_reply");
  const both = await cloud.getProperty(device, ["energy", "phone_num", "power_switch"]);
  assert.deepEqual([both.code, both.data], [200, { energy: 87, phone_num: "123" }]);
  const none = await cloud.getProperty(device, ["power_switch"]);
  assert.equal(none.code, 460);
  assert.match(none.message, /no value for power_switch/);
});
