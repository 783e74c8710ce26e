/**
 * The OpenAPI, driven by Alibaba's official clients as they come: `@alicloud/iot20180120` (signs
 * with ACS3-HMAC-SHA256) and `@alicloud/pop-core` (the RPC form with HMAC-SHA1).
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import type PopCore from "@alicloud/pop-core";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { TestDevice } from "./device.ts";

// Both are CommonJS.
const require = createRequire(import.meta.url);
const { default: IotClient } = require("@alicloud/iot20180120") as typeof iot;
const { Config } = require("@alicloud/openapi-client") as typeof import("@alicloud/openapi-client");
const { RPCClient } = require("@alicloud/pop-core") as { RPCClient: typeof PopCore };

let cloud: Cloud;
let device: TestDevice;
let client: iot.default;
let rpc: InstanceType<typeof RPCClient>;
const productKey = "a1AliotDemo";
const deviceName = "demo_0001";

before(async () => {
  cloud = await startCloud();
  client = official();
  rpc = popCore();
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  device.respond(({ topic, json }) => {
    if (topic.includes("/rrpc/request/")) {
      const data = json.method ? { power_level: 61 } : {};
      return {
        topic: topic.replace("request", "response"),
        payload: json.method ? { id: json.id, code: 200, data } : Buffer.from([0xff, 1]),
      };
    }
    if (!topic.includes("/thing/service/")) return undefined;
    return { topic: `${topic}_reply`, payload: { id: json.id, code: 200, data: {} } };
  });
});
after(async () => {
  await device.end();
  await cloud.close();
});

function official(secret = cloud.accessKeySecret, id = cloud.accessKeyId): iot.default {
  const endpoint = cloud.endpoints.openapi.replace("http://", "");
  const config = { accessKeyId: id, accessKeySecret: secret, endpoint, protocol: "HTTP" };
  return new IotClient(new Config(config));
}

function popCore(secret = cloud.accessKeySecret) {
  return new RPCClient({
    accessKeyId: cloud.accessKeyId,
    accessKeySecret: secret,
    endpoint: cloud.endpoints.openapi,
    apiVersion: "2018-01-20",
  });
}

/** Posts a property and waits for the reply. */
async function post(params: object): Promise<void> {
  const seen = once(cloud.trace, "message");
  await device.publish(device.sys("thing/event/property/post"), { id: "1", params });
  await seen;
}

test("RegisterDevice, QueryDeviceDetail, QueryDevice, GetDeviceStatus", async () => {
  const registered = await client.registerDevice(
    new iot.RegisterDeviceRequest({ productKey, deviceName: "made_0001", nickname: "Made & new" }),
  );
  assert.equal(registered.body?.success, true);
  assert.match(registered.body?.requestId ?? "", /^[0-9A-F-]{36}$/);
  const { iotId, deviceSecret } = registered.body?.data ?? {};
  assert.match(deviceSecret ?? "", /^[0-9a-f]{32}$/);

  const detail = await client.queryDeviceDetail(new iot.QueryDeviceDetailRequest({ iotId }));
  const { data } = detail.body ?? {};
  assert.equal(data?.deviceName, "made_0001");
  assert.equal(data?.nickname, "Made & new");
  assert.equal(data?.deviceSecret, deviceSecret);
  assert.equal(data?.status, "UNACTIVE");
  assert.equal(data?.productName, "Usage example");
  assert.match(data?.utcCreate ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

  const list = await client.queryDevice(
    new iot.QueryDeviceRequest({ productKey, pageSize: 2, currentPage: 2 }),
  );
  assert.equal(list.body?.total, 3);
  assert.equal(list.body?.pageCount, 2);
  const names = list.body?.data?.deviceInfo?.map((info) => [info.deviceName, info.deviceStatus]);
  assert.deepEqual(names, [["made_0001", "UNACTIVE"]]);

  const status = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName }),
  );
  assert.equal(status.body?.data?.status, "ONLINE");
  const again = await client.registerDevice(
    new iot.RegisterDeviceRequest({ productKey, deviceName: "made_0001" }),
  );
  assert.equal(again.body?.success, false);
  assert.equal(again.body?.code, "iot.device.AlreadyExistedDeviceName");
});

test("a device registered through the API logs on", async () => {
  const { body } = await client.registerDevice(new iot.RegisterDeviceRequest({ productKey }));
  const { deviceName: made = "", deviceSecret = "" } = body?.data ?? {};
  const [product, ...others] = cloud.products;
  assert.ok(product);
  const extended = {
    ...cloud,
    products: [{ ...product, devices: [{ deviceName: made, deviceSecret }] }, ...others],
  };
  const fresh = await TestDevice.connect(extended);
  const online = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName: made }),
  );
  assert.equal(online.body?.data?.status, "ONLINE");
  await fresh.end();
});

test("QueryDevicePropertyStatus and QueryDevicePropertyData", async () => {
  const start = Date.now() - 10_000;
  for (const [index, energy] of [50, 51, 52].entries()) {
    await post({ energy: { value: energy, time: start + index } });
  }
  await post({ GeoLocation: { Longitude: 1.5 }, phone_num: "电话1" });
  const status = await client.queryDevicePropertyStatus(
    new iot.QueryDevicePropertyStatusRequest({ productKey, deviceName }),
  );
  const shown = status.body?.data?.list?.propertyStatusInfo ?? [];
  const energy = shown.find(({ identifier }) => identifier === "energy");
  assert.deepEqual(
    { ...energy },
    {
      identifier: "energy",
      name: "battery",
      dataType: "int",
      unit: "%",
      value: "52",
      time: String(start + 2),
    },
  );
  const value = (name: string) => shown.find(({ identifier }) => identifier === name)?.value;
  assert.equal(value("GeoLocation"), '{"Longitude":1.5}');
  assert.equal(value("phone_num"), "电话1");
  assert.equal(value("power_switch"), undefined);

  const query = { productKey, deviceName, identifier: "energy", pageSize: 2 };
  const newest = await client.queryDevicePropertyData(
    new iot.QueryDevicePropertyDataRequest({
      ...query,
      asc: 0,
      startTime: start + 2,
      endTime: start,
    }),
  );
  const values = (data: typeof newest) =>
    data.body?.data?.list?.propertyInfo?.map((info) => [info.time, info.value]);
  assert.deepEqual(values(newest), [
    [String(start + 2), "52"],
    [String(start + 1), "51"],
  ]);
  assert.equal(newest.body?.data?.nextValid, true);
  assert.equal(newest.body?.data?.nextTime, start);
  const oldest = await client.queryDevicePropertyData(
    new iot.QueryDevicePropertyDataRequest({
      ...query,
      asc: 1,
      startTime: start + 1,
      endTime: start + 2,
    }),
  );
  assert.deepEqual(values(oldest), [
    [String(start + 1), "51"],
    [String(start + 2), "52"],
  ]);
  assert.equal(oldest.body?.data?.nextValid, false);
});

test("QueryDeviceEventData by identifier and by type", async () => {
  const time = Date.now();
  for (const [event, value] of [
    ["low_power_alarm", { power_level: 20 }],
    ["sos_alarm", {}],
  ] as const) {
    const seen = once(cloud.trace, "message");
    await device.publish(device.sys(`thing/event/${event}/post`), {
      id: "1",
      params: { value, time },
    });
    await seen;
  }
  const range = { productKey, deviceName, startTime: time, endTime: time, pageSize: 10, asc: 1 };
  const one = await client.queryDeviceEventData(
    new iot.QueryDeviceEventDataRequest({ ...range, identifier: "low_power_alarm" }),
  );
  assert.deepEqual(
    { ...one.body?.data?.list?.eventInfo?.[0] },
    {
      identifier: "low_power_alarm",
      name: "battery low",
      eventType: "alert",
      outputData: '{"power_level":20}',
      time: String(time),
    },
  );
  const alerts = await client.queryDeviceEventData(
    new iot.QueryDeviceEventDataRequest({ ...range, eventType: "alert" }),
  );
  assert.deepEqual(
    alerts.body?.data?.list?.eventInfo?.map(({ identifier }) => identifier),
    ["low_power_alarm", "sos_alarm"],
  );
  const errors = await client.queryDeviceEventData(
    new iot.QueryDeviceEventDataRequest({ ...range, eventType: "error" }),
  );
  assert.deepEqual(errors.body?.data?.list?.eventInfo, []);
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
  assert.match(refused.body?.errorMessage ?? "", /GeoLocation.*"type" has to be one of/);
});

test("modules and versions", async () => {
  const inform = `/ota/device/inform/${productKey}/${deviceName}`;
  for (const params of [{ version: "2.0.1" }, { version: "1.1.0", module: "app" }]) {
    const seen = once(cloud.trace, "message");
    await device.publish(inform, { id: "1", params });
    await seen;
  }
  const detail = await client.queryDeviceDetail(
    new iot.QueryDeviceDetailRequest({ productKey, deviceName }),
  );
  assert.equal(detail.body?.data?.firmwareVersion, "2.0.1");
  const modules = await client.listOTAModuleByProduct(
    new iot.ListOTAModuleByProductRequest({ productKey }),
  );
  assert.deepEqual(
    modules.body?.data?.map(({ moduleName }) => moduleName),
    ["default", "app"],
  );
  const versions = await client.listOTAModuleVersionsByDevice(
    new iot.ListOTAModuleVersionsByDeviceRequest({ productKey, deviceName }),
  );
  const infos = versions.body?.data?.simpleOTAModuleInfo ?? [];
  assert.deepEqual(
    infos.map(({ moduleName, moduleVersion }) => [moduleName, moduleVersion]),
    [
      ["app", "1.1.0"],
      ["default", "2.0.1"],
    ],
  );
});

test("DisableThing cuts the device and keeps it out, EnableThing lets it in", async () => {
  const away = await TestDevice.connect(cloud, { device: 1 });
  const offline = once(cloud.trace, "status");
  await client.disableThing(new iot.DisableThingRequest({ productKey, deviceName: "demo_0002" }));
  assert.equal((await offline)[0].reason, "disabled");
  await away.end();
  await assert.rejects(TestDevice.connect(cloud, { device: 1 }), { code: 5 });
  const status = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName: "demo_0002" }),
  );
  assert.equal(status.body?.data?.status, "DISABLE");
  await client.enableThing(new iot.EnableThingRequest({ productKey, deviceName: "demo_0002" }));
  await (await TestDevice.connect(cloud, { device: 1 })).end();
});

test("the RPC form with HMAC-SHA1, by GET and by POST", async () => {
  for (const method of ["GET", "POST"]) {
    const status = await rpc.request<Record<string, unknown>>(
      "GetDeviceStatus",
      { ProductKey: productKey, DeviceName: deviceName, Odd: "a b*c~d/é中'(!)" },
      { method },
    );
    assert.equal(status.Success, true);
    assert.equal((status.Data as { Status: string }).Status, "ONLINE");
  }
  const set = await rpc.request<{ Success: boolean }>("SetDevicesProperty", {
    ProductKey: productKey,
    DeviceName: [deviceName],
    Items: '{"power_switch":0}',
  });
  assert.equal(set.Success, true);
  const answer = await rpc.request<{ MessageId: object }>("RRpc", {
    ProductKey: productKey,
    DeviceName: deviceName,
    RequestBase64Byte: "AA==",
    Timeout: 2000,
  });
  // This client reads 19 digits without loss.
  assert.match(String(answer.MessageId), /^\d{19}$/);
});

test("wrong signatures and keys are refused with HTTP 4xx", async () => {
  const request = new iot.GetDeviceStatusRequest({ productKey, deviceName });
  await assert.rejects(official("wrong").getDeviceStatus(request), {
    code: "SignatureDoesNotMatch",
  });
  await assert.rejects(official(cloud.accessKeySecret, "LTAInobody").getDeviceStatus(request), {
    code: "InvalidAccessKeyId.NotFound",
  });
  await assert.rejects(
    popCore("wrong").request("GetDeviceStatus", { ProductKey: productKey, DeviceName: deviceName }),
    { code: "SignatureDoesNotMatch" },
  );
});

test("what is wrong with a request is named", async () => {
  const product = await client.queryDevice(new iot.QueryDeviceRequest({ productKey: "a1None" }));
  assert.equal(product.body?.code, "iot.prod.NotExistedProduct");
  const unknown = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName: "nobody" }),
  );
  assert.equal(unknown.body?.code, "iot.device.NotExistedDevice");
  const nameless = await client.getDeviceStatus(new iot.GetDeviceStatusRequest({ productKey }));
  assert.equal(nameless.body?.code, "iot.device.NullDeviceName");
  await assert.rejects(
    client.invokeThingService(new iot.InvokeThingServiceRequest({ productKey, deviceName })),
    { code: "MissingIdentifier" },
  );
  await assert.rejects(rpc.request("NoSuchAction", {}), { code: "InvalidAction.NotFound" });
});
