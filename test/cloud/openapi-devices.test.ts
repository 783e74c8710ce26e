/**
 * The OpenAPI's actions on devices and on what they reported, driven by the official client.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

let cloud: Cloud;
let device: TestDevice;
let client: iot.default;
const productKey = "a1AliotDemo";
const deviceName = "demo_0001";

before(async () => {
  cloud = await startCloud();
  client = officialClient(cloud);
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
});
after(async () => {
  await device.end();
  await cloud.close();
});

/** Posts a property and waits until it is handled. */
async function post(params: object): Promise<void> {
  const seen = once(cloud.trace, "message");
  await device.publish(device.sys("thing/event/property/post"), { id: "1", params });
  await seen;
}

test("RegisterDevice, QueryDeviceDetail, QueryDevice, GetDeviceStatus", async () => {
  const registered = await client.registerDevice(
    new iot.RegisterDeviceRequest({ productKey, deviceName: "made_0001", nickname: "Made & new" }),
  );
  assert.equal(registered.body?.success, true);
  assert.match(registered.body?.requestId ?? "", /^[0-9A-F-]{36}$/);
  const { iotId, deviceSecret } = registered.body?.data ?? {};
  assert.match(deviceSecret ?? "", /^[0-9a-f]{32}$/);

  const detail = await client.queryDeviceDetail(new iot.QueryDeviceDetailRequest({ iotId }));
  const { data } = detail.body ?? {};
  assert.equal(data?.deviceName, "made_0001");
  assert.equal(data?.nickname, "Made & new");
  assert.equal(data?.deviceSecret, deviceSecret);
  assert.equal(data?.status, "UNACTIVE");
  assert.equal(data?.productName, "Usage example");
  assert.match(data?.utcCreate ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

  const list = await client.queryDevice(
    new iot.QueryDeviceRequest({ productKey, pageSize: 2, currentPage: 2 }),
  );
  assert.equal(list.body?.total, 3);
  assert.equal(list.body?.pageCount, 2);
  const names = list.body?.data?.deviceInfo?.map((info) => [info.deviceName, info.deviceStatus]);
  assert.deepEqual(names, [["made_0001", "UNACTIVE"]]);

  const status = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName }),
  );
  assert.equal(status.body?.data?.status, "ONLINE");
  const again = await client.registerDevice(
    new iot.RegisterDeviceRequest({ productKey, deviceName: "made_0001" }),
  );
  assert.equal(again.body?.success, false);
  assert.equal(again.body?.code, "iot.device.AlreadyExistedDeviceName");
});

test("a device registered through the API logs on", async () => {
  const { body } = await client.registerDevice(new iot.RegisterDeviceRequest({ productKey }));
  const { deviceName: made = "", deviceSecret = "" } = body?.data ?? {};
  const [product, ...others] = cloud.products;
  assert.ok(product);
  const extended = {
    ...cloud,
    products: [{ ...product, devices: [{ deviceName: made, deviceSecret }] }, ...others],
  };
  const fresh = await TestDevice.connect(extended);
  const online = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName: made }),
  );
  assert.equal(online.body?.data?.status, "ONLINE");
  await fresh.end();
});

test("QueryDevicePropertyStatus and QueryDevicePropertyData", async () => {
  const start = Date.now() - 10_000;
  for (const [index, energy] of [50, 51, 52].entries()) {
    await post({ energy: { value: energy, time: start + index } });
  }
  await post({ GeoLocation: { Longitude: 1.5 }, phone_num: "电话1" });
  const status = await client.queryDevicePropertyStatus(
    new iot.QueryDevicePropertyStatusRequest({ productKey, deviceName }),
  );
  const shown = status.body?.data?.list?.propertyStatusInfo ?? [];
  const energy = shown.find(({ identifier }) => identifier === "energy");
  assert.deepEqual(
    { ...energy },
    {
      identifier: "energy",
      name: "battery",
      dataType: "int",
      unit: "%",
      value: "52",
      time: String(start + 2),
    },
  );
  const value = (name: string) => shown.find(({ identifier }) => identifier === name)?.value;
  assert.equal(value("GeoLocation"), '{"Longitude":1.5}');
  assert.equal(value("phone_num"), "电话1");
  assert.equal(value("power_switch"), undefined);

  const query = { productKey, deviceName, identifier: "energy", pageSize: 2 };
  const newest = await client.queryDevicePropertyData(
    new iot.QueryDevicePropertyDataRequest({
      ...query,
      asc: 0,
      startTime: start + 2,
      endTime: start,
    }),
  );
  const values = (data: typeof newest) =>
    data.body?.data?.list?.propertyInfo?.map((info) => [info.time, info.value]);
  assert.deepEqual(values(newest), [
    [String(start + 2), "52"],
    [String(start + 1), "51"],
  ]);
  assert.equal(newest.body?.data?.nextValid, true);
  assert.equal(newest.body?.data?.nextTime, start);
  const oldest = await client.queryDevicePropertyData(
    new iot.QueryDevicePropertyDataRequest({
      ...query,
      asc: 1,
      startTime: start + 1,
      endTime: start + 2,
    }),
  );
  assert.deepEqual(values(oldest), [
    [String(start + 1), "51"],
    [String(start + 2), "52"],
  ]);
  assert.equal(oldest.body?.data?.nextValid, false);
});

test("QueryDeviceEventData by identifier and by type", async () => {
  const time = Date.now();
  for (const [event, value] of [
    ["low_power_alarm", { power_level: 20 }],
    ["sos_alarm", {}],
  ] as const) {
    const seen = once(cloud.trace, "message");
    await device.publish(device.sys(`thing/event/${event}/post`), {
      id: "1",
      params: { value, time },
    });
    await seen;
  }
  const range = { productKey, deviceName, startTime: time, endTime: time, pageSize: 10, asc: 1 };
  const one = await client.queryDeviceEventData(
    new iot.QueryDeviceEventDataRequest({ ...range, identifier: "low_power_alarm" }),
  );
  assert.deepEqual(
    { ...one.body?.data?.list?.eventInfo?.[0] },
    {
      identifier: "low_power_alarm",
      name: "battery low",
      eventType: "alert",
      outputData: '{"power_level":20}',
      time: String(time),
    },
  );
  const alerts = await client.queryDeviceEventData(
    new iot.QueryDeviceEventDataRequest({ ...range, eventType: "alert" }),
  );
  assert.deepEqual(
    alerts.body?.data?.list?.eventInfo?.map(({ identifier }) => identifier),
    ["low_power_alarm", "sos_alarm"],
  );
  const errors = await client.queryDeviceEventData(
    new iot.QueryDeviceEventDataRequest({ ...range, eventType: "error" }),
  );
  assert.deepEqual(errors.body?.data?.list?.eventInfo, []);
});

test("modules and versions", async () => {
  const inform = `/ota/device/inform/${productKey}/${deviceName}`;
  for (const params of [{ version: "2.0.1" }, { version: "1.1.0", module: "app" }]) {
    const seen = once(cloud.trace, "message");
    await device.publish(inform, { id: "1", params });
    await seen;
  }
  const detail = await client.queryDeviceDetail(
    new iot.QueryDeviceDetailRequest({ productKey, deviceName }),
  );
  assert.equal(detail.body?.data?.firmwareVersion, "2.0.1");
  const modules = await client.listOTAModuleByProduct(
    new iot.ListOTAModuleByProductRequest({ productKey }),
  );
  assert.deepEqual(
    modules.body?.data?.map(({ moduleName }) => moduleName),
    ["default", "app"],
  );
  const versions = await client.listOTAModuleVersionsByDevice(
    new iot.ListOTAModuleVersionsByDeviceRequest({ productKey, deviceName }),
  );
  const infos = versions.body?.data?.simpleOTAModuleInfo ?? [];
  assert.deepEqual(
    infos.map(({ moduleName, moduleVersion }) => [moduleName, moduleVersion]),
    [
      ["app", "1.1.0"],
      ["default", "2.0.1"],
    ],
  );
});

test("DisableThing cuts the device and keeps it out, EnableThing lets it in", async () => {
  const away = await TestDevice.connect(cloud, { device: 1 });
  const offline = once(cloud.trace, "status");
  await client.disableThing(new iot.DisableThingRequest({ productKey, deviceName: "demo_0002" }));
  assert.equal((await offline)[0].reason, "disabled");
  await away.end();
  await assert.rejects(TestDevice.connect(cloud, { device: 1 }), { code: 5 });
  const status = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName: "demo_0002" }),
  );
  assert.equal(status.body?.data?.status, "DISABLE");
  await client.enableThing(new iot.EnableThingRequest({ productKey, deviceName: "demo_0002" }));
  await (await TestDevice.connect(cloud, { device: 1 })).end();
});
