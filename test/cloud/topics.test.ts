/**
 * Custom topics at the platform: classes by the API, broadcasts, and RRPC on topics of the device.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

const productKey = "a1AliotDemo";
const own = `/${productKey}/demo_0001/user`;

let cloud: Cloud;
let client: iot.default;
let device: TestDevice;
let data: string;
before(async () => {
  data = await mkdtemp(join(tmpdir(), "topics-"));
  cloud = await startCloud({ data });
  client = officialClient(cloud);
  device = await TestDevice.connect(cloud);
});
after(async () => {
  await device.end();
  await cloud.close();
  await rm(data, { recursive: true });
});

async function create(topicShortName: string, operation: string) {
  const request = new iot.CreateProductTopicRequest({ productKey, topicShortName, operation });
  const { body } = await client.createProductTopic(request);
  return { id: String(body?.topicId), ok: body?.success, code: body?.code };
}

async function listed(on = client): Promise<Record<string, string>> {
  const { body } = await on.queryProductTopic(new iot.QueryProductTopicRequest({ productKey }));
  const topics = body?.data?.productTopicInfo ?? [];
  return Object.fromEntries(topics.map((each) => [each.topicShortName, each.operation]));
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a class counts from its making on, in its new form after a change, not after its end", async () => {
  assert.deepEqual(await device.subscribe([`${own}/lamp/set`]), [128]);
  const { id, ok } = await create("lamp/set", "SUB");
  assert.equal(ok, true);
  assert.deepEqual(await device.subscribe([`${own}/lamp/set`]), [1]);
  const path = `/${productKey}/\${deviceName}/user`;
  assert.deepEqual(await listed(), {
    [`${path}/update`]: "PUB",
    [`${path}/update/error`]: "PUB",
    [`${path}/get`]: "SUB",
    [`${path}/lamp/set`]: "SUB",
  });
  const message = { productKey, topicFullName: `${own}/lamp/set`, messageContent: base64("on") };
  assert.equal((await client.pub(new iot.PubRequest(message))).body?.success, true);
  assert.equal((await device.next()).payload.toString(), "on");
  const change = new iot.UpdateProductTopicRequest({ topicId: id, operation: "PUB" });
  assert.equal((await client.updateProductTopic(change)).body?.success, true);
  assert.deepEqual(await device.subscribe([`${own}/lamp/set`]), [128]);
  await client.deleteProductTopic(new iot.DeleteProductTopicRequest({ topicId: id }));
  const gone = await client.pub(new iot.PubRequest(message));
  assert.equal(gone.body?.code, "iot.messagebroker.TopicTemplateIsNotFound");
  const twice = await client.deleteProductTopic(new iot.DeleteProductTopicRequest({ topicId: id }));
  assert.equal(twice.body?.success, false);
});

test("malformed classes and doubles are refused", async () => {
  assert.equal((await create("a b", "SUB")).ok, false);
  assert.equal((await create("a/b/c/d/e/f/g", "SUB")).ok, false);
  assert.equal((await create("fine", "BOTH")).ok, false);
  assert.equal((await create("get", "SUB")).code, "iot.prod.AlreadyExistedProductTopic");
});

test("a broadcast reaches who has subscribed, or everybody who is online", async () => {
  const topic = `/broadcast/${productKey}/news`;
  const quiet = await TestDevice.connect(cloud, { device: 1 });
  assert.deepEqual(await device.subscribe([topic, device.sys("broadcast/request/+")]), [1, 1]);
  await quiet.subscribe([quiet.sys("broadcast/request/+")]);
  const send = (topicFullName?: string) => {
    const fields = { productKey, messageContent: base64("hello") };
    const to = topicFullName === undefined ? {} : { topicFullName };
    return client.pubBroadcast(new iot.PubBroadcastRequest({ ...fields, ...to }));
  };
  assert.equal((await send(topic)).body?.success, true);
  assert.equal((await device.next()).topic, topic);
  await send();
  for (const each of [device, quiet]) {
    const { topic: heard, payload } = await each.next();
    assert.match(heard, new RegExp(`^${each.sys("broadcast/request/")}\\d{19}$`));
    assert.equal(payload.toString(), "hello");
  }
  assert.equal(quiet.received.length, 1);
  assert.equal((await send("/broadcast/other/news")).body?.success, false);
  assert.equal((await send(`/broadcast/${productKey}/+`)).body?.success, false);
  await quiet.end();
});

test("classes and their end outlive a restart of the platform", async () => {
  await create("kept", "ALL");
  const before = await listed();
  const { body } = await client.queryProductTopic(new iot.QueryProductTopicRequest({ productKey }));
  const get = body?.data?.productTopicInfo?.find((each) => each.topicShortName?.endsWith("/get"));
  const topicId = get?.id as string;
  await client.deleteProductTopic(new iot.DeleteProductTopicRequest({ topicId }));
  await device.end();
  await cloud.close();
  cloud = await startCloud({ data });
  client = officialClient(cloud);
  device = await TestDevice.connect(cloud);
  delete before[`/${productKey}/\${deviceName}/user/get`];
  assert.deepEqual(await listed(), before);
});
