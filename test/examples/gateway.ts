/**
 * A gateway with two sensors: topology, log-on, reports, property set, service, event, and an update
 * that a sensor is told of.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Cloud } from "../../host/cloud/index.ts";
import { testExample } from "./run.ts";

const PRODUCT = "a1AliotNode";
const NAMES = ["sensor_0001", "sensor_0002"];
const products = join(import.meta.dirname, "../../examples/products/gateway.json");

/** The sensors with their secrets, for the settings. */
async function settings(cloud: Cloud): Promise<Record<string, unknown>> {
  const sensors = NAMES.map((deviceName) => {
    const product = cloud.products.find(({ productKey }) => productKey === PRODUCT);
    const device = product?.devices.find((each) => each.deviceName === deviceName);
    return { productKey: PRODUCT, deviceName, deviceSecret: device?.deviceSecret };
  });
  return { app: { sensors } };
}

testExample(
  "gateway",
  async ({ watch, cloud, device }) => {
    const sensor = { productKey: PRODUCT, deviceName: NAMES[0] as string };
    const own = `/sys/${PRODUCT}/${sensor.deviceName}`;
    await watch.message("down", "/combine/batch_login_reply");
    for (const name of NAMES) {
      await watch.message("down", `/sys/${PRODUCT}/${name}/thing/event/property/post_reply`);
      assert.equal(await cloud.device(PRODUCT, name).status(), "ONLINE");
    }
    assert.deepEqual(
      cloud.gateways.topology.subDevices(device).map(({ deviceName }) => deviceName),
      NAMES,
    );
    const view = cloud.device(PRODUCT, sensor.deviceName);
    assert.equal((await view.properties()).temperature?.value, 20);

    const from = watch.now;
    assert.equal((await cloud.setProperty(sensor, { interval: 10 })).code, 200);
    const measured = await cloud.invokeService(sensor, "measure");
    assert.deepEqual([measured.code, measured.data], [200, { temperature: 91 }]);
    await watch.message("down", `${own}/thing/event/too_hot/post_reply`, from);
    assert.deepEqual((await view.events()).at(-1)?.value, { temperature: 91 });

    const files = [{ name: "sensor.bin", bytes: Buffer.from("new software") }];
    const firmwareId = await cloud.ota.addFirmware({
      productKey: PRODUCT,
      version: "1.1.0",
      files,
    });
    const jobId = await cloud.ota.createJob({ firmwareId, devices: [sensor.deviceName] });
    assert.equal((await cloud.ota.finished(jobId, sensor.deviceName)).status, "SUCCEEDED");

    // A lost connection takes the sensors with it, and brings them back.
    const later = watch.now;
    await cloud.disconnect(device);
    await watch.message("down", "/combine/batch_login_reply", later);
    assert.equal(await view.status(), "ONLINE");
  },
  { products, settings },
);
