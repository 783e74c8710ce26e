/**
 * The OpenAPI's actions that reach devices and thing models, driven by the official client.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { answerEverything, officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

let cloud: Cloud;
let device: TestDevice;
let client: iot.default;
const productKey = "a1AliotDemo";
const deviceName = "demo_0001";

before(async () => {
  cloud = await startCloud();
  client = officialClient(cloud);
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  answerEverything(device);
});
after(async () => {
  await device.end();
  await cloud.close();
});

test("SetDeviceProperty and SetDevicesProperty", async () => {
  const items = JSON.stringify({ power_switch: 1 });
  const seen = once(device.client as never, "message");
  const one = await client.setDeviceProperty(
    new iot.SetDevicePropertyRequest({ productKey, deviceName, items }),
  );
  assert.equal(one.body?.success, true);
  const [topic, payload] = (await seen) as [string, Buffer];
  assert.equal(topic, device.sys("thing/service/property/set"));
  assert.equal(JSON.parse(payload.toString()).id, one.body?.data?.messageId);

  const readOnly = await client.setDeviceProperty(
    new iot.SetDevicePropertyRequest({ productKey, deviceName, items: '{"energy":1}' }),
  );
  assert.equal(readOnly.body?.success, false);
  assert.equal(readOnly.body?.code, "iot.device.SetDevicePropertyFailed");
  assert.match(readOnly.body?.errorMessage ?? "", /read-only/);
  const noJson = await client.setDeviceProperty(
    new iot.SetDevicePropertyRequest({ productKey, deviceName, items: "{" }),
  );
  assert.equal(noJson.body?.code, "iot.common.InvalidFormattedParameter");

  const several = await client.setDevicesProperty(
    new iot.SetDevicesPropertyRequest({ productKey, deviceName: [deviceName], items }),
  );
  assert.equal(several.body?.success, true);
  const oneAway = await client.setDevicesProperty(
    new iot.SetDevicesPropertyRequest({ productKey, deviceName: [deviceName, "demo_0002"], items }),
  );
  assert.equal(oneAway.body?.success, false);
  assert.match(oneAway.body?.errorMessage ?? "", /demo_0002/);
});

test("InvokeThingService: asynchronous gives an id, synchronous the result", async () => {
  const call = { productKey, deviceName, args: "{}" };
  const asynchronous = await client.invokeThingService(
    new iot.InvokeThingServiceRequest({ ...call, identifier: "query_phone_num" }),
  );
  assert.equal(asynchronous.body?.success, true);
  assert.match(asynchronous.body?.data?.messageId ?? "", /^\d+$/);
  assert.equal(asynchronous.body?.data?.result, undefined);
  const synchronous = await client.invokeThingService(
    new iot.InvokeThingServiceRequest({ ...call, identifier: "query_power_level" }),
  );
  assert.equal(synchronous.body?.success, true);
  assert.deepEqual(JSON.parse(synchronous.body?.data?.result ?? ""), { power_level: 61 });
  const away = await client.invokeThingService(
    new iot.InvokeThingServiceRequest({
      ...call,
      deviceName: "demo_0002",
      identifier: "query_power_level",
    }),
  );
  assert.equal(away.body?.success, false);
  assert.equal(away.body?.code, "iot.messagebroker.OFFLINE");
});

test("RRpc", async () => {
  const requestBase64Byte = Buffer.from([1, 0xfe]).toString("base64");
  const request = { productKey, deviceName, requestBase64Byte, timeout: 2000 };
  const answered = await client.rRpc(new iot.RRpcRequest(request));
  assert.equal(answered.body?.success, true);
  assert.equal(answered.body?.rrpcCode, "SUCCESS");
  assert.equal(answered.body?.payloadBase64Byte, Buffer.from([0xff, 1]).toString("base64"));
  assert.ok((answered.body?.messageId ?? 0) > 1e18);
  const away = await client.rRpc(new iot.RRpcRequest({ ...request, deviceName: "demo_0002" }));
  assert.equal(away.body?.success, false);
  assert.equal(away.body?.rrpcCode, "OFFLINE");
  const short = await client.rRpc(new iot.RRpcRequest({ ...request, timeout: 500 }));
  assert.equal(short.body?.code, "iot.messagebroker.InvalidTimeoutValue");
});

test("Pub", async () => {
  const topicFullName = `/${productKey}/${deviceName}/user/get`;
  await device.subscribe([topicFullName]);
  const seen = once(device.client as never, "message");
  const messageContent = Buffer.from("你好").toString("base64");
  const sent = await client.pub(
    new iot.PubRequest({ productKey, topicFullName, messageContent, qos: 1 }),
  );
  assert.equal(sent.body?.success, true);
  assert.match(sent.body?.messageId ?? "", /^\d{19}$/);
  const [topic, payload] = (await seen) as [string, Buffer];
  assert.equal(topic, topicFullName);
  assert.equal(payload.toString(), "你好");
  for (const [wrong, code] of [
    [`/${productKey}/${deviceName}/user/update`, "iot.messagebroker.TopicTemplateIsNotFound"],
    [`/${productKey}/${deviceName}/user/+`, "iot.messagebroker.InvalidFormattedTopicName"],
    [`/sys/${productKey}/${deviceName}/x`, "iot.messagebroker.InvalidFormattedTopicName"],
    [`/${productKey}/nobody/user/get`, "iot.device.NotExistedDevice"],
  ]) {
    const refused = await client.pub(
      new iot.PubRequest({ productKey, topicFullName: wrong, messageContent }),
    );
    assert.equal(refused.body?.code, code);
  }
});

test("GetThingModelTsl and ImportThingModelTsl", async () => {
  const product = "a1Tracker01";
  const read = await client.getThingModelTsl(
    new iot.GetThingModelTslRequest({ productKey: product }),
  );
  const tsl = JSON.parse(read.body?.data?.tslStr ?? "");
  assert.equal(tsl.profile.productKey, product);
  assert.equal(tsl.properties.length, 33);
  tsl.properties.push({
    identifier: "added",
    name: "added",
    accessMode: "rw",
    dataType: { type: "int", specs: {} },
  });
  const imported = await client.importThingModelTsl(
    new iot.ImportThingModelTslRequest({ productKey: product, tslStr: JSON.stringify(tsl) }),
  );
  assert.equal(imported.body?.success, true);
  const tracker = await TestDevice.connect(cloud, { product: 1, extension: "_ss=1" });
  const reply = await tracker.request(tracker.sys("thing/event/property/post"), { added: 1 });
  assert.deepEqual(reply.json.data, {});
  await tracker.end();
  tsl.properties[0].dataType.type = "colour";
  const refused = await client.importThingModelTsl(
    new iot.ImportThingModelTslRequest({ productKey: product, tslStr: JSON.stringify(tsl) }),
  );
  assert.equal(refused.body?.success, false);
  assert.match(
    refused.body?.errorMessage ?? "",
    /dataType\.type \("GeoLocation"\): expected one of/,
  );
});
