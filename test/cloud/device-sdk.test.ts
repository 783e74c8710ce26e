/**
 * Alibaba's official device SDK for Node, as it comes: logs on, posts, takes property sets, answers
 * services and RRPC.
 * @module
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";

const PRODUCT = 0;

interface AlinkMessage {
  id: string;
  code: number;
  params: Record<string, unknown>;
}

/** The part of the SDK that is used here; it brings no types. */
interface SdkDevice {
  on(event: "connect", listener: () => void): void;
  on(event: "message", listener: (topic: string, payload: Buffer) => void): void;
  end(): void;
  publish(topic: string, payload: string): void;
  postProps(params: object, callback: (reply: AlinkMessage) => void): void;
  postEvent(name: string, params: object, callback: (reply: AlinkMessage) => void): void;
  onProps(callback: (request: AlinkMessage) => void): void;
  onService(
    name: string,
    callback: (request: AlinkMessage, reply: (data: object, callType?: "sync") => void) => void,
  ): void;
}

const sdk = createRequire(import.meta.url)("alibabacloud-iot-device-sdk") as {
  device(config: object): SdkDevice;
};

let cloud: Cloud;
let device: SdkDevice;
let id: { productKey: string; deviceName: string };
before(async () => {
  cloud = await startCloud();
  const product = cloud.products[PRODUCT];
  const secrets = product?.devices[0];
  assert.ok(product && secrets);
  const { productKey } = product;
  id = { productKey, deviceName: secrets.deviceName };
  const { host, port } = cloud.endpoints.mqtt;
  // A preset subscription is the last thing that it does on its own.
  const subscribed = filterGranted(`/sys/${productKey}/${id.deviceName}/rrpc/request/+`);
  device = sdk.device({ productKey, ...secrets, brokerUrl: `mqtt://${host}:${port}` });
  await new Promise<void>((resolve) => device.on("connect", resolve));
  await subscribed;
});
after(async () => {
  const offline = new Promise((resolve) => cloud.trace.once("status", resolve));
  device.end();
  await offline;
  await cloud.close();
});

function filterGranted(filter: string): Promise<void> {
  return new Promise((resolve) => {
    cloud.trace.on("subscription", function note(subscription) {
      if (subscription.filter !== filter || !subscription.granted) return;
      cloud.trace.off("subscription", note);
      resolve();
    });
  });
}

test("posts properties and events and gets the replies", async () => {
  const posted = await new Promise<AlinkMessage>((resolve) => {
    device.postProps({ energy: 64, phone_num: "电话" }, resolve);
  });
  assert.equal(posted.code, 200);
  const event = await new Promise<AlinkMessage>((resolve) => {
    device.postEvent("low_power_alarm", { power_level: 20 }, resolve);
  });
  assert.equal(event.code, 200);
  const view = cloud.device(id.productKey, id.deviceName);
  const { energy, phone_num } = await view.properties();
  assert.equal(energy?.value, 64);
  assert.equal(phone_num?.value, "电话");
  const events = await view.events();
  assert.deepEqual(events.at(-1)?.value, { power_level: 20 });
});

test("takes a property set", async () => {
  const set = new Promise<AlinkMessage>((resolve) => device.onProps(resolve));
  // It does not reply by itself.
  const answer = cloud.setProperty(id, { power_switch: 1 });
  const { id: messageId, params } = await set;
  assert.deepEqual(params, { power_switch: 1 });
  const topic = `/sys/${id.productKey}/${id.deviceName}/thing/service/property/set_reply`;
  device.publish(topic, JSON.stringify({ id: messageId, code: 200, data: {} }));
  assert.equal((await answer).code, 200);
});

test("answers an asynchronous service", async () => {
  const topic = `/sys/${id.productKey}/${id.deviceName}/thing/service/query_phone_num`;
  const subscribed = filterGranted(topic);
  device.onService("query_phone_num", (request, reply) => {
    reply({ id: request.id, code: 200, data: { phone_num: "139" } });
  });
  await subscribed;
  const { code, data } = await cloud.invokeService(id, "query_phone_num");
  assert.equal(code, 200);
  assert.deepEqual(data, { phone_num: "139" });
});

test("answers a synchronous service", async () => {
  device.onService("query_power_level", (request, reply) => {
    reply({ id: request.id, code: 200, data: { power_level: 12 } }, "sync");
  });
  const { code, data } = await cloud.invokeService(id, "query_power_level");
  assert.equal(code, 200);
  assert.deepEqual(data, { power_level: 12 });
});

test("answers an RRPC", async () => {
  device.on("message", (topic, payload) => {
    if (!topic.includes("/rrpc/request/") || payload.toString() !== "ping") return;
    device.publish(topic.replace("request", "response"), "pong");
  });
  const { payload } = await cloud.rrpc(id, { payload: Buffer.from("ping"), timeoutMs: 5000 });
  assert.equal(payload.toString(), "pong");
});
