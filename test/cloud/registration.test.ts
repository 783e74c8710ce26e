/**
 * Dynamic registration at the platform: over HTTPS and MQTT, pre-registered and not, what is refused,
 * and how it starts anew.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { globalAgent } from "node:https";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import type { IClientOptions } from "mqtt";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { connack, greeted, hmac, productFile, REGISTERING, SECRET } from "./access-setup.ts";
import { officialClient, popCoreClient } from "./api-clients.ts";

interface Answer {
  code: number;
  message: string;
  data?: { productKey: string; deviceName: string; deviceSecret: string };
}

const sdk = createRequire(import.meta.url)("alibabacloud-iot-device-sdk") as {
  register(options: object, done: (answer: Answer) => void): void;
};

let cloud: Cloud;
let plain: Cloud;
let client: iot.default;
let products: Awaited<ReturnType<typeof productFile>>;
before(async () => {
  products = await productFile();
  cloud = await startCloud({ products: products.file });
  plain = await startCloud({ products: products.file, limits: { plainRegistration: true } });
  client = officialClient(cloud);
  // The certificates of both come from one authority.
  globalAgent.options.ca = [cloud.ca];
});
after(async () => {
  delete globalAgent.options.ca;
  await cloud.close();
  await plain.close();
  await products.remove();
});

/** The form over HTTP or HTTPS; `change` makes it wrong. */
async function post(deviceName: string, change: Record<string, string> = {}): Promise<Answer> {
  const productKey = change.productKey ?? REGISTERING;
  const random = "8Ygb7ULYh53B6OA";
  const content = `deviceName${deviceName}productKey${productKey}random${random}`;
  const sign = hmac("sha256", SECRET, content);
  const form = { productKey, deviceName, random, sign, signMethod: "hmacsha256", ...change };
  const response = await fetch(`${cloud.endpoints.auth}/auth/register/device`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return (await response.json()) as Answer;
}

/** CONNECT of a registration over TLS. */
function registering(
  deviceName: string,
  extension = "securemode=2,authType=register",
  { secret = SECRET, product = REGISTERING, tls = true, on = cloud } = {},
): IClientOptions {
  const random = "4711";
  const content = `deviceName${deviceName}productKey${product}random${random}`;
  return {
    ...(tls ? on.endpoints.mqtts : on.endpoints.mqtt),
    protocol: tls ? "mqtts" : "mqtt",
    ca: [on.ca],
    clientId: `${deviceName}.${product}|${extension},random=${random},signmethod=hmacsha1|`,
    username: `${deviceName}&${product}`,
    password: hmac("sha1", secret, content),
    keepalive: 0,
  };
}

function withSecret(deviceName: string, secret: string): IClientOptions {
  const content = `clientIdxdeviceName${deviceName}productKey${REGISTERING}`;
  return {
    ...cloud.endpoints.mqtt,
    clientId: "x|securemode=3,signmethod=hmacsha1|",
    username: `${deviceName}&${REGISTERING}`,
    password: hmac("sha1", secret, content),
  };
}

test("the official SDK registers over HTTPS, and the secret logs on", async () => {
  const answer = await new Promise<Answer>((resolve) => {
    const registerURL = `${cloud.endpoints.authTls}/auth/register/device`;
    const device = { productKey: REGISTERING, productSecret: SECRET, deviceName: "reg_0001" };
    sdk.register({ ...device, registerURL }, resolve);
  });
  assert.equal(answer.code, 200, answer.message);
  const secret = answer.data?.deviceSecret as string;
  assert.match(secret, /^[0-9a-f]{32}$/);
  // Until it logs on, it may ask again, and the last secret counts.
  const again = (await post("reg_0001")).data?.deviceSecret as string;
  assert.notEqual(again, secret);
  assert.equal(await connack(withSecret("reg_0001", secret)), 5);
  assert.equal(await connack(withSecret("reg_0001", again)), 0);
  const refused = await post("reg_0001");
  assert.equal(refused.code, 6289);
  assert.equal(refused.data, undefined);
  // ResetThing makes it as new.
  const reset = new iot.ResetThingRequest({ productKey: REGISTERING, deviceName: "reg_0001" });
  assert.equal((await client.resetThing(reset)).body?.success, true);
  assert.equal((await post("reg_0001")).code, 200);
});

test("the official SDK hears why it gets none", async () => {
  const answer = await new Promise<Answer>((resolve) => {
    const registerURL = `${cloud.endpoints.authTls}/auth/register/device`;
    const device = { productKey: REGISTERING, productSecret: "wrong", deviceName: "reg_0001" };
    sdk.register({ ...device, registerURL }, resolve);
  });
  assert.equal(answer.code, 6600);
});

for (const [code, deviceName, change] of [
  [460, "reg_0002", { random: "" }],
  [460, "x", {}],
  [460, "reg_0002", { sign: "" }],
  [6250, "reg_0002", { productKey: "a1Unknown" }],
  [6288, "closed_1", { productKey: "a1Closed" }],
  [6292, "reg_0002", { signMethod: "hmacsha512" }],
  [6600, "reg_0002", { sign: "00" }],
  [6100, "reg_9999", {}],
] as const) {
  test(`code ${code}: ${deviceName} with ${JSON.stringify(change)}`, async () => {
    const traced = once(cloud.trace, "registration");
    const answer = await post(deviceName, change);
    assert.equal(answer.code, code, answer.message);
    const [{ code: seen, form }] = await traced;
    assert.deepEqual([seen, form], [code, "https"]);
  });
}

test("a form that is too long, and a path that is not offered", async () => {
  const url = `${cloud.endpoints.auth}/auth/register/device`;
  const long = await fetch(url, { method: "POST", body: "x".repeat(5000) });
  assert.equal(long.status, 413);
  assert.equal((await fetch(`${cloud.endpoints.auth}/auth`)).status, 404);
});

test("the switch of the API counts more than the product file's", async () => {
  const api = popCoreClient(cloud);
  const set = (Enabled: boolean) =>
    api.request("SetProductDynamicRegistration", { ProductKey: "a1Closed", Enabled });
  await set(true);
  assert.equal((await post("closed_1", { productKey: "a1Closed" })).code, 200);
  await set(false);
  assert.equal((await post("closed_1", { productKey: "a1Closed" })).code, 6288);
});

test("over MQTT the secret comes without SUBSCRIBE, and whatever the keepalive", async () => {
  const { client: device, topic, json } = await greeted(registering("reg_0002"));
  assert.equal(topic, "/ext/register");
  assert.equal(json.deviceName, "reg_0002");
  // Nothing else can be done with such a connection.
  const closed = new Promise<void>((resolve) => device.once("close", () => resolve()));
  device.publish(`/sys/${REGISTERING}/reg_0002/thing/event/property/post`, "{}", { qos: 1 });
  await closed;
  assert.equal(await connack(withSecret("reg_0002", json.deviceSecret as string)), 0);
  assert.equal(await connack(registering("reg_0002")), 5, "activated by now");
});

test("over MQTT a refusal is CONNACK's code, and the trace says why", async () => {
  const refusal = once(cloud.trace, "refusal");
  assert.equal(await connack(registering("reg_0003", undefined, { secret: "wrong" })), 5);
  assert.match((await refusal)[0].reason, /6600/);
  const wrongMode = registering("reg_0003", "securemode=3,authType=register");
  assert.equal(await connack(wrongMode), 2);
  assert.equal(await connack(registering("reg_0003", undefined, { product: "a1Closed" })), 5);
  assert.equal(await connack({ ...registering("reg_0003"), username: "nobody" }), 4);
});

test("plain TCP is refused, unless the platform is told to take it", async () => {
  const tcp = "securemode=3,authType=register";
  assert.equal(await connack(registering("reg_0003", tcp, { tls: false })), 2);
  const { json, client: device } = await greeted(
    registering("reg_0003", tcp, { tls: false, on: plain }),
  );
  assert.match(json.deviceSecret as string, /^[0-9a-f]{32}$/);
  await device.endAsync();
});

test("without pre-registration a device gets client id and token, five times", async () => {
  const regnwl = "securemode=-2,authType=regnwl,instanceId=iot-local";
  const names: string[] = [];
  const tokens: string[] = [];
  for (let time = 0; time < 5; time++) {
    const { client: device, topic, json } = await greeted(registering("fresh_0001", regnwl));
    assert.equal(topic, "/ext/regnwl");
    names.push(json.clientId as string);
    tokens.push(json.deviceToken as string);
    await device.endAsync();
  }
  assert.equal(new Set(names).size, 5);
  assert.equal(await connack(registering("fresh_0001", regnwl)), 5);
  const connwl = (clientId: string, password: string): IClientOptions => ({
    ...cloud.endpoints.mqtt,
    clientId: `${clientId}|securemode=-2,authType=connwl,_ss=1,ext=3|`,
    username: `fresh_0001&${REGISTERING}`,
    password,
  });
  assert.equal(await connack(connwl(names[0] as string, tokens[0] as string)), 0);
  assert.equal(await connack(connwl(names[0] as string, tokens[1] as string)), 5);
  assert.equal(await connack(connwl("other", tokens[0] as string)), 5);
  const { iotId } = await cloud.device(REGISTERING, "fresh_0001").record();
  const ids = await client.queryClientIds(new iot.QueryClientIdsRequest({ iotId }));
  const listed = ids.body?.data?.dynamicRegClientIds?.map(({ clientId }) => clientId);
  assert.deepEqual(listed, names);
  await client.deleteClientIds(new iot.DeleteClientIdsRequest({ iotId }));
  assert.equal(await connack(connwl(names[0] as string, tokens[0] as string)), 5);
  const { client: device } = await greeted(registering("fresh_0001", regnwl));
  await device.endAsync();
});

test("bootstrap names the platform, or where a device was sent", async () => {
  const ask = async (url: string, init: RequestInit = {}) => {
    const { code, data } = (await (await fetch(url, init)).json()) as {
      code: number;
      data?: { resources: { mqtt: { host: string; port: number } } };
    };
    return data?.resources.mqtt ?? code;
  };
  const { auth, mqtt } = cloud.endpoints;
  const device = { productKey: REGISTERING, deviceName: "reg_0004" };
  const form = (fields: object) => ({
    method: "POST",
    body: new URLSearchParams({ ...fields, clientId: "x", resources: "mqtt" }),
  });
  assert.deepEqual(await ask(`${auth}/auth/bootstrap`, form(device)), mqtt);
  assert.deepEqual(await ask(`${auth}/auth/bootstrap/regionId/cn-shanghai`), mqtt);
  assert.equal(await ask(`${auth}/auth/bootstrap`, form({ ...device, deviceName: "none" })), 460);
  const api = popCoreClient(cloud);
  const place = { Host: "other.example", Port: 1884 };
  await api.request("RedirectDevice", {
    ...{ ProductKey: REGISTERING, DeviceName: "reg_0004" },
    ...place,
  });
  const there = { host: "other.example", port: 1884 };
  assert.deepEqual(await ask(`${auth}/auth/bootstrap`, form(device)), there);
  await cloud.redirect(device);
  assert.deepEqual(await ask(`${auth}/auth/bootstrap`, form(device)), mqtt);
});
