import "../device-globals.ts";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { credentials } from "../../src/ali/sign.ts";
import { hmac } from "../../src/digest/hmac.ts";
import { toHex } from "../../src/text/hex.ts";
import { vectors } from "./vectors.ts";

for (const [index, vector] of vectors.entries()) {
  test(`sign vector ${index + 1}: ${vector.method} of ${vector.content.slice(0, 24)}…`, () => {
    assert.equal(toHex(hmac(vector.method, vector.key, vector.content)), vector.password);
  });
}

test("a key longer than a block is hashed first", () => {
  const key = "k".repeat(100);
  for (const method of ["hmacsha256", "hmacsha1", "hmacmd5"] as const) {
    const expected = createHmac(method.slice(4), key).update("text").digest("hex");
    assert.equal(toHex(hmac(method, key, "text")), expected);
  }
});

const device = {
  productKey: "a1B2c3D4e5F",
  deviceName: "tracker_0001",
  deviceSecret: "0123456789abcdef0123456789abcdef",
  server: "iot-as-mqtt.cn-shanghai.aliyuncs.com",
};

test("the log-on carries the sign method and the transport", () => {
  assert.deepEqual(credentials(device, device.deviceSecret), {
    clientId: "a1B2c3D4e5F.tracker_0001|securemode=3,signmethod=hmacsha256|",
    username: "tracker_0001&a1B2c3D4e5F",
    password: "1c993598b823aaad0bc31a8bf891cd656997a4e5b5a472081590d8bcc2b49882",
  });
  const tls = credentials({ ...device, tls: true, signMethod: "hmacmd5" }, device.deviceSecret);
  assert.equal(tls.clientId, "a1B2c3D4e5F.tracker_0001|securemode=2,signmethod=hmacmd5|");
  assert.equal(tls.password, "d3728fa2ea750e74fe39557c3dec188a");
});
