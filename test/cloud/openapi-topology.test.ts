/**
 * The OpenAPI's actions on gateways and sub-devices, driven by the official client.
 * @module
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import type { Cloud } from "../../host/cloud/index.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";
import { bringOnline, GATEWAY, NODE, signed, startGatewayCloud, sub } from "./gateway-setup.ts";

let cloud: Cloud;
let gateway: TestDevice;
let client: iot.default;
let own: { gwProductKey: string; gwDeviceName: string };

before(async () => {
  cloud = await startGatewayCloud();
  client = officialClient(cloud);
  gateway = await TestDevice.connect(cloud, { extension: "_ss=1" });
  own = { gwProductKey: gateway.productKey, gwDeviceName: gateway.deviceName };
});
after(async () => {
  await gateway.end();
  await cloud.close();
});

function itemOf(name: string, secret?: string): iot.BatchAddThingTopoRequestTopoAddItem {
  const { clientId, timestamp, sign, signMethod } = signed(
    cloud,
    name,
    secret === undefined ? {} : { secret },
  ) as Record<string, string>;
  const rest = { clientId, timestamp, sign, signMethod };
  return new iot.BatchAddThingTopoRequestTopoAddItem({ ...sub(name), ...rest });
}

async function topology(): Promise<string[]> {
  const request = new iot.GetThingTopoRequest({ ...gateway.id, pageNo: 1, pageSize: 10 });
  const { body } = await client.getThingTopo(request);
  assert.equal(body?.success, true);
  return body?.data?.list?.deviceInfo?.map(({ deviceName }) => deviceName ?? "") ?? [];
}

test("NotifyAddThingTopo asks the gateway, which answers", async () => {
  const iotId = (await cloud.registry.devices.get(sub("sensor_0002")))?.iotId;
  const deviceListStr = JSON.stringify([sub("sensor_0001"), { IotId: iotId }]);
  const asked = await client.notifyAddThingTopo(
    new iot.NotifyAddThingTopoRequest({ ...own, deviceListStr }),
  );
  const request = await gateway.next();
  assert.equal(request.topic, gateway.sys("thing/topo/add/notify"));
  assert.equal(request.json.id, asked.body?.data?.messageId);
  assert.deepEqual(request.json.params, [sub("sensor_0001"), sub("sensor_0002")]);
  await gateway.publish(`${request.topic}_reply`, { id: request.json.id, code: 200, data: {} });

  const bad = await client.notifyAddThingTopo(
    new iot.NotifyAddThingTopoRequest({ ...own, deviceListStr: "[]" }),
  );
  assert.equal(bad.body?.code, "iot.common.InvalidFormattedParameter");
  const noGateway = { gwProductKey: NODE, gwDeviceName: "sensor_0001", deviceListStr };
  const refused = await client.notifyAddThingTopo(new iot.NotifyAddThingTopoRequest(noGateway));
  assert.match(refused.body?.errorMessage ?? "", /sensor_0001 is no gateway/);
});

test("BatchAddThingTopo, GetThingTopo and GetGatewayBySubDevice", async () => {
  const add = (...items: iot.BatchAddThingTopoRequestTopoAddItem[]) =>
    client.batchAddThingTopo(new iot.BatchAddThingTopoRequest({ ...own, topoAddItem: items }));
  const refused = await add(itemOf("sensor_0001"), itemOf("sensor_0002", "wrong"));
  assert.match(refused.body?.errorMessage ?? "", /^401 /);
  assert.deepEqual(await topology(), []);
  assert.equal((await add(itemOf("sensor_0001"), itemOf("sensor_0002"))).body?.success, true);
  const change = await gateway.next();
  assert.equal(change.topic, gateway.sys("thing/topo/change"));
  const subList = [sub("sensor_0001"), sub("sensor_0002")];
  assert.deepEqual(change.json.params, { status: 0, subList });
  assert.deepEqual(await topology(), ["sensor_0001", "sensor_0002"]);

  const query = new iot.GetGatewayBySubDeviceRequest(sub("sensor_0001"));
  const { data } = (await client.getGatewayBySubDevice(query)).body ?? {};
  const seen = [data?.productKey, data?.deviceName, data?.status, data?.nodeType];
  assert.deepEqual(seen, [GATEWAY, gateway.deviceName, "ONLINE", "1"]);
  const none = new iot.GetGatewayBySubDeviceRequest(sub("sensor_0003"));
  assert.equal((await client.getGatewayBySubDevice(none)).body?.success, false);
});

test("a sub-device's state is its own; RemoveThingTopo ends it", async () => {
  assert.equal((await bringOnline(cloud, gateway, "sensor_0001")).json.code, 200);
  const state = async () => {
    const request = new iot.GetDeviceStatusRequest(sub("sensor_0001"));
    return (await client.getDeviceStatus(request)).body?.data?.status;
  };
  assert.equal(await state(), "ONLINE");
  const removed = await client.removeThingTopo(new iot.RemoveThingTopoRequest(sub("sensor_0001")));
  assert.equal(removed.body?.data, true);
  assert.equal((await gateway.next()).json.code, 6401);
  assert.deepEqual((await gateway.next()).json.params, {
    status: 1,
    subList: [sub("sensor_0001")],
  });
  assert.equal(await state(), "OFFLINE");
  await client.removeThingTopo(new iot.RemoveThingTopoRequest(gateway.id));
  assert.deepEqual(await topology(), []);
});
