/**
 * Both forms of API requests, and what is said about faulty ones.
 * @module
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import type PopCore from "@alicloud/pop-core";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { answerEverything, officialClient, popCoreClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

let cloud: Cloud;
let device: TestDevice;
let client: iot.default;
let rpc: PopCore;
const productKey = "a1AliotDemo";
const deviceName = "demo_0001";

before(async () => {
  cloud = await startCloud();
  client = officialClient(cloud);
  rpc = popCoreClient(cloud);
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  answerEverything(device);
});
after(async () => {
  await device.end();
  await cloud.close();
});

test("the RPC form with HMAC-SHA1, by GET and by POST", async () => {
  for (const method of ["GET", "POST"]) {
    const status = await rpc.request<Record<string, unknown>>(
      "GetDeviceStatus",
      { ProductKey: productKey, DeviceName: deviceName, Odd: "a b*c~d/é中'(!)" },
      { method },
    );
    assert.equal(status.Success, true);
    assert.equal((status.Data as { Status: string }).Status, "ONLINE");
  }
  const set = await rpc.request<{ Success: boolean }>("SetDevicesProperty", {
    ProductKey: productKey,
    DeviceName: [deviceName],
    Items: '{"power_switch":0}',
  });
  assert.equal(set.Success, true);
  const answer = await rpc.request<{ MessageId: object }>("RRpc", {
    ProductKey: productKey,
    DeviceName: deviceName,
    RequestBase64Byte: "AA==",
    Timeout: 2000,
  });
  // This client reads 19 digits without loss.
  assert.match(String(answer.MessageId), /^\d{19}$/);
});

test("wrong signatures and keys are refused with HTTP 4xx", async () => {
  const request = new iot.GetDeviceStatusRequest({ productKey, deviceName });
  await assert.rejects(officialClient(cloud, { secret: "wrong" }).getDeviceStatus(request), {
    code: "SignatureDoesNotMatch",
  });
  await assert.rejects(officialClient(cloud, { id: "LTAInobody" }).getDeviceStatus(request), {
    code: "InvalidAccessKeyId.NotFound",
  });
  await assert.rejects(
    popCoreClient(cloud, "wrong").request("GetDeviceStatus", {
      ProductKey: productKey,
      DeviceName: deviceName,
    }),
    { code: "SignatureDoesNotMatch" },
  );
});

test("what is wrong with a request is named", async () => {
  const product = await client.queryDevice(new iot.QueryDeviceRequest({ productKey: "a1None" }));
  assert.equal(product.body?.code, "iot.prod.NotExistedProduct");
  const unknown = await client.getDeviceStatus(
    new iot.GetDeviceStatusRequest({ productKey, deviceName: "nobody" }),
  );
  assert.equal(unknown.body?.code, "iot.device.NotExistedDevice");
  const nameless = await client.getDeviceStatus(new iot.GetDeviceStatusRequest({ productKey }));
  assert.equal(nameless.body?.code, "iot.device.NullDeviceName");
  await assert.rejects(
    client.invokeThingService(new iot.InvokeThingServiceRequest({ productKey, deviceName })),
    { code: "MissingIdentifier" },
  );
  await assert.rejects(rpc.request("NoSuchAction", {}), { code: "InvalidAction.NotFound" });
});
