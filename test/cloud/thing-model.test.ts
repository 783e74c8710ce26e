/**
 * Properties and events that devices post, checked against the thing model.
 * @module
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { checkValue } from "../../host/cloud/thing/check.ts";
import type { DataType } from "../../host/cloud/thing/tsl.ts";
import { TestDevice } from "./device.ts";

let cloud: Cloud;
let device: TestDevice;
let post: string;
before(async () => {
  cloud = await startCloud();
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  post = device.sys("thing/event/property/post");
});
beforeEach(() => {
  assert.ok(device.client.connected);
});
after(async () => {
  await device.end();
  await cloud.close();
});

const view = () => cloud.device("a1AliotDemo", "demo_0001");
const GEO = { Longitude: 100.26, Latitude: 26.86, Altitude: 0, CoordinateSystem: 1 };

test("the usage example's report is taken", async () => {
  const params = { phone_num: "123456789", energy: 100, GeoLocation: GEO };
  const method = "thing.event.property.post";
  const { topic, json, qos } = await device.request(post, params, { id: "11", method });
  assert.equal(topic, `${post}_reply`);
  assert.equal(qos, 1);
  assert.deepEqual(json, {
    id: "11",
    code: 200,
    data: {},
    message: "success",
    method,
    version: "1.0",
  });
  const { phone_num, energy, GeoLocation } = await view().properties();
  assert.equal(phone_num?.value, "123456789");
  assert.equal(energy?.value, 100);
  assert.deepEqual(GeoLocation?.value, GEO);
});

test("the reply has the id as it came and comes without a method where none was sent", async () => {
  await device.publish(post, { id: 4294967295, params: { energy: 5 } }, 0);
  const { json, qos } = await device.next();
  assert.strictEqual(json.id, 4294967295);
  assert.equal(qos, 0);
  assert.ok(!("method" in json));
});

test("no reply is sent where sys.ack is 0", async () => {
  await device.publish(post, { id: "quiet", sys: { ack: 0 }, params: { energy: 41 } });
  const { json } = await device.request(post, { energy: 42 }, { id: "loud", sys: { ack: 1 } });
  assert.equal(json.id, "loud");
  const values = await view().propertyHistory("energy", { limit: 2 });
  assert.deepEqual(
    values.map(({ value }) => value),
    [42, 41],
  );
});

test("values with time stamps, also as texts", async () => {
  const time = Date.now() - 60_000;
  await device.request(post, {
    energy: { value: 86, time },
    power_switch: { value: 1, time: String(time) },
  });
  const { energy, power_switch } = await view().properties();
  assert.deepEqual(energy, { value: 86, time });
  assert.deepEqual(power_switch, { value: 1, time });
});

test("a time more than 24 hours in the future is rejected", async () => {
  const time = Date.now() + 25 * 3600 * 1000;
  const { json } = await device.request(post, { energy: { value: 1, time } });
  assert.equal(json.code, 200);
  assert.match((json.data as Record<string, string>).energy ?? "", /24 hours in the future/);
  assert.notEqual((await view().properties()).energy?.value, 1);
});

test("unknown properties are remarked on, the rest is taken", async () => {
  const { json } = await device.request(post, { Foo: 1, energy: 33 });
  assert.equal(json.code, 200);
  assert.deepEqual(json.data, { Foo: "tsl parse: params not exist" });
  const properties = await view().properties();
  assert.equal(properties.energy?.value, 33);
  assert.ok(!("Foo" in properties));
});

test("values that don't fit are remarked on and not taken", async () => {
  const before = await view().properties();
  const params = { energy: 101, power_switch: true, phone_num: 5, GeoLocation: { Longitude: 181 } };
  const { json } = await device.request(post, params);
  assert.equal(json.code, 200);
  assert.deepEqual(Object.keys(json.data as object).sort(), Object.keys(params).sort());
  assert.deepEqual(await view().properties(), before);
});

for (const [what, payload, code] of [
  ["no JSON", Buffer.from("{"), 6207],
  ["a JSON list", Buffer.from("[]"), 6207],
  ["no params", { id: "1" }, 460],
  ["params that are a list", { id: "1", params: [] }, 460],
  [
    "201 properties",
    { id: "1", params: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`p${i}`, i])) },
    6106,
  ],
] as const) {
  test(`${code}: ${what}`, async () => {
    await device.publish(post, payload);
    const { json } = await device.next();
    assert.equal(json.code, code);
    assert.notEqual(json.message, "success");
  });
}

const INT: DataType = { type: "int", specs: { min: "0", max: "100" } };
const STRUCT: DataType = {
  type: "struct",
  specs: [{ identifier: "level", name: "level", dataType: INT }],
};
for (const [dataType, value, code] of [
  [INT, 0, undefined],
  [INT, 100, undefined],
  [INT, 101, 6306],
  [INT, -1, 6306],
  [INT, 1.5, 6306],
  [INT, "1", 6306],
  [{ type: "float", specs: { min: "-1", max: "1.00" } }, 1, undefined],
  [{ type: "float", specs: { min: "-1", max: "1.00" } }, 1.01, 6307],
  [{ type: "float", specs: {} }, "1.0", 6307],
  [{ type: "double", specs: { min: "-180", max: "180" } }, -180, undefined],
  [{ type: "double", specs: { min: "-180", max: "180" } }, 180.1, 6322],
  [{ type: "double", specs: {} }, null, 6322],
  [{ type: "bool", specs: { "0": "off", "1": "on" } }, 1, undefined],
  [{ type: "bool", specs: { "0": "off", "1": "on" } }, true, 6308],
  [{ type: "bool", specs: { "0": "off", "1": "on" } }, 2, 6308],
  [{ type: "enum", specs: { "1": "a", "2": "b" } }, 2, undefined],
  [{ type: "enum", specs: { "1": "a", "2": "b" } }, 3, 6309],
  [{ type: "enum", specs: { "1": "a", "2": "b" } }, "1", 6309],
  [{ type: "text", specs: { length: "3" } }, "中文字", undefined],
  [{ type: "text", specs: { length: "3" } }, "abcd", 6310],
  [{ type: "text", specs: {} }, 1, 6310],
  [{ type: "date", specs: {} }, "1718000000000", undefined],
  [{ type: "date", specs: {} }, 1718000000000, 6311],
  [{ type: "date", specs: {} }, "yesterday", 6311],
  [STRUCT, { level: 1 }, undefined],
  [STRUCT, { level: 101 }, 6306],
  [STRUCT, { other: 1 }, 6304],
  [STRUCT, [1], 6312],
  [{ type: "array", specs: { size: "2", item: INT } }, [1, 2], undefined],
  [{ type: "array", specs: { size: "2", item: INT } }, [1, 2, 3], 6324],
  [{ type: "array", specs: { size: "2", item: INT } }, [1, "2"], 6328],
  [{ type: "array", specs: { size: "2", item: INT } }, {}, 6328],
] as [DataType, unknown, number | undefined][]) {
  test(`${dataType.type} ${JSON.stringify(value)}: ${code ?? "fits"}`, () => {
    assert.equal(checkValue(value, dataType)?.code, code);
  });
}

test("events in all forms", async () => {
  const topic = device.sys("thing/event/low_power_alarm/post");
  const time = Date.now() - 1000;
  const timed = await device.request(topic, { value: { power_level: 12 }, time });
  assert.equal(timed.topic, `${topic}_reply`);
  assert.equal(timed.json.code, 200);
  const text = await device.request(topic, { value: { power_level: 11 }, time: String(time + 1) });
  assert.equal(text.json.code, 200);
  const direct = await device.request(topic, { power_level: 10 });
  assert.equal(direct.json.code, 200);
  const events = await view().events();
  assert.deepEqual(
    events.map(({ identifier, value }) => [identifier, value]),
    [
      ["low_power_alarm", { power_level: 12 }],
      ["low_power_alarm", { power_level: 11 }],
      ["low_power_alarm", { power_level: 10 }],
    ],
  );
  assert.equal(events[0]?.time, time);
});

test("outputs of events are checked", async () => {
  const count = (await view().events()).length;
  const topic = device.sys("thing/event/low_power_alarm/post");
  const wrong = await device.request(topic, { value: { power_level: "low" } });
  assert.equal(wrong.json.code, 200);
  assert.match((wrong.json.data as Record<string, string>).power_level ?? "", /not int/);
  assert.equal((await view().events()).length, count, "not recorded");
  // The usage example gives an event of no outputs a time.
  const extra = await device.request(device.sys("thing/event/sos_alarm/post"), {
    value: { time: "1718000000000" },
  });
  assert.equal(extra.json.code, 200);
  assert.deepEqual(extra.json.data, { time: "tsl parse: params not exist" });
  const recorded = (await view().events({ identifiers: ["sos_alarm"] })).at(-1);
  assert.deepEqual(recorded?.value, {});
});

test("an unknown event is an error", async () => {
  // The real tracker's names differ from the usage example's by one word.
  const { json } = await device.request(device.sys("thing/event/low_power_alert/post"), {});
  assert.equal(json.code, 6200);
});

test("a batch holds several points", async () => {
  const now = Date.now();
  const { topic, json } = await device.request(device.sys("thing/event/property/batch/post"), {
    properties: {
      energy: [
        { value: 90, time: now - 60_000 },
        { value: 89, time: now - 30_000 },
      ],
      Foo: [{ value: 1 }],
    },
    events: { sos_alarm: [{ value: {}, time: now - 45_000 }] },
  });
  assert.equal(topic, device.sys("thing/event/property/batch/post_reply"));
  assert.equal(json.code, 200);
  assert.deepEqual(json.data, { Foo: "tsl parse: params not exist" });
  const points = await view().propertyHistory("energy", { from: now - 60_000, to: now - 30_000 });
  assert.deepEqual(
    points.map(({ value }) => value),
    [89, 90],
  );
  assert.equal((await view().properties()).energy?.value, 89);
});

test("history does not touch the current value", async () => {
  await device.request(post, { energy: 77 });
  const time = Date.now() - 3600_000;
  const { json } = await device.request(device.sys("thing/event/property/history/post"), [
    {
      identity: { productKey: "", deviceName: "" },
      properties: [{ energy: { value: 21, time } }, { energy: { value: 20, time: time + 1 } }],
      events: [{ low_power_alarm: { value: { power_level: 9 }, time } }],
    },
  ]);
  assert.equal(json.code, 200);
  assert.deepEqual(json.data, {});
  assert.equal((await view().properties()).energy?.value, 77);
  const past = await view().propertyHistory("energy", {
    from: time,
    to: time + 1,
    ascending: true,
  });
  assert.deepEqual(past, [
    { identifier: "energy", value: 21, time },
    { identifier: "energy", value: 20, time: time + 1 },
  ]);
  const [event] = await view().events({ from: time, to: time });
  assert.deepEqual(event?.value, { power_level: 9 });
  const foreign = await device.request(device.sys("thing/event/property/history/post"), [
    { identity: { productKey: "a1AliotDemo", deviceName: "demo_0002" }, properties: [] },
  ]);
  assert.equal(foreign.json.code, 460);
  const many = await device.request(device.sys("thing/event/property/history/post"), [
    {
      properties: Array.from({ length: 201 }, (_, index) => ({
        energy: { value: 1, time: index },
      })),
    },
  ]);
  assert.equal(many.json.code, 6106);
});

test("the tracker's thing model is a real one", async () => {
  const tracker = await TestDevice.connect(cloud, { product: 1, extension: "_ss=1" });
  const topic = tracker.sys("thing/event/property/post");
  const { json } = await tracker.request(topic, {
    energy: 50,
    GeoLocation: GEO,
    temperature: 21.5,
    current_speed: 30,
    work_mode: 1,
    local_time: "1718000000000",
    sos_alert: 1,
  });
  assert.equal(json.code, 200);
  assert.deepEqual(json.data, { sos_alert: "tsl parse: params not exist" });
  const alert = await tracker.request(tracker.sys("thing/event/sos_alert/post"), { value: {} });
  assert.equal(alert.json.code, 200);
  await tracker.end();
});
