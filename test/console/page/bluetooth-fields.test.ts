/**
 * What a draft of a board's settings changes.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applied,
  changesOf,
  draftOf,
  type FieldName,
  type Shown,
} from "../../../host/console/page/bluetooth/fields.ts";

const SHOWN: Shown = {
  productKey: "a1AliotDemo",
  deviceName: "demo_0001",
  deviceSecret: null,
  server: "192.168.1.20:1883",
  qos: 0,
  wifi: [{ ssid: "home", password: null }, { ssid: "work" }],
};

function drafted(shown: Shown | undefined, typed: Partial<Record<FieldName, string>>) {
  const draft = draftOf(shown);
  return { ...draft, texts: { ...draft.texts, ...typed } };
}

test("a draft that nobody touched changes nothing, whatever is secret", () => {
  assert.deepEqual(changesOf(SHOWN, draftOf(SHOWN)), []);
  assert.deepEqual(changesOf(undefined, draftOf(undefined)), []);
});

test("only what was typed is changed", () => {
  const changes = changesOf(SHOWN, drafted(SHOWN, { deviceSecret: "new", server: "host:1" }));
  assert.deepEqual(changes, [
    { path: ["server"], value: "host:1" },
    { path: ["deviceSecret"], value: "new" },
  ]);
  const result = { ...SHOWN, deviceSecret: "new", server: "host:1" };
  assert.deepEqual(applied(SHOWN, changes), result);
});

test("an open network loses its password, whatever was typed; other networks stay", () => {
  const draft = { ...drafted(SHOWN, { "wifi[0].password": "typed before" }), isOpenNetwork: true };
  const changes = changesOf(SHOWN, draft);
  assert.deepEqual(changes, [{ path: ["wifi", 0, "password"] }]);
  assert.deepEqual(applied(SHOWN, changes).wifi, [{ ssid: "home" }, { ssid: "work" }]);
  assert.deepEqual(SHOWN.wifi, [{ ssid: "home", password: null }, { ssid: "work" }]);
});

test("the first settings of a board make its list of networks", () => {
  const changes = changesOf(undefined, drafted(undefined, { "wifi[0].ssid": "home" }));
  assert.deepEqual(applied(undefined, changes), { wifi: [{ ssid: "home" }] });
});

test("an emptied field is taken away", () => {
  const changes = changesOf(SHOWN, drafted(SHOWN, { server: "" }));
  assert.deepEqual(changes, [{ path: ["server"] }]);
  assert.ok(!("server" in applied(SHOWN, changes)));
});
