/**
 * Desired values: set through the API, asked for and deleted by the device.
 * @module
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

let cloud: Cloud;
let client: iot.default;
const id = { productKey: "a1AliotDemo", deviceName: "demo_0001" };
before(async () => {
  cloud = await startCloud();
  client = officialClient(cloud);
});
after(() => cloud.close());

async function set(items: object, versions?: object) {
  const { body } = await client.setDeviceDesiredProperty(
    new iot.SetDeviceDesiredPropertyRequest({
      ...id,
      items: JSON.stringify(items),
      ...(versions ? { versions: JSON.stringify(versions) } : {}),
    }),
  );
  return body;
}

async function stored(): Promise<[string | undefined, string | undefined][]> {
  const { body } = await client.queryDeviceDesiredProperty(
    new iot.QueryDeviceDesiredPropertyRequest(id),
  );
  const infos = body?.data?.list?.desiredPropertyInfo ?? [];
  return infos.map(({ identifier, value }) => [identifier, value]);
}

test("a device that was away asks for desired values and deletes them", async () => {
  const body = await set({ power_switch: 1, phone_num: "1" });
  assert.equal(body?.success, true);
  assert.equal(body?.data?.versions, '{"power_switch":1,"phone_num":1}');
  assert.deepEqual(await stored(), [
    ["phone_num", "1"],
    ["power_switch", "1"],
  ]);
  const device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  const get = device.sys("thing/property/desired/get");
  const asked = await device.request(get, ["power_switch", "energy"]);
  assert.equal(asked.topic, `${get}_reply`);
  assert.deepEqual(asked.json.data, { power_switch: { value: 1, version: 1 } });
  const remove = device.sys("thing/property/desired/delete");
  await device.request(remove, { power_switch: { version: 9 } });
  assert.equal((await stored()).length, 2, "another version");
  const deleted = await device.request(remove, { power_switch: { version: 1 }, phone_num: {} });
  assert.equal(deleted.json.code, 200);
  assert.deepEqual(await stored(), []);
  const wrong = await device.request(get, { power_switch: {} });
  assert.equal(wrong.json.code, 460);
  await device.end();
});

test("a device that is online is told at once", async () => {
  const device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  const body = await set({ power_switch: 0 });
  const { topic, json } = await device.next();
  assert.equal(topic, device.sys("thing/service/property/set"));
  assert.deepEqual(json.params, { power_switch: 0 });
  assert.equal(json.id, body?.data?.messageId);
  await device.end();
});

test("versions only grow and guard a change", async () => {
  const first = JSON.parse((await set({ power_switch: 1 }))?.data?.versions ?? "{}");
  const current = first.power_switch as number;
  assert.ok(current > 1, "after the deleted ones");
  const stale = await set({ power_switch: 0 }, { power_switch: current - 1 });
  assert.equal(stale?.success, false);
  assert.match(stale?.errorMessage ?? "", new RegExp(`version is ${current}`));
  const fresh = await set({ power_switch: 0 }, { power_switch: current });
  assert.deepEqual(JSON.parse(fresh?.data?.versions ?? ""), { power_switch: current + 1 });
  await set({ power_switch: null });
  assert.deepEqual(await stored(), []);
});

test("values that can't be set are refused", async () => {
  for (const items of [{ energy: 1 }, { power_switch: true }, { Foo: 1 }]) {
    assert.equal((await set(items))?.success, false);
  }
  assert.deepEqual(await stored(), []);
});
