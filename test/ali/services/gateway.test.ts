/**
 * A gateway's bookkeeping, against a platform that answers when the test says so.
 * @module
 */
import "../../device-globals.ts";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { beforeEach, mock, test } from "node:test";
import { inspect } from "node:util";
import type { Gateway as GatewayClass } from "../../../src/ali/services/gateway.ts";
import type { SubDevice as SubDeviceClass } from "../../../src/ali/services/sub-device.ts";

const { topicsOf } = await import("../../../src/ali/topics.ts");
const { Gateway } = await import("../../../src/ali/services/gateway.ts");
const { SubDevice } = await import("../../../src/ali/services/sub-device.ts");

const SYS = "/sys/a1Gate/gw_1/";
const ERROR = "/ext/error/a1Gate/gw_1";
const SECRET = "fedcba9876543210fedcba9876543210";

/** A sub-device as requests carry it. */
interface Entry {
  productKey: string;
  deviceName: string;
  clientId: string;
  timestamp: string;
  sign: string;
  random: string;
  signmethod: string;
  cleanSession: string;
}

interface Call {
  path: string;
  params: Entry & { signMethod: string; deviceList: Entry[]; proxieds: Entry[]; length: number };
  qos: number | undefined;
  answer(code: number, data?: unknown): Promise<void>;
}

let calls: Call[];
let answers: { topic: string; id: unknown; code: number }[];
let delivered: { topic: string; data: unknown; callback: unknown }[];
let settledWith: unknown[];
let gateway: GatewayClass;
let heard: string[];

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

beforeEach(() => {
  calls = [];
  answers = [];
  delivered = [];
  settledWith = [];
  heard = [];
  const call = (path: string, params: unknown, qos?: number) =>
    new Promise((resolve) => {
      const answer = async (code: number, data: unknown = {}) => {
        resolve({ id: "1", code, message: "text", data });
        await turn();
      };
      calls.push({ path, params: params as Call["params"], qos, answer });
    });
  const port = {
    topics: topicsOf({ productKey: "a1Gate", deviceName: "gw_1" } as never),
    exchange: {
      call: (sys: string, path: string, params: unknown, qos?: number) =>
        call(sys + path, params, qos),
      answer: (topic: string, id: unknown, code: number) => answers.push({ topic, id, code }),
      settle: (_reply: unknown, data: unknown) => settledWith.push(data),
    },
    inbox: {
      deliver: (
        topic: string,
        data: unknown,
        callback?: (topic: string, data: unknown) => void,
      ) => {
        delivered.push({ topic, data, callback });
        callback?.(topic, data);
      },
    },
    attach: () => {},
    subscribe: () => {},
    call: (path: string, params: unknown) => call(SYS + path, params),
  };
  gateway = new Gateway({ port } as never);
  gateway.onStatus((device, online, reason) => {
    heard.push(`${device.deviceName} ${online ? "on" : `off: ${reason}`}`);
  });
});

function sensors(count: number): SubDeviceClass[] {
  return Array.from({ length: count }, (_, number) => {
    const deviceName = `sensor_${number}`;
    return new SubDevice(gateway, { productKey: "a1Node", deviceName, deviceSecret: SECRET });
  });
}

const receive = (topic: string, message: unknown) => gateway.accept(topic, JSON.stringify(message));
const names = (call: Call | undefined): string[] =>
  (call?.params.deviceList ?? [call?.params]).map((entry) => entry?.deviceName ?? "");
const last = () => calls.at(-1) as Call;

/** Logs on, and these sub-devices with it. */
async function online(...devices: SubDeviceClass[]): Promise<void> {
  gateway.online();
  const done = gateway.login(devices);
  await last().answer(200);
  await done;
}

test("a log-on is signed with the sub-device's secret, asks for _ss=1, and goes at QoS 0", async () => {
  const [one, two] = sensors(2) as [SubDeviceClass, SubDeviceClass];
  assert.equal(await gateway.login([one, two]), false, "the gateway is not logged on");
  gateway.online();
  const done = gateway.login([one, two]);
  const { path, params, qos } = last();
  assert.deepEqual([path, qos], ["/ext/session/a1Gate/gw_1/combine/batch_login", true]);
  assert.equal(params.signMethod, "hmacSha256");
  const { clientId, timestamp, sign, productKey, deviceName, cleanSession } = params
    .deviceList[0] as Entry;
  assert.deepEqual([productKey, deviceName, cleanSession], ["a1Node", "sensor_0", "true"]);
  assert.match(clientId, /\|_ss=1\|$/);
  const content = `clientId${clientId}deviceName${deviceName}productKey${productKey}timestamp${timestamp}`;
  assert.equal(sign, createHmac("sha256", SECRET).update(content).digest("hex"));
  await last().answer(200);
  assert.equal(await done, true);
  assert.deepEqual([one.status, two.status, heard], [true, true, ["sensor_0 on", "sensor_1 on"]]);
});

test("many are logged on eight at a time, the next when the platform has answered", async () => {
  gateway.online();
  const done = gateway.login(sensors(20));
  const sizes: number[] = [];
  for (let sent = 1; sent <= 3; sent++) {
    assert.equal(calls.length, sent);
    sizes.push(names(last()).length);
    await last().answer(200);
  }
  assert.equal(await done, true);
  assert.deepEqual(sizes, [8, 8, 4]);
});

test("where several are refused, each is tried by itself", async () => {
  const devices = sensors(3);
  gateway.online();
  const done = gateway.login(devices);
  await last().answer(6401);
  for (const code of [200, 6401, 200]) {
    assert.equal(last().path, "/ext/session/a1Gate/gw_1/combine/login");
    assert.equal(last().params.signMethod, "hmacSha256");
    await last().answer(names(last())[0] === "sensor_1" ? 6401 : code);
  }
  assert.equal(await done, false);
  const states = devices.map(({ status }) => status);
  assert.deepEqual(states, [true, false, true]);
  assert.equal(calls.length, 4, "not again before the next log-on");
  assert.ok(heard.includes("sensor_1 off: code 6401: text"));
});

test("a refusal that may pass is tried again after 30 s", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const [one] = sensors(1) as [SubDeviceClass];
    gateway.online();
    const done = gateway.login(one);
    await last().answer(429);
    assert.equal(await done, false);
    mock.timers.tick(29_000);
    assert.equal(calls.length, 1);
    mock.timers.tick(2_000);
    assert.equal(calls.length, 2);
    await last().answer(200);
    assert.equal(one.status, true);
  } finally {
    mock.timers.reset();
  }
});

test("with the connection all are offline; they come back, and late answers do not count", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const [one, two] = sensors(2) as [SubDeviceClass, SubDeviceClass];
    await online(one);
    const late = gateway.login(two);
    const before = last();
    gateway.offline();
    assert.equal(await late, false);
    assert.deepEqual([one.status, heard.at(-1)], [false, "sensor_0 off: gateway offline"]);
    gateway.online();
    mock.timers.tick(1);
    assert.deepEqual(names(last()), ["sensor_0", "sensor_1"]);
    await before.answer(200);
    assert.equal(two.status, false);
    await last().answer(200);
    assert.deepEqual([one.status, two.status], [true, true]);
  } finally {
    mock.timers.reset();
  }
});

test("a lost session is made anew; who came elsewhere, or is gone, stays away", async () => {
  const [one, two] = sensors(2) as [SubDeviceClass, SubDeviceClass];
  await online(one, two);
  const error = (code: number, deviceName: string) =>
    receive(ERROR, { id: "9", code, message: "why", data: { productKey: "a1Node", deviceName } });
  assert.ok(error(520, "sensor_0"));
  assert.deepEqual([one.status, names(last())], [false, ["sensor_0"]]);
  await last().answer(200);
  assert.equal(one.status, true);
  const count = calls.length;
  for (const code of [427, 521, 6401]) {
    error(code, "sensor_1");
    assert.deepEqual([two.status, calls.length], [false, count]);
  }
  assert.ok(error(520, "of another gateway"));
});

test("changes of the topology are answered, followed and told", async () => {
  const changes: unknown[] = [];
  gateway.onTopologyChange((status, devices) => changes.push([status, devices]));
  const [one] = sensors(1) as [SubDeviceClass];
  await online(one);
  const subList = [{ productKey: "a1Node", deviceName: "sensor_0" }];
  const change = (status: number) =>
    receive(`${SYS}thing/topo/change`, { id: "5", params: { status, subList } });
  assert.ok(change(8));
  assert.deepEqual(answers, [{ topic: `${SYS}thing/topo/change_reply`, id: "5", code: 200 }]);
  assert.equal(one.status, false);
  change(2);
  assert.deepEqual(names(last()), ["sensor_0"]);
  await last().answer(200);
  assert.equal(one.status, true);
  change(1);
  assert.deepEqual([one.status, changes.at(-1)], [false, [1, subList]]);
  const count = calls.length;
  change(2);
  assert.equal(calls.length, count, "it was taken out of the topology");
});

test("a request to add sub-devices needs a listener", () => {
  const params = [{ productKey: "a1Node", deviceName: "new" }];
  const ask = () => receive(`${SYS}thing/topo/add/notify`, { id: "6", params });
  assert.ok(ask());
  const seen: unknown[] = [];
  gateway.onAddRequest((devices) => seen.push(devices));
  ask();
  assert.deepEqual([answers.map(({ code }) => code), seen], [[400, 200], [params]]);
});

test("the topology is added eight at a time, up to the first refusal", async () => {
  const done = gateway.addTopology(sensors(20));
  assert.equal(last().path, `${SYS}thing/topo/add`);
  assert.equal(last().params.length, 8);
  const [first] = last().params as unknown as Entry[];
  assert.equal(first?.signmethod, "hmacSha256");
  await last().answer(200);
  await last().answer(6619);
  assert.deepEqual([(await done).code, calls.length], [6619, 2]);
});

test("messages find their sub-device by its name in the topic", async () => {
  const [one, two] = sensors(2) as [SubDeviceClass, SubDeviceClass];
  const got: string[] = [];
  one.setCallback((topic) => got.push(`one ${topic}`));
  gateway.setCallback((device, topic) => got.push(`${device.deviceName} ${topic}`));
  const topics = [
    "/sys/a1Node/sensor_0/thing/service/property/set",
    "/ota/device/upgrade/a1Node/sensor_1",
    "/shadow/get/a1Node/sensor_1",
    "/a1Node/sensor_1/user/get",
  ];
  for (const topic of topics) assert.ok(receive(topic, { id: "1" }));
  assert.deepEqual(got, [
    `one ${topics[0]}`,
    ...topics.slice(1).map((topic) => `sensor_1 ${topic}`),
  ]);
  assert.equal(receive("/sys/a1Node/sensor_9/rrpc/request/1", {}), false);
  assert.equal(receive(`${SYS}thing/service/property/set`, {}), false);
  await online(two);
  assert.ok(receive("/sys/a1Node/sensor_1/thing/disable", { id: "3" }));
  assert.deepEqual(
    [two.status, answers.at(-1)?.topic],
    [false, "/sys/a1Node/sensor_1/thing/disable_reply"],
  );
  gateway.remove(one);
  assert.equal(receive(topics[0] as string, {}), false);
});

test("secrets are given by a registration, and shown by nothing", async () => {
  const device = { productKey: "a1Node", deviceName: "sensor_0", deviceSecret: SECRET };
  const done = gateway.register([device], "product's secret");
  const { random, sign } = last().params.proxieds[0] as Entry;
  const content = `deviceNamesensor_0productKeya1Noderandom${random}`;
  assert.equal(sign, createHmac("sha256", "product's secret").update(content).digest("hex"));
  const data = { successes: [device], failures: [] };
  const topic = `${SYS}thing/proxy/provisioning/product_register_reply`;
  assert.ok(receive(topic, { id: "1", code: 200, data }));
  assert.deepEqual(settledWith, [undefined], "not in the last reply");
  await last().answer(200);
  assert.deepEqual(await done, [device]);
  new SubDevice(gateway, device);
  receive(topic, { id: "1", code: 200, data });
  assert.doesNotMatch(inspect(gateway, { depth: 9 }), new RegExp(SECRET));
});

test("bad settings of a sub-device name the field", () => {
  const make = (deviceName: string) =>
    new SubDevice(gateway, { productKey: "a1Node", deviceName, deviceSecret: SECRET });
  assert.throws(() => make("a/b"), /"deviceName" may hold/);
  assert.throws(() => make(""), /"deviceName" is empty/);
  const [one] = sensors(1) as [SubDeviceClass];
  assert.equal(one.addService("with space" as never), false);
  assert.equal(one.addEvent("module:event" as never), true);
});
