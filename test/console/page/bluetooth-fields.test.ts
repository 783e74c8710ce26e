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
  networksIn,
  type SettingsDraft,
  swapped,
  withNetwork,
} from "../../../host/console/page/bluetooth/draft.ts";
import { FIELD_NAMES, type Shown, schemaOf } from "../../../host/console/page/bluetooth/fields.ts";
import { schema } from "../../../host/provision/index.ts";

const SHOWN: Shown = {
  productKey: "a1AliotDemo",
  productSecret: null,
  deviceName: "demo_0001",
  deviceSecret: null,
  server: "192.168.1.20:1883",
  qos: 0,
  wifi: [{ ssid: "home", password: null }, { ssid: "work" }],
};

type Typed = Partial<SettingsDraft["texts"]>;

function drafted(shown: Shown | undefined, typed: Typed, more: Partial<SettingsDraft> = {}) {
  const draft = draftOf(schema, shown);
  return changesOf(schema, shown, { ...draft, texts: { ...draft.texts, ...typed }, ...more });
}

const networks = (shown: Shown | undefined) => draftOf(schema, shown).networks;

test("the schema has all fields that are asked for", () => {
  for (const name of FIELD_NAMES) assert.ok(schemaOf(schema, name).type, name);
});

test("a draft that nobody touched changes nothing, whatever is secret", () => {
  assert.deepEqual(drafted(SHOWN, {}), []);
  assert.deepEqual(drafted(undefined, {}), []);
});

test("only what was typed is changed, each as its type", () => {
  const changes = drafted(SHOWN, { deviceSecret: "new", server: "host:1", qos: "0" });
  assert.deepEqual(changes, [
    { path: ["server"], value: "host:1" },
    { path: ["deviceSecret"], value: "new" },
  ]);
  const result = { ...SHOWN, deviceSecret: "new", server: "host:1" };
  assert.deepEqual(applied(SHOWN, changes), result);
  const more = { qos: "1", tls: "true", keepalive: " 90 ", replyTimeout: "soon" } as const;
  assert.deepEqual(drafted(SHOWN, { ...more, "cellular.roaming": "false" }), [
    { path: ["cellular", "roaming"], value: false },
    { path: ["qos"], value: 1 },
    { path: ["tls"], value: true },
    { path: ["keepalive"], value: 90 },
    { path: ["replyTimeout"], value: "soon" },
  ]);
});

test("an emptied field is taken away, and a secret when that is asked for", () => {
  const changes = drafted(SHOWN, { server: "", qos: "" }, { removed: ["productSecret"] });
  assert.deepEqual(changes, [{ path: ["server"] }, { path: ["productSecret"] }, { path: ["qos"] }]);
  const { server: _, qos: _qos, productSecret: _secret, ...rest } = SHOWN;
  assert.deepEqual(applied(SHOWN, changes), rest);
  assert.deepEqual(drafted(SHOWN, {}, { removed: ["cellular.pin"] }), []);
});

test("an open network loses its password, whatever was typed; other networks stay", () => {
  const [home, work] = networks(SHOWN);
  assert.ok(home && work);
  const open = { ...home, password: "typed before", isOpen: true };
  const changes = drafted(SHOWN, {}, { networks: [open, work] });
  assert.deepEqual(changes, [{ path: ["wifi", 0, "password"] }]);
  assert.deepEqual(applied(SHOWN, changes).wifi, [{ ssid: "home" }, { ssid: "work" }]);
  assert.deepEqual(SHOWN.wifi, [{ ssid: "home", password: null }, { ssid: "work" }]);
});

test("the first settings of a board make its list of networks", () => {
  const [blank] = networks(undefined);
  assert.ok(blank);
  assert.deepEqual(networksIn({ networks: [blank] }), []);
  const changes = drafted(undefined, {}, { networks: [{ ...blank, ssid: "home" }] });
  assert.deepEqual(changes, [{ path: ["wifi", 0, "ssid"], value: "home" }]);
  assert.deepEqual(applied(undefined, changes), { wifi: [{ ssid: "home" }] });
});

test("a network more is added, and nothing else told", () => {
  const more = withNetwork(networks(SHOWN));
  assert.deepEqual(drafted(SHOWN, {}, { networks: more }), []);
  const filled = [...more.slice(0, 2), { ssid: "new", password: "12345678", isOpen: false }];
  assert.deepEqual(drafted(SHOWN, {}, { networks: filled }), [
    { path: ["wifi", 2, "ssid"], value: "new" },
    { path: ["wifi", 2, "password"], value: "12345678" },
  ]);
});

test("networks that move or go take with them what the page does not know", () => {
  const [home, work] = networks(SHOWN);
  assert.ok(home && work);
  const turned = drafted(SHOWN, {}, { networks: swapped([home, work], 0) });
  assert.deepEqual(turned, [{ path: ["wifi"], order: [1, 0] }]);
  const wifi = [{ ssid: "work" }, { ssid: "home", password: null }];
  assert.deepEqual(applied(SHOWN, turned).wifi, wifi);
  const added = { ssid: "new", password: "", isOpen: true };
  const changes = drafted(SHOWN, {}, { networks: [added, { ...work, ssid: "office" }] });
  assert.deepEqual(changes, [
    { path: ["wifi"], order: [-1, 1] },
    { path: ["wifi", 0, "ssid"], value: "new" },
    { path: ["wifi", 1, "ssid"], value: "office" },
  ]);
  assert.deepEqual(applied(SHOWN, changes).wifi, [{ ssid: "new" }, { ssid: "office" }]);
  assert.deepEqual(drafted(SHOWN, {}, { networks: [] }), [{ path: ["wifi"] }]);
});
