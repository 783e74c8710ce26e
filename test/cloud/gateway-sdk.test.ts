/**
 * Alibaba's official device SDK for Node, as it comes, as a gateway: topology, log-on of a
 * sub-device, its posts, a property set, services and its log-off.
 * @module
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Cloud } from "../../host/cloud/index.ts";
import { GATEWAY, NODE, startGatewayCloud, sub } from "./gateway-setup.ts";

interface AlinkMessage {
  id: string;
  code: number;
  data: unknown;
  params: Record<string, unknown>;
}

type Answered = (reply: AlinkMessage) => void;

/** The parts of the SDK that are used here; it brings no types. */
interface SdkThing {
  publish(topic: string, payload: string): void;
  postProps(params: object, callback: Answered): void;
  postEvent(name: string, params: object, callback: Answered): void;
  onProps(callback: Answered): void;
  postTags(tags: object[], callback: Answered): void;
  postShadow(reported: object): void;
  onShadow(callback: (message: { payload: { status: string } }) => void): void;
  onService(
    name: string,
    callback: (request: AlinkMessage, reply: (data: object, callType?: "sync") => void) => void,
  ): void;
}

interface SdkGateway extends SdkThing {
  on(event: "connect", listener: () => void): void;
  end(): void;
  addTopo(devices: object[], callback: Answered): void;
  getTopo(callback: Answered): void;
  removeTopo(devices: object[], callback: Answered): void;
  login(device: object, callback: Answered): SdkThing;
  logout(device: object, callback: Answered): void;
  regiestSubDevice(devices: object[], callback: Answered): void;
}

const sdk = createRequire(import.meta.url)("alibabacloud-iot-device-sdk") as {
  gateway(config: object): SdkGateway;
};

const NAME = "sensor_0001";
let cloud: Cloud;
let gateway: SdkGateway;
let sensor: SdkThing;

before(async () => {
  cloud = await startGatewayCloud();
  const { host, port } = cloud.endpoints.mqtt;
  const secrets = cloud.products[0]?.devices[0];
  // A preset subscription is the last thing that it does on its own.
  const subscribed = granted(`/sys/${GATEWAY}/${secrets?.deviceName}/rrpc/request/+`);
  const brokerUrl = `mqtt://${host}:${port}`;
  gateway = sdk.gateway({ productKey: GATEWAY, ...secrets, brokerUrl });
  await new Promise<void>((resolve) => gateway.on("connect", resolve));
  await subscribed;
});
after(async () => {
  const offline = new Promise((resolve) => cloud.trace.once("status", resolve));
  gateway.end();
  await offline;
  await cloud.close();
});

function granted(filter: string): Promise<void> {
  return new Promise((resolve) => {
    cloud.trace.on("subscription", function note(subscription) {
      if (subscription.filter !== filter || !subscription.granted) return;
      cloud.trace.off("subscription", note);
      resolve();
    });
  });
}

/** The secrets in a new object: the SDK writes into what it gets. */
function secrets(): Record<string, string> {
  const devices = cloud.products.find(({ productKey }) => productKey === NODE)?.devices;
  const device = devices?.find(({ deviceName }) => deviceName === NAME);
  return { productKey: NODE, deviceName: NAME, deviceSecret: device?.deviceSecret ?? "" };
}

const reply = (ask: (callback: Answered) => void) => new Promise<AlinkMessage>(ask);

test("registers a sub-device, which has never been online", async () => {
  const registered = await reply((callback) => gateway.regiestSubDevice([sub(NAME)], callback));
  assert.equal(registered.code, 200);
  const [{ deviceSecret } = {}] = registered.data as Record<string, string>[];
  assert.equal(deviceSecret, secrets().deviceSecret);
});

test("adds a sub-device to its topology, and gets it", async () => {
  const added = await reply((callback) => gateway.addTopo([secrets()], callback));
  assert.equal(added.code, 200);
  const topology = await reply((callback) => gateway.getTopo(callback));
  assert.deepEqual(topology.data, [sub(NAME)]);
});

test("logs a sub-device on, which subscribes by itself", async () => {
  const subscribed = granted(`/sys/${NODE}/${NAME}/rrpc/request/+`);
  const loggedOn = await reply((callback) => {
    sensor = gateway.login(secrets(), callback);
  });
  assert.equal(loggedOn.code, 200);
  await subscribed;
  assert.equal(await cloud.device(NODE, NAME).status(), "ONLINE");
});

test("posts as the sub-device, whose own posts these are", async () => {
  const posted = await reply((callback) => sensor.postProps({ temperature: 19 }, callback));
  assert.equal(posted.code, 200);
  const event = await reply((callback) =>
    sensor.postEvent("too_hot", { temperature: 80 }, callback),
  );
  assert.equal(event.code, 200);
  const view = cloud.device(NODE, NAME);
  assert.equal((await view.properties()).temperature?.value, 19);
  assert.deepEqual((await view.events()).at(-1)?.value, { temperature: 80 });
});

test("takes a property set and services for the sub-device", async () => {
  const set = reply((callback) => sensor.onProps(callback));
  const answer = cloud.setProperty(sub(NAME), { interval: 5 });
  const { id, params } = await set;
  assert.deepEqual(params, { interval: 5 });
  const topic = `/sys/${NODE}/${NAME}/thing/service/property/set_reply`;
  sensor.publish(topic, JSON.stringify({ id, code: 200, data: {} }));
  assert.equal((await answer).code, 200);

  const subscribed = granted(`/sys/${NODE}/${NAME}/thing/service/calibrate`);
  sensor.onService("calibrate", (request, respond) => {
    respond({ id: request.id, code: 200, data: { offset: 0.5 } });
  });
  await subscribed;
  const calibrated = await cloud.invokeService(sub(NAME), "calibrate", { reference: 20 });
  assert.deepEqual(calibrated.data, { offset: 0.5 });
  sensor.onService("measure", (request, respond) => {
    respond({ id: request.id, code: 200, data: { temperature: 18 } }, "sync");
  });
  assert.deepEqual((await cloud.invokeService(sub(NAME), "measure")).data, { temperature: 18 });
});

test("has tags and a shadow for the sub-device", async () => {
  const tags = [{ attrKey: "site", attrValue: "hall-3" }];
  assert.equal((await reply((callback) => sensor.postTags(tags, callback))).code, 200);
  const shadow = new Promise<string>((resolve) => {
    sensor.onShadow(({ payload }) => resolve(payload.status));
  });
  sensor.postShadow({ temperature: 18 });
  assert.equal(await shadow, "success");
});

test("logs the sub-device off and takes it out of the topology", async () => {
  const loggedOff = await reply((callback) => gateway.logout(sub(NAME), callback));
  assert.equal(loggedOff.code, 200);
  assert.equal(await cloud.device(NODE, NAME).status(), "OFFLINE");
  const removed = await reply((callback) => gateway.removeTopo([sub(NAME)], callback));
  assert.equal(removed.code, 200);
});
