/**
 * Shadow, tags, remote configuration, log, network status and life cycle: a plain device on the one
 * side, the official API client and `Cloud` on the other.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import { type Cloud, CloudError, startCloud } from "../../host/cloud/index.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

let data: string;
let cloud: Cloud;
let client: iot.default;
let device: TestDevice;
const productKey = "a1AliotDemo";
const deviceName = "demo_0001";
const id = { productKey, deviceName };

before(async () => {
  data = await mkdtemp(join(tmpdir(), "services-"));
  cloud = await startCloud({ data });
  client = officialClient(cloud);
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
});
after(async () => {
  await device.end();
  await cloud.close();
  await rm(data, { recursive: true });
});

/** Asks and gives code and data of the answer. */
async function ask(path: string, params: unknown): Promise<{ code: unknown; data: unknown }> {
  const { topic, json } = await device.request(device.sys(path), params);
  assert.equal(topic, device.sys(`${path}_reply`));
  return { code: json.code, data: json.data };
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CloudError) return error.code;
  }
  return "none";
}

test("a shadow is reported, desired through the API, read and cleared", async () => {
  const update = `/shadow/update/${productKey}/${deviceName}`;
  const say = async (message: object) => {
    await device.publish(update, message);
    const { topic, json } = await device.next();
    assert.equal(topic, `/shadow/get/${productKey}/${deviceName}`);
    return json;
  };
  const reported = { color: "red", name: "灯" };
  const taken = await say({ method: "update", state: { reported }, version: 1 });
  assert.equal(taken.method, "reply");
  assert.deepEqual(taken.payload, { status: "success", version: 1 });
  const conflict = await say({ method: "update", state: { reported }, version: 1 });
  const { status, content } = conflict.payload as { status: string; content: object };
  assert.equal(status, "error");
  assert.equal((content as { errorcode: string }).errorcode, "409");

  const shadowMessage = (desired: unknown, version: number) =>
    JSON.stringify({ method: "update", state: { desired }, version });
  const set = await client.updateDeviceShadow(
    new iot.UpdateDeviceShadowRequest({
      ...id,
      shadowMessage: shadowMessage({ color: "green" }, 2),
    }),
  );
  assert.equal(set.body?.success, true);
  const { topic, qos, json } = await device.next();
  assert.equal(topic, `/shadow/get/${productKey}/${deviceName}`);
  assert.equal(qos, 1);
  assert.equal(json.method, "control");
  assert.equal(json.version, 2);
  const state = { reported, desired: { color: "green" } };
  assert.deepEqual((json.payload as { state: object }).state, state);
  const late = await client.updateDeviceShadow(
    new iot.UpdateDeviceShadowRequest({
      ...id,
      shadowMessage: shadowMessage({ color: "blue" }, 2),
    }),
  );
  assert.equal(late.body?.success, false);
  assert.equal(late.body?.code, "iot.shadow.409");

  const read = await say({ method: "get" });
  assert.deepEqual((read.payload as { state: object }).state, state);
  assert.equal(read.version, 2);
  const shown = await client.getDeviceShadow(new iot.GetDeviceShadowRequest(id));
  const message = JSON.parse(shown.body?.shadowMessage ?? "{}");
  assert.deepEqual(message.state, state);
  assert.equal(message.version, 2);
  assert.equal(typeof message.metadata.desired.color.timestamp, "number");
  await say({ method: "update", state: { desired: "null" }, version: 3 });
  assert.deepEqual(cloud.shadows.get(id).state, { reported, desired: {} });
  await say({ method: "hop" }).then(({ payload }) => {
    assert.equal((payload as { content: { errorcode: string } }).content.errorcode, "406");
  });
});

test("tags from both sides", async () => {
  const tag = (attrKey: string, attrValue: string) => ({ attrKey, attrValue });
  assert.equal((await ask("thing/deviceinfo/update", [tag("site", "hall-3")])).code, 200);
  const saved = await client.saveDeviceProp(
    new iot.SaveDevicePropRequest({
      ...id,
      props: JSON.stringify({ coordinate: "120:30", x: "1" }),
    }),
  );
  assert.equal(saved.body?.success, true);
  await client.deleteDeviceProp(new iot.DeleteDevicePropRequest({ ...id, propKey: "x" }));
  const asked = await client.queryDeviceProp(new iot.QueryDevicePropRequest(id));
  assert.deepEqual(JSON.parse(asked.body?.props ?? ""), { site: "hall-3", coordinate: "120:30" });
  const all = [tag("site", "hall-3"), tag("coordinate", "120:30")];
  assert.deepEqual((await ask("thing/deviceinfo/get", {})).data, all);
  const found = await client.queryDeviceByTags(
    new iot.QueryDeviceByTagsRequest({ tag: [{ tagKey: "site", tagValue: "hall-3" }] }),
  );
  assert.equal(found.body?.total, 1);
  assert.equal(found.body?.data?.simpleDeviceInfo?.[0]?.deviceName, deviceName);
  assert.equal((await ask("thing/deviceinfo/delete", [{ attrKey: "site" }])).code, 200);
  assert.deepEqual(cloud.tags.get(id), { coordinate: "120:30" });

  for (const params of [{}, [tag("a b", "1")], [tag("a", "")], [tag("a", "x".repeat(129))]]) {
    assert.equal((await ask("thing/deviceinfo/update", params)).code, 460, JSON.stringify(params));
  }
  const hundred = Array.from({ length: 100 }, (_, index) => tag(`t${index}`, "1"));
  assert.equal((await ask("thing/deviceinfo/update", hundred)).code, 460);
  assert.deepEqual(cloud.tags.get(id), { coordinate: "120:30" });
  const sdk = [{ ...tag("SYS_SDK_VERSION", "1"), domain: "SYSTEM" }, ...hundred.slice(1)];
  assert.equal((await ask("thing/deviceinfo/update", sdk)).code, 200);
  assert.equal(Object.keys(cloud.tags.get(id)).length, 100);
});

const WANTED = { configScope: "product", getType: "file" };

test("a remote configuration is asked for, downloaded and pushed", async () => {
  assert.equal((await ask("thing/config/get", WANTED)).code, 6713);
  cloud.config.switch(productKey, true);
  assert.equal((await ask("thing/config/get", WANTED)).code, 6710);
  assert.equal((await ask("thing/config/get", {})).code, 460);
  assert.equal(await refusal(cloud.config.push(productKey)), "iot.prod.NoRemoteConfig");
  assert.equal(
    await refusal(cloud.config.set(productKey, "{")),
    "iot.common.InvalidFormattedParameter",
  );
  assert.equal(
    await refusal(cloud.config.set(productKey, { text: "x".repeat(65536) })),
    "iot.common.InvalidFormattedParameter",
  );
  const first = await cloud.config.set(productKey, { period: 30 }, "Md5");
  await cloud.config.set(productKey, { period: 60, text: "配置" });
  const { code, data: told } = await ask("thing/config/get", WANTED);
  assert.equal(code, 200);
  const { configId, configSize, sign, signMethod, url, getType } = told as Record<string, string>;
  assert.notEqual(configId, first.configId);
  assert.equal(getType, "file");
  assert.equal(signMethod, "Sha256");
  assert.ok(url);
  const body = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.equal(body.length, configSize);
  assert.equal(createHash("sha256").update(body).digest("hex"), sign);
  assert.deepEqual(JSON.parse(body.toString()), { period: 60, text: "配置" });

  const pushed = cloud.config.push(productKey);
  const { topic, json } = await device.next();
  assert.equal(topic, device.sys("thing/config/push"));
  assert.equal(json.method, "thing.config.push");
  assert.equal((json.params as { configId: string }).configId, configId);
  await device.publish(device.sys("thing/config/push_reply"), { id: json.id, code: 200, data: {} });
  assert.deepEqual(await pushed, [{ deviceName, code: 200 }]);
});

test("a log is uploaded as the switch says", async () => {
  const mode = async () => {
    const wanted = { configScope: "device", getType: "content" };
    const { data: told } = await ask("thing/config/log/get", wanted);
    return (told as { content: { mode: number } }).content.mode;
  };
  assert.equal(await mode(), 0);
  await cloud.logs.set(id, true);
  const { topic, json } = await device.next();
  assert.equal(topic, device.sys("thing/config/log/push"));
  assert.deepEqual(json.params, { getType: "content", content: { mode: 1 } });
  assert.equal(await mode(), 1);
  const line = {
    utcTime: "2024-06-10T08:00:00.000+0000",
    logLevel: "ERROR",
    module: "ota",
    code: "-3",
    traceContext: "1002",
    logContent: "digest mismatch",
  };
  assert.equal((await ask("thing/log/post", [line])).code, 200);
  assert.equal((await ask("thing/log/post", [line, { ...line, logLevel: "LOUD" }])).code, 460);
  assert.equal((await ask("thing/log/post", [{ ...line, utcTime: "8:00" }])).code, 460);
  assert.equal((await ask("thing/log/post", [])).code, 460);
  const long = { ...line, logContent: "中".repeat(1366) };
  assert.equal((await ask("thing/log/post", [long])).code, 460);
  const [kept, ...others] = await cloud.logs.lines(id);
  assert.equal(others.length, 0);
  const { at, ...rest } = kept ?? { at: 0 };
  assert.ok(at > Date.now() - 60_000);
  assert.deepEqual(rest, {
    time: Date.parse("2024-06-10T08:00:00Z"),
    level: "ERROR",
    module: "ota",
    code: "-3",
    traceContext: "1002",
    content: "digest mismatch",
  });
});

test("network status, simple and history", async () => {
  const now = Date.now();
  const simple = (p: unknown) => ({ p, model: "format=simple|quantity=single|time=now" });
  const history = (p: unknown) => ({ p, model: "format=simple|quantity=batch|time=history" });
  const post = async (params: object) => (await ask("_thing/diag/post", params)).code;
  assert.equal(await post(simple({ wifi: { rssi: -61 }, _time: now })), 200);
  const earlier = [1, 2].map((hours) => ({ wifi: { rssi: -70 }, _time: now - hours * 3_600_000 }));
  assert.equal(await post(history(earlier)), 200);
  assert.deepEqual(await cloud.networkStatus.last(id), {
    time: now,
    late: false,
    values: { wifi: { rssi: -61 } },
  });
  assert.equal((await cloud.networkStatus.history(id)).length, 3);
  for (const wrong of [{}, simple([]), history({}), history([]), history([{ wifi: {} }])]) {
    assert.equal(await post(wrong), 460, JSON.stringify(wrong));
  }
  await device.subscribe(["/ext/network/probe/+"]);
  await cloud.networkStatus.probe(id);
  assert.match((await device.next()).topic, /^\/ext\/network\/probe\/\d+$/);
});

test("a device may not send what only the platform sends", async () => {
  for (const path of ["thing/disable", "thing/config/log/push", "_thing/diag/post_reply"]) {
    const seen = once(cloud.trace, "message");
    await device.publish(device.sys(path), {});
    const [{ note }] = (await seen) as [{ note?: string }];
    assert.equal(note, "No authorization; dropped", path);
  }
});

test("disabling tells, cuts and refuses; enabling lets in again", async () => {
  const disabled = client.disableThing(new iot.DisableThingRequest(id));
  const { topic, json } = await device.next();
  assert.equal(topic, device.sys("thing/disable"));
  assert.deepEqual(json.params, {});
  const gone = once(cloud.trace, "status");
  await device.publish(device.sys("thing/disable_reply"), { id: json.id, code: 200, data: {} });
  const [{ reason }] = (await gone) as [{ reason?: string }];
  assert.equal(reason, "disabled");
  assert.equal((await disabled).body?.success, true);
  await assert.rejects(TestDevice.connect(cloud), { code: 5 });
  await client.enableThing(new iot.EnableThingRequest(id));
  device = await TestDevice.connect(cloud, { extension: "_ss=1", clean: false });

  // A device that does not answer is cut all the same; having a session, it hears of the end.
  assert.equal(await cloud.lifecycle.disable(id), undefined);
  assert.equal((await device.next()).topic, device.sys("thing/disable"));
  await cloud.lifecycle.enable(id);
  const back = await TestDevice.connect(cloud, { extension: "_ss=1", clean: false });
  assert.equal((await back.next()).topic, device.sys("thing/enable"));
  device = back;
});

test("what is set survives a restart; a deleted device is forgotten", async () => {
  await device.end();
  const { accessKeySecret } = cloud;
  await cloud.close();
  cloud = await startCloud({ data });
  client = officialClient(cloud);
  assert.equal(cloud.accessKeySecret, accessKeySecret);
  assert.equal(cloud.shadows.get(id).version, 3);
  assert.equal(cloud.tags.get(id).coordinate, "120:30");
  assert.equal(
    cloud.config.get(productKey)?.configSize,
    Buffer.byteLength(`{"period":60,"text":"配置"}`),
  );
  assert.equal(cloud.logs.isOn(id), true);
  assert.equal((await cloud.logs.lines(id)).length, 1);
  assert.equal((await cloud.networkStatus.history(id)).length, 3);

  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  const { body } = await client.deleteDevice(new iot.DeleteDeviceRequest(id));
  assert.equal(body?.success, true);
  assert.equal((await device.next()).topic, device.sys("thing/delete"));
  await assert.rejects(TestDevice.connect(cloud), { code: 5 });
  assert.equal(cloud.shadows.get(id).version, 0);
  assert.deepEqual(cloud.tags.get(id), {});
  assert.deepEqual(await cloud.logs.lines(id), []);
});
