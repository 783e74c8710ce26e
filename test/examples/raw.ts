import assert from "node:assert/strict";
import { join } from "node:path";
import * as iot from "@alicloud/iot20180120";
import { officialClient } from "../cloud/api-clients.ts";
import { testExample } from "./run.ts";

const products = join(import.meta.dirname, "../../examples/products/raw.json");

testExample(
  "raw",
  async ({ watch, cloud, device }, printed) => {
    const reply = await watch.message("down", "/thing/model/up_raw_reply");
    assert.deepEqual([...reply.payload], [2, 0, 0, 0, 1, 0, 200]);
    const view = cloud.device(device.productKey, device.deviceName);
    const values = async () => {
      const { energy, power_switch } = await view.properties();
      return [energy?.value, power_switch?.value];
    };
    assert.deepEqual(await values(), [87, 1]);
    const from = watch.now;
    const set = await cloud.setProperty(device, { power_switch: 0 });
    assert.equal(set.code, 200);
    await watch.message("down", "/thing/model/up_raw_reply", from);
    assert.deepEqual(await values(), [87, 0]);
    const { body } = await officialClient(cloud).invokeThingService(
      new iot.InvokeThingServiceRequest({ ...device, identifier: "query_power_level", args: "{}" }),
    );
    assert.deepEqual(JSON.parse(body?.data?.result ?? ""), { power_level: 87 });
    const raw = await view.rawData();
    assert.equal(raw.length, 2);
    assert.match(printed(), /reply 200/);
  },
  { products },
);
