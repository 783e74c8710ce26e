/**
 * What `npm run tsl -- --check` says to a message, and that the platform itself says the same.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { checkSample, mergeModules, readModel } from "../../host/tsl/index.ts";
import { TestDevice } from "../cloud/device.ts";

const files = ["meter.json", "meter-battery.json"].map((name) =>
  join(import.meta.dirname, "fixtures", name),
);
const model = mergeModules(files.map((file) => ({ file, json: readModel(file) })));
const check = (sample: unknown, method?: string) =>
  checkSample(model, Buffer.from(JSON.stringify(sample)), method);

const folder = mkdtempSync(join(tmpdir(), "tsl-"));
let cloud: Cloud;
let device: TestDevice;
before(async () => {
  const products = join(folder, "products.json");
  const product = { productKey: "a1MeterTest", tsl: model, devices: [{ deviceName: "device" }] };
  writeFileSync(products, JSON.stringify({ products: [product] }));
  cloud = await startCloud({ products });
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
});
after(async () => {
  await device.end();
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const property = (params: unknown) => ({
  id: "7",
  version: "1.0",
  params,
  method: "thing.event.property.post",
});
const event = (name: string, params: unknown) => ({
  id: "8",
  params,
  method: `thing.event.${name}.post`,
});

for (const [what, sample, accepted, note] of [
  ["properties that fit", property({ flow: 1.5, mode: -1, "battery:level": 5 }), true, ""],
  ["a value out of bounds", property({ flow: 13 }), false, "flow: 6322 value is above 12.5"],
  ["a bool that is one", property({ valve: true }), false, /valve: 6308/],
  ["an unknown property", property({ level: 5 }), false, "level: 5092 params not exist"],
  ["a list that is too long", property({ readings: [1, 2, 3, 4, 5] }), false, /readings: 6324/],
  [
    "a member of a struct in a list",
    property({ schedule: [{ from: 1 }] }),
    false,
    /schedule: 6328 element 0: from: date/,
  ],
  ["params that are a list", property([]), false, "460 params has to be an object"],
  ["an event", event("leak", { value: { litres: 2, since: "0" }, time: 5 }), true, ""],
  ["a module's event", event("battery:low", { level: 4 }), true, ""],
  ["an event's output", event("leak", { litres: -1 }), false, "litres: 6307 value is less than 0"],
  ["an unknown event", event("leek", {}), false, "6200 event leek is not in the thing model"],
  [
    "a batch",
    event("property.batch", { properties: { flow: [{ value: 99, time: 1 }] } }),
    false,
    "flow: 6322 value is above 12.5",
  ],
] as [string, Record<string, unknown>, boolean, string | RegExp][]) {
  test(`${what}: as the platform answers it`, async () => {
    const verdict = await check(sample);
    assert.equal(verdict.accepted, accepted);
    if (typeof note === "string") assert.equal(verdict.note, note);
    else assert.match(verdict.note, note);
    await device.publish(verdict.topic, sample);
    const { topic, json } = await device.next();
    assert.deepEqual(verdict.reply, { topic, payload: json });
  });
}

test("a payload that is no JSON", async () => {
  const verdict = await checkSample(model, Buffer.from("{"));
  assert.equal(verdict.accepted, false);
  assert.equal((verdict.reply?.payload as { code: number } | undefined)?.code, 6207);
});

test("properties alone are taken for a post of them, or for what is asked", async () => {
  const verdict = await check({ flow: 1 });
  assert.equal(verdict.method, "thing.event.property.post");
  assert.ok(verdict.accepted);
  const alarm = await check({ litres: 1, since: "2" }, "thing.event.leak.post");
  assert.ok(alarm.accepted, alarm.note);
});

const SET = "thing.service.property.set";
for (const [what, sample, method, note] of [
  ["a set of what may be set", { valve: 1, label: "hall" }, SET, ""],
  ["a set of a read-only property", { flow: 1 }, SET, /SetDevicePropertyFailed flow is read-only/],
  ["a set of a wrong value", { label: "too long a label" }, SET, /label: 6310/],
  ["a service's input", { params: { litres: 3 } }, "thing.service.calibrate", ""],
  ["a wrong input", { litres: "3" }, "thing.service.calibrate", /litres: 6307/],
  ["an unknown service", {}, "thing.service.measure", /measure is not a service/],
  [
    "an answer",
    { id: "1", code: 200, data: { factor: 1, stored: 1 } },
    "thing.service.calibrate",
    "",
  ],
  [
    "an answer that lacks something",
    { id: "1", code: 200, data: { factor: "1" } },
    "thing.service.calibrate",
    "factor: 6322 data type is not double, output stored is missing",
  ],
] as [string, Record<string, unknown>, string, string | RegExp][]) {
  test(what, async () => {
    const { accepted, note: found } = await check(sample, method);
    assert.equal(accepted, note === "");
    if (typeof note === "string") assert.equal(found, note);
    else assert.match(found, note);
  });
}

test("a method that is none", async () => {
  await assert.rejects(
    check({}, "thing.model.up"),
    /method "thing.model.up": expected thing.event/,
  );
});
