/** RRPC on custom topics, with one slash and with two, and synchronous services beside it. */
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { testExample } from "./run.ts";

testExample("custom-rrpc", async ({ watch, cloud, device }) => {
  const { productKey, deviceName } = device;
  await watch.wait("the log-on", 0, ({ kind }) => kind === "status");
  const own = `/${productKey}/${deviceName}/user/get`;
  const subscribed = () => cloud.registry.broker.session(device)?.filters.has("/ext/rrpc/#");
  while (!subscribed()) await setTimeout(20);

  const payload = Buffer.from('{"n":1}');
  const answer = await cloud.rrpc(device, { payload, timeoutMs: 8000, topic: own });
  assert.deepEqual(JSON.parse(answer.payload.toString()), { asked: { n: 1 }, energy: 73 });
  const asked = await watch.message("down", `/${answer.messageId}/${own}`);
  assert.equal(asked.topic, `/ext/rrpc/${answer.messageId}/${own}`);

  const single = `/ext/rrpc/4711${own}`;
  await cloud.publish(device, single, Buffer.from("plain"));
  const { payload: reply } = await watch.message("up", single);
  assert.deepEqual(JSON.parse(reply.toString()), { asked: "plain", energy: 73 });

  const from = watch.now;
  const { code, data } = await cloud.invokeService(device, "query_power_level");
  assert.deepEqual([code, data], [200, { power_level: 73 }]);
  const call = await watch.message("down", "/thing/service/query_power_level", from);
  assert.match(call.topic, /^\/ext\/rrpc\/\d+\/sys\//);
});
