import assert from "node:assert/strict";
import test from "node:test";
import { authAddress } from "../../src/ali/form.ts";

test("where to ask: TLS, unless the scheme says otherwise", () => {
  const host = "iot-auth.cn-shanghai.aliyuncs.com";
  assert.deepEqual(authAddress(host), { host, port: 443, tls: true });
  assert.deepEqual(authAddress(`https://${host}:8444`), { host, port: 8444, tls: true });
  assert.deepEqual(authAddress("http://10.0.0.2"), { host: "10.0.0.2", port: 80, tls: false });
  assert.deepEqual(authAddress("10.0.0.2:8082"), { host: "10.0.0.2", port: 8082, tls: true });
});

for (const server of ["", "ftp://a", "a:b", "http://", "a/b", "a b", "a:0"]) {
  test(`refused: "${server}"`, () => {
    assert.throws(() => authAddress(server), /"authServer" must be a host/);
  });
}
