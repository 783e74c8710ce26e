import assert from "node:assert/strict";
import test from "node:test";
import { type AliConfig, checkConfig, endpoint } from "../../src/ali/config.ts";

const good: AliConfig = {
  productKey: "a1B2c3D4e5F",
  productSecret: "ProdSecret123456",
  deviceName: "tracker_0001",
  deviceSecret: "0123456789abcdef0123456789abcdef",
  server: "iot-as-mqtt.cn-shanghai.aliyuncs.com",
  qos: 1,
};

test("the secret may be missing where the device registers or has a certificate", () => {
  checkConfig({ ...good, deviceSecret: "" });
  const { deviceSecret: _, productSecret: __, ...rest } = good;
  checkConfig({ ...rest, x509: true, tls: true });
});

test("the manual's configuration is accepted", () => {
  checkConfig(good);
  checkConfig({ ...good, keepalive: 300, tls: true, signMethod: "hmacsha1", cleanSession: true });
});

const bad: [string, Record<string, unknown>, RegExp][] = [
  ["missing key", { productKey: undefined }, /"productKey" is missing/],
  ["no secret", { deviceSecret: undefined, productSecret: undefined }, /"deviceSecret" is missing/],
  ["empty secret", { deviceSecret: "", productSecret: undefined }, /"deviceSecret" is empty/],
  ["pre-shared key", { tls: "psk" }, /"tls" can't be psk.*: use true/],
  ["empty product secret", { productSecret: "" }, /"productSecret" is empty/],
  ["no text", { deviceName: 5 }, /"deviceName" must be a text/],
  ["name with a blank", { deviceName: "a b" }, /"deviceName" may hold letters, digits/],
  ["name with a slash", { deviceName: "a/b" }, /"deviceName" may hold/],
  ["name with a plus", { deviceName: "a+b" }, /"deviceName" may hold/],
  ["name too long", { deviceName: "n".repeat(33) }, /"deviceName" is longer than 32/],
  ["key with a sign", { productKey: "a1&b" }, /"productKey" may hold letters and digits/],
  ["no server", { server: "" }, /"server" is empty/],
  ["server with a scheme", { server: "mqtt://a" }, /"server" must be a host or host:port/],
  ["port 0", { server: "a:0" }, /"server" has a bad port "0"/],
  ["port too big", { server: "a:65536" }, /"server" has a bad port "65536"/],
  ["port with letters", { server: "a:18x3" }, /"server" has a bad port "18x3"/],
  ["empty port", { server: "a:" }, /"server" has a bad port ""/],
  ["qos 2", { qos: 2 }, /"qos" must be one of 0, 1/],
  ["sign method", { signMethod: "md5" }, /"signMethod" must be one of hmacsha256, hmacsha1/],
  ["tls", { tls: 1 }, /"tls" must be one of false, true/],
  ["keepalive", { keepalive: 29 }, /"keepalive" must be a whole number from 30 to 1200/],
  ["reply timeout", { replyTimeout: 1.5 }, /"replyTimeout" must be a whole number/],
];
for (const [name, change, message] of bad) {
  test(`refused: ${name}`, () => {
    assert.throws(() => checkConfig({ ...good, ...change } as AliConfig), message);
  });
}

test("no message quotes a secret", () => {
  const secret = `s3cret ${"x".repeat(80)}`;
  assert.throws(
    () => checkConfig({ ...good, deviceSecret: secret }),
    (error: Error) => !error.message.includes("s3cret"),
  );
});

test("a missing configuration is refused", () => {
  assert.throws(() => checkConfig(undefined as unknown as AliConfig), /configuration is missing/);
});

const servers: [string, boolean, string, number][] = [
  [
    "iot-as-mqtt.cn-shanghai.aliyuncs.com",
    false,
    "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com",
    1883,
  ],
  [
    "iot-as-mqtt.cn-shanghai.aliyuncs.com",
    true,
    "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com",
    443,
  ],
  [
    "iot-as-mqtt.us-west-1.aliyuncs.com:8883",
    true,
    "a1B2c3D4e5F.iot-as-mqtt.us-west-1.aliyuncs.com",
    8883,
  ],
  [
    "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com",
    true,
    "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com",
    443,
  ],
  ["iot-060a0000.mqtt.iothub.aliyuncs.com", false, "iot-060a0000.mqtt.iothub.aliyuncs.com", 1883],
  ["iot-060a0000.mqtt.iothub.aliyuncs.com", true, "iot-060a0000.mqtt.iothub.aliyuncs.com", 8883],
  ["127.0.0.1:40123", false, "127.0.0.1", 40123],
];
for (const [server, tls, host, port] of servers) {
  test(`server ${server}${tls ? " with TLS" : ""}`, () => {
    assert.deepEqual(endpoint({ ...good, server, tls }), { host, port });
  });
}
