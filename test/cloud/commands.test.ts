/**
 * What the platform asks of devices: property sets, services, RRPC; and what they ask of it: time,
 * packages.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { type Cloud, CloudError, startCloud } from "../../host/cloud/index.ts";
import { TestDevice } from "./device.ts";

let cloud: Cloud;
let device: TestDevice;
/** Logged on with `ext=1`. */
let custom: TestDevice;
before(async () => {
  cloud = await startCloud();
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  custom = await TestDevice.connect(cloud, { device: 1, extension: "_ss=1,ext=1" });
});
after(async () => {
  await device.end();
  await custom.end();
  await cloud.close();
});

const OFFLINE = { productKey: "a1Tracker01", deviceName: "tracker_0002" };

async function failure(call: Promise<unknown>): Promise<CloudError> {
  const error = await call.then(
    () => assert.fail("should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CloudError, String(error));
  return error;
}

test("a property set reaches the device; the value changes when the device posts it", async () => {
  const answer = cloud.setProperty(device.id, { power_switch: 1 });
  const { topic, json, qos } = await device.next();
  assert.equal(topic, device.sys("thing/service/property/set"));
  assert.equal(qos, 1);
  assert.equal(json.method, "thing.service.property.set");
  assert.equal(json.version, "1.0.0");
  assert.deepEqual(json.params, { power_switch: 1 });
  assert.match(json.id as string, /^\d{1,10}$/);
  assert.ok(Number(json.id) <= 4294967295);
  await device.publish(`${topic}_reply`, { id: json.id, code: 200, data: {}, message: "done" });
  assert.deepEqual(await answer, { id: json.id, code: 200, data: {}, message: "done" });
  const view = cloud.device(device.productKey, device.deviceName);
  assert.equal((await view.properties()).power_switch, undefined);
  await device.request(device.sys("thing/event/property/post"), { power_switch: 1 });
  assert.equal((await view.properties()).power_switch?.value, 1);
});

test("a property get brings the values that the device has", async () => {
  const answer = cloud.getProperty(device.id, ["energy", "power_switch"]);
  const { topic, json } = await device.next();
  assert.equal(topic, device.sys("thing/service/property/get"));
  assert.equal(json.method, "thing.service.property.get");
  assert.deepEqual(json.params, ["energy", "power_switch"]);
  const data = { energy: 5, power_switch: 1 };
  await device.publish(`${topic}_reply`, { id: json.id, code: 200, data });
  assert.deepEqual((await answer).data, data);
  assert.match((await failure(cloud.getProperty(device.id, ["Foo"]))).message, /Foo is not in/);
  assert.match((await failure(cloud.getProperty(device.id, []))).message, /no property/);
});

test("the device's own code of a property set is handed on", async () => {
  const answer = cloud.setProperty(device.id, { phone_num: "1" });
  const { topic, json } = await device.next();
  await device.publish(`${topic}_reply`, { id: json.id, code: 9201, message: "save failed" });
  assert.equal((await answer).code, 9201);
});

for (const [what, items, expected] of [
  ["is not in the thing model", { Foo: 1 }, /Foo is not in the thing model/],
  ["is read-only", { energy: 1 }, /energy is read-only/],
  ["does not fit", { power_switch: true }, /power_switch: 6308/],
  ["is nothing", {}, /no property/],
] as const) {
  test(`a property set that ${what} is refused`, async () => {
    const { code, message } = await failure(cloud.setProperty(device.id, items));
    assert.equal(code, "iot.device.SetDevicePropertyFailed");
    assert.match(message, expected);
  });
}

test("a property set for a device that is away fails at once", async () => {
  const { code } = await failure(cloud.setProperty(OFFLINE, { power_switch: 1 }));
  assert.equal(code, "iot.messagebroker.OFFLINE");
});

test("a property set without a reply fails in time", async () => {
  const call = cloud.setProperty(device.id, { power_switch: 0 }, { timeoutMs: 20 });
  const { code } = await failure(call);
  assert.equal(code, "iot.messagebroker.TIMEOUT");
  const { topic, json } = await device.next();
  const traced = once(cloud.trace, "message");
  await device.publish(`${topic}_reply`, { id: json.id, code: 200 });
  assert.match((await traced)[0].note, /waiting for a reply/);
});

test("an asynchronous service", async () => {
  const answer = cloud.invokeService(device.id, "query_phone_num");
  const { topic, json } = await device.next();
  assert.equal(topic, device.sys("thing/service/query_phone_num"));
  assert.equal(json.method, "thing.service.query_phone_num");
  const traced = once(cloud.trace, "message");
  const data = { phone_num: "123" };
  await device.publish(`${topic}_reply`, { id: json.id, code: 200, data });
  assert.deepEqual((await answer).data, data);
  assert.equal((await traced)[0].note, undefined);
  const [call] = (await cloud.device(device.productKey, device.deviceName).services()).slice(-1);
  assert.equal(call?.identifier, "query_phone_num");
  assert.deepEqual(call?.value, { input: {}, code: 200, output: data });
});

test("outputs of a service that don't fit are noted", async () => {
  const answer = cloud.invokeService(device.id, "query_phone_num");
  const { topic, json } = await device.next();
  const traced = once(cloud.trace, "message");
  await device.publish(`${topic}_reply`, { id: json.id, code: 200, data: { phone: "123" } });
  await answer;
  assert.match((await traced)[0].note, /phone: 6304.*phone_num is missing/);
});

test("a synchronous service on the system's RRPC topic", async () => {
  const answer = cloud.invokeService(device.id, "query_power_level");
  const { topic, json } = await device.next();
  assert.match(topic, /^\/sys\/a1AliotDemo\/demo_0001\/rrpc\/request\/\d{19}$/);
  assert.equal(json.method, "thing.service.query_power_level");
  const reply = { id: json.id, code: 200, data: { power_level: 80 } };
  await device.publish(topic.replace("request", "response"), reply, 0);
  assert.deepEqual((await answer).data, { power_level: 80 });
});

test("a synchronous service on an /ext/rrpc topic, where the log-on has ext=1", async () => {
  const answer = cloud.invokeService(custom.id, "query_power_level");
  const { topic, json } = await custom.next();
  const end = "/sys/a1AliotDemo/demo_0002/thing/service/query_power_level";
  assert.match(topic, new RegExp(`^/ext/rrpc/\\d{19}${end}$`));
  await custom.publish(topic, { id: json.id, code: 200, data: { power_level: 7 } }, 0);
  assert.deepEqual((await answer).data, { power_level: 7 });
});

test("services that don't exist or fit are refused", async () => {
  const unknown = await failure(cloud.invokeService(device.id, "nothing"));
  assert.equal(unknown.code, "iot.device.InvokeThingServiceFailed");
  assert.match(unknown.message, /nothing is not a service/);
  const input = await failure(cloud.invokeService(device.id, "query_phone_num", { x: 1 }));
  assert.match(input.message, /x: 6304/);
  const away = await failure(cloud.invokeService(OFFLINE, "nothing"));
  assert.match(away.message, /not a service/);
  const product = await failure(cloud.invokeService({ ...OFFLINE, productKey: "a1None" }, "x"));
  assert.equal(product.code, "iot.prod.NotExistedProduct");
});

test("a system RRPC carries bytes both ways", async () => {
  const payload = Buffer.from([0, 0x7b, 0xff, 0x0a]);
  const answer = cloud.rrpc(device.id, { payload, timeoutMs: 2000 });
  const request = await device.next();
  assert.deepEqual(request.payload, payload);
  const back = Buffer.from([0xff, 0, 1]);
  await device.publish(request.topic.replace("request", "response"), back, 0);
  const { messageId, payload: received } = await answer;
  assert.deepEqual(received, back);
  assert.ok(request.topic.endsWith(`/${messageId}`));
});

test("a custom RRPC goes to a topic of the device, answered on the same topic", async () => {
  const topic = "/a1AliotDemo/demo_0002/user/get";
  const answer = cloud.rrpc(custom.id, { payload: Buffer.from("?"), timeoutMs: 2000, topic });
  const request = await custom.next();
  assert.match(request.topic, /^\/ext\/rrpc\/\d{19}\/\/a1AliotDemo\/demo_0002\/user\/get$/);
  await custom.publish(request.topic, Buffer.from("!"), 0);
  assert.equal((await answer).payload.toString(), "!");
});

test("a device that subscribed with a single slash gets and answers a single slash", async () => {
  const single = await TestDevice.connect(cloud, { product: 1, extension: "ext=1" });
  assert.deepEqual(await single.subscribe(["/ext/rrpc/+/a1Tracker01/tracker_0001/user/get"]), [1]);
  const topic = "/a1Tracker01/tracker_0001/user/get";
  const answer = cloud.rrpc(single.id, { payload: Buffer.from("?"), timeoutMs: 2000, topic });
  const request = await single.next();
  assert.match(request.topic, /^\/ext\/rrpc\/\d{19}\/a1Tracker01\/tracker_0001\/user\/get$/);
  await single.publish(request.topic, Buffer.from("!"), 0);
  assert.equal((await answer).payload.toString(), "!");
  await single.end();
});

test("a custom RRPC needs ext=1", async () => {
  const topic = "/a1AliotDemo/demo_0001/user/get";
  const call = cloud.rrpc(device.id, { payload: Buffer.from("?"), timeoutMs: 2000, topic });
  assert.match((await failure(call)).message, /ext=1/);
});

test("an RRPC's timeout has bounds", async () => {
  for (const timeoutMs of [999, 8001, Number.NaN]) {
    const call = cloud.rrpc(device.id, { payload: Buffer.from("?"), timeoutMs });
    assert.equal((await failure(call)).code, "iot.messagebroker.InvalidTimeoutValue");
  }
});

test("an RRPC to a device that is away fails at once", async () => {
  const call = cloud.rrpc(OFFLINE, { payload: Buffer.from("?"), timeoutMs: 8000 });
  assert.equal((await failure(call)).code, "iot.messagebroker.OFFLINE");
});

test("an answer that comes too late counts as failed", async () => {
  const call = cloud.rrpc(device.id, { payload: Buffer.from("?"), timeoutMs: 1000 });
  assert.equal((await failure(call)).code, "iot.messagebroker.TIMEOUT");
  const { topic } = await device.next();
  const traced = once(cloud.trace, "message");
  await device.publish(topic.replace("request", "response"), Buffer.from("!"), 0);
  assert.match((await traced)[0].note, /too late/);
});

test("another device can't answer an RRPC", async () => {
  const answer = cloud.rrpc(device.id, { payload: Buffer.from("?"), timeoutMs: 2000 });
  const { topic } = await device.next();
  const id = topic.split("/").at(-1);
  const traced = once(cloud.trace, "message");
  await custom.publish(custom.sys(`rrpc/response/${id}`), Buffer.from("false"), 0);
  assert.match((await traced)[0].note, /no RRPC/);
  await device.publish(topic.replace("request", "response"), Buffer.from("true"), 0);
  assert.equal((await answer).payload.toString(), "true");
});

test("versions and progress are recorded per module", async () => {
  const view = cloud.device(device.productKey, device.deviceName);
  const inform = "/ota/device/inform/a1AliotDemo/demo_0001";
  const progress = "/ota/device/progress/a1AliotDemo/demo_0001";
  await device.publish(inform, { id: "1", params: { version: "1.4.0" } });
  const module = "QuecPython-Tracker-Laike";
  await device.publish(inform, { id: "2", params: { version: "1.1.0", module } });
  await device.publish(progress, { id: "3", params: { step: "35", desc: "half", module } });
  await device.publish(progress, { id: "4", params: { step: -2, desc: "", module: "default" } });
  // Handled in order: once this is answered, so are those.
  const get = device.sys("thing/ota/firmware/get");
  const reply = await device.request(get, { module }, { method: "thing.ota.firmware.get" });
  assert.equal(reply.topic, `${get}_reply`);
  assert.equal(reply.json.code, 200);
  assert.deepEqual(reply.json.data, {}, "there is no package");
  const modules = await view.otaVersions();
  assert.deepEqual(
    modules.map(({ module: name, version, step, description }) => [
      name,
      version,
      step,
      description,
    ]),
    [
      [module, "1.1.0", 35, "half"],
      ["default", "1.4.0", -2, ""],
    ],
  );
});

test("reports about updates that make no sense are noted and not recorded", async () => {
  const view = cloud.device(custom.productKey, custom.deviceName);
  for (const [topic, payload] of [
    ["inform", { id: "1", params: {} }],
    ["inform", { id: "1" }],
    ["inform", Buffer.from("?")],
    ["progress", { id: "1", params: { step: "half" } }],
    ["progress", { id: "1", params: { step: 101 } }],
  ] as const) {
    const traced = once(cloud.trace, "message");
    await custom.publish(`/ota/device/${topic}/a1AliotDemo/demo_0002`, payload);
    const [{ code, note }] = await traced;
    assert.equal(code, 460);
    assert.match(note, /not recorded/);
  }
  assert.deepEqual(await view.otaVersions(), []);
});

test("the platform tells the time", async () => {
  const before = Date.now();
  await device.publish(
    "/ext/ntp/a1AliotDemo/demo_0001/request",
    { deviceSendTime: "1718000000000" },
    0,
  );
  const { topic, json } = await device.next();
  assert.equal(topic, "/ext/ntp/a1AliotDemo/demo_0001/response");
  assert.equal(json.deviceSendTime, "1718000000000");
  const [received, sent] = [Number(json.serverRecvTime), Number(json.serverSendTime)];
  assert.equal(typeof json.serverRecvTime, "string");
  assert.ok(before <= received && received <= sent && sent <= Date.now());
});

test("what is pending fails when the platform stops", async () => {
  const other = await startCloud();
  const lonely = await TestDevice.connect(other, { extension: "_ss=1" });
  const set = failure(other.setProperty(lonely.id, { power_switch: 1 }));
  const call = failure(other.rrpc(lonely.id, { payload: Buffer.from("?"), timeoutMs: 8000 }));
  await lonely.next();
  await lonely.next();
  await other.close();
  assert.match((await set).message, /stopped/);
  assert.match((await call).message, /stopped/);
  await lonely.end();
});
