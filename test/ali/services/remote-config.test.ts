/**
 * The device's side of remote configuration: offers that can't be taken.
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setLogLevel } from "../../../src/debug/log.ts";
import { FakeServer, settled } from "./fake-server.ts";

const { RemoteConfig } = await import("../../../src/ali/services/remote-config.ts");

const PUSH = "/sys/a1B2c3D4e5F/tracker_0001/thing/config/push";
const offer = {
  configId: "c1",
  configSize: 12,
  sign: "00",
  signMethod: "Sha256",
  url: "http://127.0.0.1:1/c1",
  getType: "file",
};
setLogLevel("off");

test("what is not as documented is refused, and so is what is too large", async () => {
  const server = new FakeServer();
  const remote = new RemoteConfig(server.aliIot, () => assert.fail("nothing has come"), 100);
  assert.equal(remote.kept(), undefined);
  const wrong = [
    {},
    { ...offer, configId: 1 },
    { ...offer, configSize: "many" },
    { ...offer, url: undefined },
    { ...offer, signMethod: "Crc" },
    { ...offer, sign: null },
  ];
  for (const params of wrong) {
    assert.equal(remote.accept(PUSH, JSON.stringify({ id: "7", params })), true);
    assert.deepEqual(server.answers.pop(), { topic: `${PUSH}_reply`, id: "7", code: 460 });
    server.reply = { code: 200, message: "success", data: params };
    assert.equal((await remote.get()).code, 45);
  }
  remote.accept(PUSH, "\xff");
  assert.equal(server.answers.pop()?.code, 460);
  server.reply = { code: 200, message: "success", data: { ...offer, configSize: 101 } };
  const [first, second] = [remote.get(), remote.get()];
  assert.equal(first, second, "a second question joins the first");
  assert.deepEqual(await first, { code: 46, message: "101 bytes, at most 100 are taken" });
  server.reply = { code: 6710, message: "none", data: {} };
  assert.deepEqual(await remote.get(), { code: 6710, message: "none" });
  assert.equal(remote.accept("/sys/other", ""), false);
  await settled();
  for (const limit of [0, 65537, Number.NaN]) {
    assert.throws(() => new RemoteConfig(server.aliIot, () => true, limit), /1 to 65536/);
  }
});
