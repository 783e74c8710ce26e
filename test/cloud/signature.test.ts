/**
 * Published and computed signature vectors.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sameSignature, sign, signContent } from "../../host/cloud/auth/signature.ts";

const LOG_ON = {
  clientId: "a1B2c3D4e5F.tracker_0001",
  deviceName: "tracker_0001",
  productKey: "a1B2c3D4e5F",
};
const SECRET = "0123456789abcdef0123456789abcdef";
const REGISTRATION = {
  deviceName: "tracker_0001",
  productKey: "a1B2c3D4e5F",
  random: "8Ygb7ULYh53B6OA",
};

const VECTORS: {
  name: string;
  secret: string;
  content: Record<string, string> | string;
  md5?: string;
  sha1?: string;
  sha256?: string;
}[] = [
  {
    name: "example of page 73742",
    secret: "secret",
    content: { clientId: "12345", deviceName: "device", productKey: "pk", timestamp: "789" },
    sha1: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
  },
  {
    name: "emqx-plugin-aliyun-iot-auth",
    secret: "fc73ae4f1f2fb21073f1eee685cf4435",
    content: {
      productKey: "a1U4pQzrgim",
      timestamp: "2524608000000",
      deviceName: "test1",
      clientId: "11111",
    },
    sha1: "88794a49fc0663f9eb3eb3c97194d2f76d10329b",
  },
  {
    name: "aiot-rust",
    secret: "jA0K15GobTDa5wgOtJPzdtcZPc4X7NYQ",
    content: {
      clientId: "a13FN5TplKq.mqtt_basic_demo",
      deviceName: "mqtt_basic_demo",
      productKey: "a13FN5TplKq",
      timestamp: "2524608000000",
    },
    sha256: "4780A5F17990D8DC4CCAD392683ED80160C4C2A1FFA649425CD0E2666A8593EB",
  },
  {
    name: "raw text (things-go)",
    secret: "thinkgos",
    content: "thinkgos",
    md5: "ed9dc7baf84a9740a3ceb6f1f26bfb4f",
    sha1: "f9cebe2044ea375cff1a46f4dc05eb15ff9870ee",
    sha256: "e9403e3a615fad72d1dd1fe90c225cbec4ba81a03e5474d91a72844d2218954f",
  },
  {
    name: "log-on with time stamp",
    secret: SECRET,
    content: { ...LOG_ON, timestamp: "2524608000000" },
    md5: "7726128c63904809e10e90f58c33defb",
    sha1: "d3aa5e47aa35b6f11f25195c492baeec693b3504",
    sha256: "4d6d2e25e36f9347f72f5c3199b11c1405b28f6f687ab0cc5e28f02b1cf6c458",
  },
  {
    name: "log-on without time stamp",
    secret: SECRET,
    content: LOG_ON,
    md5: "d3728fa2ea750e74fe39557c3dec188a",
    sha1: "dfdb7aaaa3eeea474d4c66ff5e1ddb7dabb956ce",
    sha256: "1c993598b823aaad0bc31a8bf891cd656997a4e5b5a472081590d8bcc2b49882",
  },
  {
    name: "dynamic registration",
    secret: "ProdSecret123456",
    content: REGISTRATION,
    md5: "3aa8011093b4eeb66528f56bf8a3a860",
    sha1: "3668f550ed65bd008027c36bd1ab38f363c094b6",
    sha256: "108ed7214007ed85a95128840ef7a60d9abe9950726f636414cea12abe1fc68d",
  },
  {
    name: "TLS-PSK",
    secret: SECRET,
    content: { id: "a1B2c3D4e5F&tracker_0001", timestamp: "2524608000000" },
    sha256: "be73ecc8f82f555abf02fa711b441543c1ea1a575b38b3f3b45778b5c1044237",
  },
  {
    name: "sub-device",
    secret: "fedcba9876543210fedcba9876543210",
    content: {
      clientId: "a1B2c3D4e5F.sub01",
      deviceName: "sub01",
      productKey: "a1B2c3D4e5F",
      timestamp: "2524608000000",
    },
    sha1: "1bc4160ad5d63e981614c91db650fbf0c1b252d9",
  },
];

for (const { name, secret, content, ...digests } of VECTORS) {
  for (const [digest, expected] of Object.entries(digests)) {
    test(`${name}: ${digest}`, () => {
      const text = typeof content === "string" ? content : signContent(content);
      const signature = sign(`hmac${digest}`, secret, text);
      assert.equal(signature, expected.toLowerCase());
      assert.ok(sameSignature(signature, expected), "case of the digits does not count");
      const other = signature.startsWith("0") ? "1" : "0";
      assert.ok(!sameSignature(signature, other + expected.slice(1)));
    });
  }
}

test("an unknown method is named", () => {
  assert.throws(
    () => sign("sha512", "key", "text"),
    /"sha512" is unknown; expected one of hmacmd5/,
  );
});
