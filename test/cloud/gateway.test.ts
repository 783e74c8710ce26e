/**
 * Gateways and sub-devices: topology, log-on, messages both ways, and what ends a session.
 * @module
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkSign, SUB_DEVICE_SIGNED } from "../../host/cloud/gateway/entries.ts";
import type { Cloud } from "../../host/cloud/index.ts";
import { TestDevice } from "./device.ts";
import {
  BOTH,
  BOTH_INDEX,
  bringOnline,
  GATEWAY,
  NODE,
  session,
  signed,
  startGatewayCloud,
  sub,
} from "./gateway-setup.ts";

let cloud: Cloud;
let data: string;
let gateway: TestDevice;

before(async () => {
  data = await mkdtemp(join(tmpdir(), "gateway-"));
  cloud = await startGatewayCloud(data);
  gateway = await TestDevice.connect(cloud, { extension: "_ss=1" });
});
after(async () => {
  await gateway.end();
  await cloud.close();
  await rm(data, { recursive: true });
});

const status = (name: string) => cloud.device(NODE, name).status();
const topo = (word: string, params: unknown) =>
  gateway.request(gateway.sys(`thing/topo/${word}`), params);
const combine = (word: string, params: unknown) => gateway.request(session(gateway, word), params);

test("a published signature is good, with another secret it is not", () => {
  const fields = {
    clientId: "a1B2c3D4e5F.sub01",
    deviceName: "sub01",
    productKey: "a1B2c3D4e5F",
    timestamp: 2524608000000,
    signMethod: "hmacSha1",
    sign: "1bc4160ad5d63e981614c91db650fbf0c1b252d9",
    cleanSession: "true",
  };
  const check = (secret: string) =>
    checkSign({ ...fields, fields }, secret, SUB_DEVICE_SIGNED, 6287);
  check("fedcba9876543210fedcba9876543210");
  assert.throws(() => check("another"), /invalid sign/);
});

test("sub-devices get their secrets while they are new and their product allows it", async () => {
  const register = (params: unknown) => gateway.request(gateway.sys("thing/sub/register"), params);
  const plain = await register([sub("sensor_0001")]);
  assert.equal(plain.json.code, 200);
  const [{ deviceSecret } = {}] = plain.json.data as Record<string, string>[];
  assert.equal(deviceSecret, (await cloud.registry.devices.get(sub("sensor_0001")))?.deviceSecret);
  assert.equal((await register([sub("sensor_9999")])).json.code, 6100);
  assert.equal((await register([sub("mobile_0001", BOTH)])).json.code, 6288);
  assert.equal((await register([gateway.id])).json.code, 6402);

  const secret = cloud.products.find(({ productKey }) => productKey === NODE)?.productSecret;
  const proxied = (name: string) => {
    const random = "567345";
    const content = `deviceName${name}productKey${NODE}random${random}`;
    const sign = createHmac("sha256", secret ?? "")
      .update(content)
      .digest("hex");
    return { ...sub(name), random, sign, signMethod: "hmacSha256" };
  };
  const path = gateway.sys("thing/proxy/provisioning/product_register");
  const proxieds = [proxied("sensor_0003"), { ...proxied("sensor_0002"), sign: "00" }];
  const { json } = await gateway.request(path, { proxieds });
  assert.equal(json.code, 200);
  const { successes, failures } = json.data as Record<string, Record<string, unknown>[]>;
  const given = await cloud.registry.devices.get(sub("sensor_0003"));
  assert.equal(successes?.[0]?.deviceSecret, given?.deviceSecret);
  assert.deepEqual([failures?.[0]?.deviceName, failures?.[0]?.code], ["sensor_0002", 6600]);
});

test("a sub-device does not log on by itself", async () => {
  const refused = new Promise<string>((resolve) => {
    cloud.trace.once("refusal", ({ reason }) => resolve(reason));
  });
  await assert.rejects(TestDevice.connect(cloud, { product: 1 }), { code: 5 });
  assert.match(await refused, /through a gateway only/);
});

test("topology: added with a signature, got, deleted; refusals have their codes", async () => {
  const added = await topo("add", [signed(cloud, "sensor_0001")]);
  assert.equal(added.topic, gateway.sys("thing/topo/add_reply"));
  assert.equal(added.json.code, 200);
  assert.deepEqual(added.json.data, [sub("sensor_0001")]);
  const code = async (params: unknown) => (await topo("add", params)).json.code;
  assert.equal(await code([signed(cloud, "sensor_0002", { secret: "wrong" })]), 401);
  assert.equal(await code([signed(cloud, "sensor_9999")]), 6100);
  assert.equal(await code([{ ...gateway.id, sign: "0" }]), 6402);
  assert.equal(await code({}), 460);
  assert.equal(await code(Array(31).fill(signed(cloud, "sensor_0002"))), 460);
  assert.equal(await code([signed(cloud, "sensor_0002", { signMethod: "crc" })]), 460);
  assert.deepEqual((await topo("get", {})).json.data, [sub("sensor_0001")]);

  const found = (params: unknown) => gateway.request(gateway.sys("thing/list/found"), params);
  assert.equal((await found([sub("new_sensor")])).json.code, 200);
  assert.equal((await found([sub("a b")])).json.code, 6280);
  assert.equal((await found([{ productKey: "none", deviceName: "new_sensor" }])).json.code, 6250);

  assert.equal((await topo("delete", [sub("sensor_0002")])).json.code, 6401);
  assert.equal((await topo("delete", [sub("sensor_0001")])).json.code, 200);
  assert.deepEqual((await topo("get", {})).json.data, []);
});

test("log-on: refusals have their codes, a batch is taken whole or not at all", async () => {
  const login = async (name: string, options = {}) =>
    (await combine("login", signed(cloud, name, options))).json.code;
  assert.equal(await login("sensor_0001"), 6401);
  assert.equal(await login("sensor_9999"), 6100);
  await topo("add", [signed(cloud, "sensor_0001"), signed(cloud, "sensor_0002")]);
  assert.equal(await login("sensor_0001", { secret: "wrong" }), 6287);
  assert.equal((await combine("logout", sub("sensor_0001"))).json.code, 520);
  assert.equal(await status("sensor_0001"), "UNACTIVE");

  const deviceList = [signed(cloud, "sensor_0001"), signed(cloud, "sensor_0003")];
  const refused = await combine("batch_login", { deviceList });
  assert.equal(refused.json.code, 6401);
  assert.deepEqual(refused.json.data, [sub("sensor_0003")]);
  assert.equal(await status("sensor_0001"), "UNACTIVE");
  const many = { deviceList: Array(51).fill(signed(cloud, "sensor_0001")) };
  assert.equal((await combine("batch_login", many)).json.code, 460);

  const one = await combine("login", signed(cloud, "sensor_0001"));
  assert.equal(one.topic, session(gateway, "login_reply"));
  assert.deepEqual([one.json.code, one.json.data], [200, sub("sensor_0001")]);
  assert.equal(await status("sensor_0001"), "ONLINE");
  const { signMethod, ...entry } = signed(cloud, "sensor_0002");
  const batch = await combine("batch_login", { signMethod, deviceList: [entry] });
  assert.deepEqual([batch.json.code, batch.json.data], [200, [sub("sensor_0002")]]);

  const out = await combine("batch_logout", [sub("sensor_0001"), sub("sensor_0002")]);
  assert.equal(out.json.code, 200);
  assert.equal(await status("sensor_0001"), "OFFLINE");
});

test("a sub-device's messages go both ways over its gateway's connection", async () => {
  assert.equal((await bringOnline(cloud, gateway, "sensor_0001")).json.code, 200);
  const own = `/sys/${NODE}/sensor_0001`;
  const posted = await gateway.request(`${own}/thing/event/property/post`, { temperature: 21.5 });
  assert.equal(posted.topic, `${own}/thing/event/property/post_reply`);
  assert.equal(posted.json.code, 200);
  const event = await gateway.request(`${own}/thing/event/too_hot/post`, { temperature: 90 });
  assert.equal(event.json.code, 200);
  const view = cloud.device(NODE, "sensor_0001");
  assert.equal((await view.properties()).temperature?.value, 21.5);
  assert.deepEqual((await view.events()).at(-1)?.value, { temperature: 90 });
  const desired = await gateway.request(`${own}/thing/property/desired/get`, ["interval"]);
  assert.deepEqual(desired.json.data, {});

  const set = cloud.setProperty(sub("sensor_0001"), { interval: 10 });
  const request = await gateway.next();
  assert.equal(request.topic, `${own}/thing/service/property/set`);
  await gateway.publish(`${request.topic}_reply`, { id: request.json.id, code: 200, data: {} });
  assert.equal((await set).code, 200);

  const measured = cloud.invokeService(sub("sensor_0001"), "measure");
  const call = await gateway.next();
  const answer = { id: call.json.id, code: 200, data: { temperature: 22 } };
  await gateway.publish(call.topic.replace("request", "response"), answer, 0);
  assert.deepEqual((await measured).data, { temperature: 22 });

  const identity = sub("sensor_0001");
  const history = gateway.sys("thing/event/property/history/post");
  const late = [{ identity, properties: [{ temperature: { value: 1, time: 1_700_000_000_000 } }] }];
  assert.equal((await gateway.request(history, late)).json.code, 200);
  const oldest = await view.propertyHistory("temperature", { ascending: true });
  assert.equal(oldest[0]?.value, 1);
});

test("topics of others give 520 on /ext/error, filters of others are refused", async () => {
  const error = async () => {
    const { topic, json } = await gateway.next();
    assert.equal(topic, `/ext/error/${GATEWAY}/${gateway.deviceName}`);
    return [json.id, json.code, json.data];
  };
  const stranger = `/sys/${NODE}/sensor_0003/thing/event/property/post`;
  await gateway.publish(stranger, { id: "77", params: {} });
  assert.deepEqual(await error(), ["77", 520, sub("sensor_0003")]);
  assert.deepEqual(await gateway.subscribe([`/sys/${NODE}/sensor_0003/rrpc/request/+`]), [128]);
  assert.deepEqual(await gateway.subscribe([`/sys/${NODE}/sensor_0001/rrpc/request/+`]), [1]);
  assert.deepEqual(await gateway.subscribe([`/sys/${NODE}/+/rrpc/request/+`]), [128]);
});

test("a pack is taken whole or not at all", async () => {
  const pack = (params: object) =>
    gateway.request(gateway.sys("thing/event/property/pack/post"), params);
  const time = Date.now();
  const part = (temperature: number) => ({
    identity: sub("sensor_0001"),
    properties: { temperature: { value: temperature, time } },
    events: { too_hot: { value: { temperature: 91 }, time } },
  });
  const properties = { energy: { value: 60, time } };
  const good = await pack({ properties, subDevices: [part(31)] });
  assert.equal(good.json.code, 200, String(good.json.message));
  const bad = await pack({ properties: { energy: 61 }, subDevices: [part(999)] });
  assert.equal(bad.json.code, 6307);
  const energy = (await cloud.device(GATEWAY, gateway.deviceName).properties()).energy;
  const temperature = (await cloud.device(NODE, "sensor_0001").properties()).temperature;
  assert.deepEqual([energy?.value, temperature?.value], [60, 31]);
  const away = { identity: sub("sensor_0003"), properties: {} };
  assert.equal((await pack({ subDevices: [away] })).json.code, 520);
  assert.equal((await pack({ subDevices: Array(21).fill(part(1)) })).json.code, 6357);
});

test("a sub-device has one gateway: another one gets 6619 and 6401 until it is taken away", async () => {
  const other = await TestDevice.connect(cloud, { device: 1, extension: "_ss=1" });
  const entry = signed(cloud, "sensor_0001");
  assert.equal((await other.request(other.sys("thing/topo/add"), [entry])).json.code, 6619);
  assert.equal((await other.request(session(other, "login"), entry)).json.code, 6401);
  await cloud.gateways.remove(sub("sensor_0001"));
  const [error, change] = [await gateway.next(), await gateway.next()];
  assert.deepEqual([error.json.code, error.json.data], [6401, sub("sensor_0001")]);
  assert.equal(change.topic, gateway.sys("thing/topo/change"));
  assert.deepEqual(change.json.params, { status: 1, subList: [sub("sensor_0001")] });
  assert.equal(await status("sensor_0001"), "OFFLINE");
  await other.end();
});

test("who logs on elsewhere ends the session that it had", async () => {
  const entry = signed(cloud, "mobile_0001", { productKey: BOTH });
  await topo("add", [entry]);
  await combine("login", entry);
  const direct = await TestDevice.connect(cloud, { product: BOTH_INDEX });
  const error = await gateway.next();
  assert.deepEqual([error.json.code, error.json.data], [427, sub("mobile_0001", BOTH)]);
  assert.equal(await cloud.device(BOTH, "mobile_0001").status(), "ONLINE");
  const cut = new Promise<void>((resolve) => direct.client.once("close", () => resolve()));
  assert.equal((await combine("login", entry)).json.code, 200);
  await cut;
  assert.equal(await cloud.device(BOTH, "mobile_0001").status(), "ONLINE");
  assert.equal((await topo("delete", [sub("mobile_0001", BOTH)])).json.code, 200);
  assert.equal(await cloud.device(BOTH, "mobile_0001").status(), "OFFLINE");
});

test("a device that is no gateway has no topology", async () => {
  const device = await TestDevice.connect(cloud, { product: BOTH_INDEX, extension: "_ss=1" });
  const reply = await device.request(device.sys("thing/topo/add"), [signed(cloud, "sensor_0003")]);
  assert.equal(reply.json.code, 460);
  await device.end();
});

test("disabling and deleting a sub-device tells it, its gateway, and ends its session", async () => {
  await bringOnline(cloud, gateway, "sensor_0001");
  const own = `/sys/${NODE}/sensor_0001/thing`;
  const disabled = cloud.lifecycle.disable(sub("sensor_0001"));
  const notice = await gateway.next();
  assert.equal(notice.topic, `${own}/disable`);
  await gateway.publish(`${notice.topic}_reply`, { id: notice.json.id, code: 200, data: {} });
  assert.equal((await disabled)?.code, 200);
  assert.equal((await gateway.next()).json.code, 522);
  const params = (state: number) => ({ status: state, subList: [sub("sensor_0001")] });
  assert.deepEqual((await gateway.next()).json.params, params(8));
  const login = () => combine("login", signed(cloud, "sensor_0001"));
  assert.equal((await login()).json.code, 522);
  await cloud.lifecycle.enable(sub("sensor_0001"));
  assert.deepEqual((await gateway.next()).json.params, params(2));
  assert.equal((await login()).json.code, 200);

  const deleted = cloud.lifecycle.delete(sub("sensor_0002"));
  assert.equal((await deleted)?.code, undefined);
  assert.equal((await gateway.next()).json.code, 521);
  const { status: state, subList } = (await gateway.next()).json.params as Record<string, unknown>;
  assert.deepEqual([state, subList], [1, [sub("sensor_0002")]]);
});

test("the topology outlives the platform; sessions end with the gateway's connection", async () => {
  const ended = new Promise<string | undefined>((resolve) => {
    cloud.trace.on("status", ({ device, reason }) => {
      if (device.deviceName === "sensor_0001") resolve(reason);
    });
  });
  await gateway.cut(cloud);
  assert.equal(await ended, "gateway offline");
  assert.equal(await status("sensor_0001"), "OFFLINE");
  await cloud.close();
  cloud = await startGatewayCloud(data);
  gateway = await TestDevice.connect(cloud, { extension: "_ss=1" });
  assert.deepEqual((await topo("get", {})).json.data, [sub("sensor_0001")]);
});

test("missed QoS-1 messages wait for a sub-device's return where it asks for that", async () => {
  const keeping = signed(cloud, "sensor_0001", { cleanSession: "false" });
  assert.equal((await combine("login", keeping)).json.code, 200);
  await combine("logout", sub("sensor_0001"));
  const topic = `/sys/${NODE}/sensor_0001/thing/service/property/set`;
  assert.equal(await cloud.publish(sub("sensor_0001"), topic, Buffer.from("{}"), 1), "stored");
  await gateway.publish(session(gateway, "login"), { id: "5", params: keeping }, 0);
  assert.equal((await gateway.next()).topic, topic);
  assert.equal((await gateway.next()).json.id, "5");
});
