/**
 * Product files: the ones that come with the project, and what is said about faulty ones.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConfigurationError, startCloud } from "../../host/cloud/index.ts";
import { readProductFile } from "../../host/cloud/products/product-file.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "products-"));
});
after(() => rm(folder, { recursive: true }));

const DEMO = join(import.meta.dirname, "../../examples/products/demo.json");

test("the demo products have what the usage example needs", async () => {
  const [demo, tracker] = await readProductFile(DEMO);
  assert.ok(demo && tracker);
  const { properties, events, services } = demo.model;
  for (const name of ["phone_num", "energy", "GeoLocation", "power_switch"]) {
    assert.ok(properties.has(name), name);
  }
  assert.equal(properties.get("power_switch")?.accessMode, "rw");
  assert.ok(events.has("sos_alarm") && events.has("low_power_alarm"));
  assert.equal(services.get("query_phone_num")?.callType, "async");
  assert.equal(services.get("query_power_level")?.callType, "sync");
  assert.equal(tracker.model.properties.size, 33);
  assert.equal(tracker.model.events.size, 8);
  assert.equal(tracker.model.services.size, 2);
  assert.ok(demo.devices.length > 1 && tracker.devices.length > 0);
});

const GOOD = { productKey: "a1Good", tsl: {}, devices: [{ deviceName: "good_1" }] };

for (const [what, content, expected] of [
  ["not JSON", "{", /products\.json is not JSON/],
  ["no list", "{}", /expected an object with a list "products"/],
  ["no products", { products: [] }, /expected an object with a list "products"/],
  [
    "a bad key",
    { products: [{ ...GOOD, productKey: "a-1" }] },
    /products\[0\]: "productKey" is "a-1"/,
  ],
  ["no TSL", { products: [{ ...GOOD, tsl: undefined }] }, /product a1Good\): "tsl" is missing/],
  ["a missing TSL file", { products: [{ ...GOOD, tsl: "none.json" }] }, /none\.json can't be read/],
  ["a key twice", { products: [GOOD, GOOD] }, /productKey "a1Good" occurs twice/],
  [
    "a bad device name",
    { products: [{ ...GOOD, devices: [{ deviceName: "a b" }] }] },
    /product a1Good\): devices\[0\]: "deviceName" is "a b"/,
  ],
  [
    "an empty secret",
    { products: [{ ...GOOD, devices: [{ deviceName: "good_1", deviceSecret: "" }] }] },
    /"deviceSecret" has to be a text that is not empty/,
  ],
  [
    "a device twice",
    { products: [{ ...GOOD, devices: [...GOOD.devices, ...GOOD.devices] }] },
    /deviceName "good_1" occurs twice/,
  ],
  [
    "a bad topic class",
    { products: [{ ...GOOD, topics: [{ name: "user/+", right: "ALL" }] }] },
    /topics\[0\]: "name" is "user\/\+"/,
  ],
  [
    "a bad right",
    { products: [{ ...GOOD, topics: [{ name: "user/a", right: "READ" }] }] },
    /"right" has to be PUB, SUB or ALL/,
  ],
  [
    "a property without a type",
    { products: [{ ...GOOD, tsl: { properties: [{ identifier: "a", accessMode: "r" }] } }] },
    /product a1Good: properties\[0\]\.dataType \("a"\): expected an object/,
  ],
  [
    "an event of an unknown type",
    { products: [{ ...GOOD, tsl: { events: [{ identifier: "e", type: "warn" }] } }] },
    /events\[0\]\.type \("e"\): expected one of info, alert, error/,
  ],
  [
    "a service without a call type",
    { products: [{ ...GOOD, tsl: { services: [{ identifier: "s" }] } }] },
    /services\[0\]\.callType \("s"\): expected one of async, sync/,
  ],
] as [string, unknown, RegExp][]) {
  test(`a file with ${what} is refused`, async () => {
    const products = join(folder, "products.json");
    await writeFile(products, typeof content === "string" ? content : JSON.stringify(content));
    await assert.rejects(startCloud({ products }), (error) => {
      assert.ok(error instanceof ConfigurationError, String(error));
      assert.match(error.message, expected);
      return true;
    });
  });
}

test("secrets that a file leaves out are made, those that it has are taken", async () => {
  const products = join(folder, "secrets.json");
  const devices = [{ deviceName: "made_1" }, { deviceName: "given_1", deviceSecret: "s3cret" }];
  await writeFile(products, JSON.stringify({ products: [{ ...GOOD, devices }] }));
  const cloud = await startCloud({ products });
  const [product] = cloud.products;
  assert.match(product?.productSecret ?? "", /^[0-9a-f]{16}$/);
  const [given, made] = product?.devices ?? [];
  assert.equal(given?.deviceSecret, "s3cret");
  assert.match(made?.deviceSecret ?? "", /^[0-9a-f]{32}$/);
  await cloud.close();
});
