/** Topics of the product's own and broadcasts; what can't work is said on the board. */
import assert from "node:assert/strict";
import * as iot from "@alicloud/iot20180120";
import { officialClient } from "../cloud/api-clients.ts";
import { said, testExample } from "./run.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

testExample("custom-topics", async ({ watch, cloud, device, board }, printed) => {
  const { productKey, deviceName } = device;
  const own = `/${productKey}/${deviceName}/user`;
  const hello = await watch.message("up", `${own}/update`);
  assert.deepEqual(JSON.parse(hello.payload.toString()), { hello: deviceName });
  await said(board, printed, /user\/none: 30/);
  assert.match(printed(), /\/sys\/other: 18/);
  assert.match(printed(), /\/sys\/other is not below \/a1AliotDemo\/demo_0001\/user\//);
  assert.match(printed(), /the platform refuses .*\/user\/none/);

  const client = officialClient(cloud);
  let from = watch.now;
  const message = { productKey, topicFullName: `${own}/get`, messageContent: base64('{"on":1}') };
  await client.pub(new iot.PubRequest(message));
  const got = await watch.message("up", `${own}/update`, from);
  assert.deepEqual(JSON.parse(got.payload.toString()), { got: { on: 1 } });

  from = watch.now;
  const topicFullName = `/broadcast/${productKey}/news`;
  const news = { productKey, topicFullName, messageContent: base64("all") };
  await client.pubBroadcast(new iot.PubBroadcastRequest(news));
  const heard = await watch.message("up", `${own}/update`, from);
  assert.deepEqual(JSON.parse(heard.payload.toString()), { heard: "all", on: topicFullName });
});
