/**
 * An update with Alibaba's official device SDK for Node, as it comes: it brings no OTA of its own,
 * but carries the messages, and gets them by subscription.
 * @module
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { addPackage, MODULE, PRODUCT, reached } from "./ota-setup.ts";

/** The part of the SDK that is used here; it brings no types. */
interface SdkDevice {
  on(event: "connect", listener: () => void): void;
  on(event: "message", listener: (topic: string, payload: Buffer) => void): void;
  end(): void;
  subscribe(topic: string): void;
  publish(topic: string, payload: string): void;
}

const sdk = createRequire(import.meta.url)("alibabacloud-iot-device-sdk") as {
  device(config: object): SdkDevice;
};

let cloud: Cloud;
let device: SdkDevice;
let deviceName: string;
before(async () => {
  cloud = await startCloud();
  const product = cloud.products.find(({ productKey }) => productKey === PRODUCT);
  const secrets = product?.devices[0];
  assert.ok(secrets);
  deviceName = secrets.deviceName;
  const { host, port } = cloud.endpoints.mqtt;
  device = sdk.device({ productKey: PRODUCT, ...secrets, brokerUrl: `mqtt://${host}:${port}` });
  await new Promise<void>((resolve) => device.on("connect", resolve));
});
after(async () => {
  const offline = new Promise((resolve) => cloud.trace.once("status", resolve));
  device.end();
  await offline;
  await cloud.close();
});

test("a device that has not subscribed is told after it has, when it informs", async () => {
  const firmwareId = await addPackage(cloud, "1.1.0");
  const jobId = await cloud.ota.createJob({ firmwareId, devices: [deviceName] });
  const upgrade = `/ota/device/upgrade/${PRODUCT}/${deviceName}`;
  const granted = new Promise<boolean>((resolve) => {
    cloud.trace.on("subscription", (event) => event.filter === upgrade && resolve(event.granted));
  });
  const push = new Promise<{ data: { version: string; url: string } }>((resolve) => {
    device.on("message", (topic, payload) => {
      if (topic === upgrade) resolve(JSON.parse(payload.toString()));
    });
  });
  device.subscribe(upgrade);
  assert.equal(await granted, true);
  assert.equal(cloud.ota.task(jobId, deviceName)?.status, "QUEUED");
  const say = (kind: string, params: object) =>
    device.publish(
      `/ota/device/${kind}/${PRODUCT}/${deviceName}`,
      JSON.stringify({ id: "1", params: { ...params, module: MODULE } }),
    );
  say("inform", { version: "1.0.0" });
  const { data } = await push;
  assert.equal(data.version, "1.1.0");
  assert.equal((await fetch(data.url)).status, 200);
  say("progress", { step: "100", desc: "" });
  await reached(cloud, jobId, "IN_PROGRESS");
  say("inform", { version: "1.1.0" });
  assert.equal((await cloud.ota.finished(jobId, deviceName)).status, "SUCCEEDED");
});
