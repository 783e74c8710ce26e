import assert from "node:assert/strict";
import * as iot from "@alicloud/iot20180120";
import { officialClient } from "../cloud/api-clients.ts";
import { testExample } from "./run.ts";

testExample("desired", async ({ watch, cloud, device, board }, printed) => {
  const client = officialClient(cloud);
  const wish = (items: object) =>
    client.setDeviceDesiredProperty(
      new iot.SetDeviceDesiredPropertyRequest({ ...device, items: JSON.stringify(items) }),
    );
  const wishes = async () => {
    const { body } = await client.queryDeviceDesiredProperty(
      new iot.QueryDeviceDesiredPropertyRequest(device),
    );
    const infos = body?.data?.list?.desiredPropertyInfo ?? [];
    return Object.fromEntries(infos.map(({ identifier, value }) => [identifier, value]));
  };
  // Nothing is wished at the first log-on.
  await watch.message("down", "/thing/property/desired/get_reply");
  await board.powerOff();
  await watch.wait("the loss", 0, (seen) => seen.kind === "status" && !seen.online);
  const phone_num = "1".repeat(12);
  assert.equal((await wish({ power_switch: 1, phone_num })).body?.success, true);

  const from = watch.now;
  await board.powerOn();
  const deleted = await watch.message("down", "/thing/property/desired/delete_reply", from);
  assert.equal(deleted.code, 200);
  assert.match(printed(), /power on/);
  const values = await cloud.device(device.productKey, device.deviceName).properties();
  assert.equal(values.power_switch?.value, 1);
  // What the handler refused is still wished.
  assert.equal(values.phone_num, undefined);
  assert.deepEqual(await wishes(), { phone_num });
  assert.match(printed(), /desired value not taken: phone_num: 11 digits at most/);
});
