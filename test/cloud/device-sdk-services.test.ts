/**
 * Shadow, tags and remote configuration with Alibaba's official device SDK for Node, as it comes.
 * @module
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";

type Json = Record<string, unknown>;

/** The part of the SDK that is used here; it brings no types. */
interface SdkDevice {
  on(event: "connect", listener: () => void): void;
  end(): void;
  publish(topic: string, payload: string): void;
  postTags(tags: object[], callback: (reply: Json) => void): void;
  deleteTags(keys: string[], callback: (reply: Json) => void): void;
  getConfig(callback: (reply: Json) => void): void;
  onConfig(callback: (request: Json) => void): void;
  getShadow(): void;
  postShadow(reported: object): void;
  deleteShadow(keys?: string | string[]): void;
  onShadow(callback: (message: Json) => void): void;
}

const sdk = createRequire(import.meta.url)("alibabacloud-iot-device-sdk") as {
  device(config: object): SdkDevice;
};

let cloud: Cloud;
let device: SdkDevice;
let id: { productKey: string; deviceName: string };
before(async () => {
  cloud = await startCloud();
  const product = cloud.products[0];
  const secrets = product?.devices[0];
  assert.ok(product && secrets);
  id = { productKey: product.productKey, deviceName: secrets.deviceName };
  const { host, port } = cloud.endpoints.mqtt;
  // The last preset subscription.
  const subscribed = new Promise<void>((resolve) => {
    cloud.trace.on("subscription", ({ filter }) => {
      if (filter.endsWith("/rrpc/request/+")) resolve();
    });
  });
  device = sdk.device({ ...id, ...secrets, brokerUrl: `mqtt://${host}:${port}` });
  await subscribed;
});
after(async () => {
  device.end();
  await cloud.close();
});

function shadowMessage(act: () => unknown): Promise<Json> {
  const said = new Promise<Json>((resolve) => device.onShadow(resolve));
  act();
  return said;
}

test("shadow", async () => {
  const posted = await shadowMessage(() => device.postShadow({ color: "red", on: 1 }));
  assert.equal((posted.payload as Json).status, "success");
  const { version } = cloud.shadows.get(id);
  assert.ok(version > 1e12, "the SDK's versions are its clock");
  const control = await shadowMessage(() =>
    cloud.shadows.update(id, { method: "update", state: { desired: { on: 0 } }, version: 0 }),
  );
  assert.equal(control.method, "control");
  const read = await shadowMessage(() => device.getShadow());
  const { state } = read.payload as { state: object };
  assert.deepEqual(state, { reported: { color: "red", on: 1 }, desired: { on: 0 } });
  const deleted = await shadowMessage(() => device.deleteShadow("color"));
  assert.equal((deleted.payload as Json).status, "success");
  assert.deepEqual(cloud.shadows.get(id).state.reported, { on: 1 });
  await shadowMessage(() => device.deleteShadow());
  assert.deepEqual(cloud.shadows.get(id).state.reported, {});
});

test("tags", async () => {
  const tags = [
    { attrKey: "site", attrValue: "hall-3" },
    { attrKey: "floor", attrValue: "2" },
  ];
  const posted = await new Promise<Json>((resolve) => device.postTags(tags, resolve));
  assert.equal(posted.code, 200);
  assert.deepEqual(cloud.tags.get(id), { site: "hall-3", floor: "2" });
  const deleted = await new Promise<Json>((resolve) => device.deleteTags(["floor"], resolve));
  assert.equal(deleted.code, 200);
  assert.deepEqual(cloud.tags.get(id), { site: "hall-3" });
});

test("remote configuration", async () => {
  const off = await new Promise<Json>((resolve) => device.getConfig(resolve));
  assert.equal(off.code, 6713);
  const { configId, sign } = await cloud.config.set(id.productKey, { period: 5 });
  const { code, data } = await new Promise<Json>((resolve) => device.getConfig(resolve));
  assert.equal(code, 200);
  assert.equal((data as Json).sign, sign);
  const told = new Promise<Json>((resolve) => device.onConfig(resolve));
  const pushed = cloud.config.push(id.productKey);
  const request = await told;
  assert.equal((request.params as Json).configId, configId);
  const topic = `/sys/${id.productKey}/${id.deviceName}/thing/config/push_reply`;
  device.publish(topic, JSON.stringify({ id: request.id, code: 200, data: {} }));
  assert.deepEqual(await pushed, [{ deviceName: id.deviceName, code: 200 }]);
});
