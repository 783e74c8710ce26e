/**
 * The devices as the console lists them: sub-devices with their gateway, and a state of their own.
 * @module
 */
import assert from "node:assert/strict";
import test from "node:test";
import { Directory } from "../../host/console/directory.ts";
import { TestDevice } from "../cloud/device.ts";
import { bringOnline, NODE, startGatewayCloud, sub } from "../cloud/gateway-setup.ts";

test("sub-devices show their gateway, and whether they are online themselves", async (context) => {
  const cloud = await startGatewayCloud();
  context.after(() => cloud.close());
  const directory = new Directory(cloud);
  context.after(() => directory.close());
  const gateway = await TestDevice.connect(cloud, { extension: "_ss=1" });
  await bringOnline(cloud, gateway, "sensor_0001");
  const { devices } = await directory.overview();
  const shown = devices
    .filter(({ productKey }) => productKey === NODE)
    .map((row) => [row.deviceName, row.status, row.gateway?.deviceName]);
  assert.deepEqual(shown, [
    ["sensor_0001", "ONLINE", gateway.deviceName],
    ["sensor_0002", "UNACTIVE", undefined],
    ["sensor_0003", "UNACTIVE", undefined],
  ]);
  await gateway.end();
  const row = await directory.row(sub("sensor_0001"));
  assert.deepEqual([row?.status, row?.gateway], ["OFFLINE", gateway.id]);
});
