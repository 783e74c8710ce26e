import assert from "node:assert/strict";
import test from "node:test";
import type { AliConfig } from "../../src/ali/config.ts";
import { type Entrance, wayOf, ways } from "../../src/ali/entrance.ts";

const config: AliConfig = {
  productKey: "a1B2c3D4e5F",
  productSecret: "ProdSecret123456",
  deviceName: "tracker_0001",
  server: "iot-as-mqtt.cn-shanghai.aliyuncs.com",
};

test("a way in that is asked for and not imported is named", () => {
  assert.throws(
    () => wayOf(config),
    /"deviceSecret" is empty: import .*services\/registration\.ts/,
  );
  const x509 = { ...config, x509: true, tls: true };
  assert.throws(() => wayOf(x509), /"x509" is set: import .*services\/certificate\.ts/);
  assert.equal(wayOf({ ...config, deviceSecret: "secret" }), undefined);
});

test("what is imported and not asked for is not used", () => {
  const registration: Entrance = { credentials: () => undefined };
  const certificate: Entrance = { credentials: () => undefined };
  Object.assign(ways, { registration, certificate });
  assert.equal(wayOf(config), registration);
  assert.equal(wayOf({ ...config, x509: true }), certificate);
  assert.equal(wayOf({ ...config, deviceSecret: "secret" }), undefined);
});
