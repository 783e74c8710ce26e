/**
 * Handlers of the application, as the platform sees them.
 * @module
 */
import assert from "node:assert/strict";
import { subscribed } from "./online.ts";
import { testExample } from "./run.ts";

testExample("handlers", async (stage, printed) => {
  const { watch, cloud, device } = stage;
  const { productKey, deviceName } = device;
  const sys = `/sys/${productKey}/${deviceName}`;
  const values = () => cloud.device(productKey, deviceName).properties();
  await subscribed(stage, "thing/service/query_phone_num");

  // A property set: one reply, and the value is reported.
  const set = await cloud.setProperty(device, { power_switch: 1, phone_num: "电话123" });
  assert.deepEqual([set.code, set.message], [200, "success"]);
  await watch.message("down", "/thing/event/property/post_reply");
  const { power_switch, phone_num } = await values();
  assert.deepEqual([power_switch?.value, phone_num?.value], [1, "电话123"]);
  assert.match(printed(), /power on/);
  const posts = watch.seen.filter(
    (seen) => seen.kind === "message" && seen.topic === `${sys}/thing/event/property/post`,
  );
  assert.equal(posts.length, 1, "one report");

  // One of two is refused: its message is the reply's, the other's value is reported.
  let from = watch.now;
  const half = await cloud.setProperty(device, { phone_num: "1", power_switch: 0 });
  assert.equal(half.code, 400);
  assert.equal(half.message, "phone_num: a number has 3 digits at least");
  await watch.message("down", "/thing/event/property/post_reply", from);
  assert.equal((await values()).power_switch?.value, 0);
  assert.equal((await values()).phone_num?.value, "电话123");

  // Services: synchronous at once, asynchronous by a promise.
  const level = await cloud.invokeService(device, "query_power_level");
  assert.deepEqual([level.code, level.data], [200, { power_level: 87 }]);
  const phone = await cloud.invokeService(device, "query_phone_num");
  assert.deepEqual([phone.code, phone.data], [200, { phone_num: "电话123" }]);

  // RRPC: JSON and bytes.
  const ask = async (payload: string) =>
    (await cloud.rrpc(device, { payload: Buffer.from(payload), timeoutMs: 5000 })).payload;
  assert.deepEqual(JSON.parse(String(await ask('{"a":[1,"中"]}'))), { echo: { a: [1, "中"] } });
  assert.deepEqual(JSON.parse(String(await ask("中"))), { echo: "中" });

  // What nobody takes is answered all the same.
  from = watch.now;
  const request = (method: string, params: unknown) =>
    Buffer.from(JSON.stringify({ id: "77", version: "1.0.0", method, params }));
  await cloud.publish(
    device,
    `${sys}/thing/service/property/set`,
    request("thing.service.property.set", { power_switch: 1, energy: 5 }),
    1,
  );
  const unknown = await watch.message("up", "/thing/service/property/set_reply", from);
  assert.equal(unknown.code, 460);
  assert.match(String(unknown.payload), /no handler for property energy/);
  assert.equal((await values()).power_switch?.value, 0, "nothing was set");
  const missing = await cloud.rrpc(device, {
    payload: request("thing.service.reboot", {}),
    timeoutMs: 5000,
  });
  assert.match(String(missing.payload), /"code":460.*no handler for service reboot/);
});
