/**
 * Settings before they go to a board: what is wrong with them, in words; that the firmware's own
 * checks agree; what is shown of them.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { inProject } from "../../host/build/project.ts";
import {
  deviceFileText,
  findFaults,
  hasSecret,
  maskSecrets,
  parseAssignment,
  parseRemoval,
  parseSettings,
  readSettingsFile,
  SettingsError,
} from "../../host/provision/index.ts";
import { openNames, SCHEMA_FILE, schema } from "../../host/provision/schema.ts";
import { type AliConfig, checkConfig } from "../../src/ali/config.ts";
import { checkSettings } from "../../src/link/cellular/options.ts";
import type { CellularSettings, WifiNetwork } from "../../src/link/link.ts";
import type { Settings } from "../../src/store/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "settings-"));
after(() => rmSync(folder, { recursive: true }));

const GOOD = {
  $schema: "./host/provision/device.schema.json",
  productKey: "a1B2c3D4e5F",
  deviceName: "tracker_0001",
  deviceSecret: "c0ffee-secret",
  server: "iot-as-mqtt.cn-shanghai.aliyuncs.com",
  qos: 1,
  wifi: [{ ssid: "home", password: "open sesame" }],
  cellular: { apn: "cmnet", user: "me", password: "sesame", pin: "1234", roaming: false },
  log: "info",
};

/** Faults as they are told. */
function told(settings: unknown, link?: "wifi"): string[] {
  return findFaults(settings, link).map(({ field, text }) => `${field}: ${text}`);
}

describe("settings", () => {
  test("that a device can work with have no faults", () => {
    assert.deepEqual(told(GOOD, "wifi"), []);
    const { productKey, deviceName, deviceSecret, server } = GOOD;
    assert.deepEqual(told({ productKey, deviceName, deviceSecret, server }), []);
    assert.deepEqual(told({ ...GOOD, wifi: [{ ssid: "café", password: "" }, { ssid: "x" }] }), []);
    assert.deepEqual(told({ ...GOOD, app: { anything: [1, { goes: "here" }] } }), []);
  });

  for (const [what, settings, expected] of [
    [
      "a field is missing",
      { ...GOOD, deviceSecret: undefined },
      [/^deviceSecret: is missing: without it/],
    ],
    [
      "several are wrong",
      { ...GOOD, qos: 2, tls: "yes", keepalive: 5 },
      [
        "qos: has to be one of 0, 1",
        "tls: has to be true or false",
        "keepalive: has to be from 30 to 1200",
      ],
    ],
    [
      "a field has another name",
      { ...GOOD, devicename: "x", cellular: { appn: "x" }, colour: 1 },
      [
        "devicename: is not known: is deviceName meant?",
        "colour: is not known",
        "cellular.appn: is not known: is cellular.apn meant?",
      ],
    ],
    ["a number is a text", { ...GOOD, keepalive: "60" }, ["keepalive: has to be a whole number"]],
    [
      "a key has a dash",
      { ...GOOD, productKey: "a-1" },
      [/^productKey: has to be 1 to 20 letters/],
    ],
    [
      "a host has a scheme",
      { ...GOOD, server: "tcp://h" },
      ["server: has to be a host or host:port"],
    ],
    ["a port is none", { ...GOOD, server: "h:99999" }, [/^server: has a bad port/]],
    [
      "a network has no name",
      { ...GOOD, wifi: [{ ssid: "a" }, { password: "12345678" }] },
      ["wifi[1].ssid: is missing"],
    ],
    [
      "a password is short",
      { ...GOOD, wifi: [{ ssid: "a", password: "s3cret" }] },
      [/^wifi\[0\]\.password: has to be 8 to 64/],
    ],
    ["there is no network", { ...GOOD, wifi: [] }, [/^wifi: has to .*not .*fewer than 1 items/]],
    [
      "a network's name is long in UTF-8",
      { ...GOOD, wifi: [{ ssid: "家".repeat(11) }] },
      ["wifi[0].ssid: is longer than 32 bytes in UTF-8"],
    ],
    [
      "a PIN has letters",
      { ...GOOD, cellular: { pin: "12x4" } },
      ["cellular.pin: has to be 4 to 8 digits"],
    ],
    [
      "a user has no access point",
      { ...GOOD, cellular: { user: "me" } },
      ["cellular.apn: is missing: user and password are its own"],
    ],
    [
      "it is too long",
      { ...GOOD, app: { text: "x".repeat(3500) } },
      [/^: takes 3\d\d\d bytes: the board keeps 3584/],
    ],
    ["it is a list", [GOOD], [": has to be an object"]],
  ] as [string, unknown, (string | RegExp)[]][]) {
    test(`are told what is wrong where ${what}`, () => {
      const faults = told(JSON.parse(JSON.stringify(settings)));
      assert.equal(faults.length, expected.length, faults.join("\n"));
      for (const [index, text] of expected.entries()) {
        if (typeof text === "string") assert.equal(faults[index], text);
        else assert.match(faults[index] as string, text);
      }
      assert.doesNotMatch(faults.join("\n"), /s3cret|c0ffee|sesame/);
    });
  }

  test("of a board with Wi-Fi need a network", () => {
    const { wifi: _, ...others } = GOOD;
    assert.deepEqual(told(others), []);
    assert.match(told(others, "wifi")[0] ?? "", /^wifi: is missing/);
  });

  test("are read from a file, whose text is not quoted", () => {
    const file = join(folder, "device.json");
    writeFileSync(file, `\uFEFF${JSON.stringify(GOOD, null, 2)}\n`);
    assert.deepEqual(readSettingsFile(file, "wifi"), GOOD);
    assert.equal(deviceFileText(GOOD), JSON.stringify({ ...GOOD, $schema: undefined }));
    for (const [text, expected] of [
      ['{\n"deviceSecret": "s3cret"\n"server": 1}', /device\.json: is not valid JSON/],
      ['"s3cret"', /device\.json: has to hold a JSON object/],
      ['{"deviceSecret":"s3cret "}', /device\.json: deviceSecret has to be up to 64 ASCII/],
    ] as const) {
      writeFileSync(file, text);
      assert.throws(
        () => readSettingsFile(file),
        (error: Error) => {
          assert.ok(error instanceof SettingsError);
          assert.match(error.message, expected);
          assert.doesNotMatch(error.message, /s3cret/);
          return true;
        },
      );
    }
    assert.throws(() => parseSettings("[]", "x"), /x: has to hold a JSON object/);
  });
});

describe("the schema", () => {
  test("is one", () => {
    const ajv = new Ajv();
    assert.ok(ajv.validateSchema(JSON.parse(readFileSync(SCHEMA_FILE, "utf8"))));
  });

  test("is named by the example as from the project's folder, where it is copied to, and fits it", () => {
    const { $schema } = readSettingsFile(inProject("examples/device.json"), "wifi");
    const named = new URL(String($schema), pathToFileURL(inProject("device.json")));
    assert.equal(named.href, SCHEMA_FILE.href);
  });

  test("has the firmware's fields", () => {
    // The compiler sees that none is missing here, or too many.
    const settings: Record<keyof Settings, true> = {
      productKey: true,
      productSecret: true,
      deviceName: true,
      deviceSecret: true,
      server: true,
      qos: true,
      tls: true,
      registration: true,
      authServer: true,
      x509: true,
      signMethod: true,
      keepalive: true,
      cleanSession: true,
      replyTimeout: true,
      wifi: true,
      cellular: true,
      log: true,
      telnet: true,
      app: true,
    };
    const wifi: Record<keyof WifiNetwork, true> = { ssid: true, password: true };
    const cellular: Record<keyof CellularSettings, true> = {
      apn: true,
      user: true,
      password: true,
      pin: true,
      port: true,
      roaming: true,
      tls: true,
    };
    const names = (of: object | undefined) => Object.keys(of ?? {}).sort();
    const { $schema: _, ...properties } = schema.properties ?? {};
    assert.deepEqual(names(properties), names(settings));
    assert.deepEqual(names(properties.wifi?.items?.properties), names(wifi));
    assert.deepEqual(names(properties.cellular?.properties), names(cellular));
  });

  /** Values about the bounds of any field. */
  const values = [
    ...[undefined, null, "", " ", "a", "A1", "a b", "a-b", "a_b.c:d@e", "é", "x".repeat(20)],
    ...["x".repeat(21), "x".repeat(32), "x".repeat(33), "x".repeat(64), "x".repeat(65), '"'],
    ...[
      "x".repeat(100),
      "x".repeat(101),
      "x".repeat(128),
      "x".repeat(129),
      "h:0",
      "h:1",
      "h:65535",
    ],
    ...["h:65536", "h:x", ":1", "h:", "::1", "hmacsha1", "hmacmd5", "sha1", "info", "unverified"],
    ...["123", "1234", "12345678", "123456789", "12a4", true, false, [], {}, 0, 1, 2, -1, 0.5],
    ...[29, 30, 1200, 1201, 99, 100, 3600000, 3600001, 2 ** 32 + 30],
  ];

  test("lets nothing pass that the firmware refuses", () => {
    let refused = 0;
    let passed = 0;
    const fields = Object.keys(schema.properties ?? {}).filter((name) => name !== "wifi");
    for (const field of fields) {
      for (const value of values) {
        const settings = { ...GOOD, [field]: value };
        if (findFaults(settings).length > 0) {
          refused++;
          continue;
        }
        passed++;
        checkConfig(settings as unknown as AliConfig);
      }
    }
    const inCellular = Object.keys(schema.properties?.cellular?.properties ?? {});
    for (const field of inCellular) {
      for (const value of values) {
        const cellular = { apn: "cmnet", [field]: value };
        if (findFaults({ ...GOOD, cellular }).length > 0) refused++;
        else if (value !== undefined) checkSettings(cellular as CellularSettings);
      }
    }
    assert.ok(refused > 300 && passed > 60, `${refused} refused, ${passed} passed`);
  });

  test("refuses nothing that people use", () => {
    for (const server of [
      "iot-as-mqtt.cn-shanghai.aliyuncs.com",
      "iot-060a02m5.mqtt.iothub.aliyuncs.com",
      "a1B2.iot-as-mqtt.cn-shanghai.aliyuncs.com:443",
      "192.168.1.20:1883",
      "localhost",
    ]) {
      assert.deepEqual(told({ ...GOOD, server }), [], server);
    }
  });

  test("knows which names may be shown", () => {
    const open = openNames();
    for (const secret of ["password", "pin", "deviceSecret", "productSecret", "app"]) {
      assert.ok(!open.includes(secret), secret);
    }
    for (const name of ["server", "ssid", "apn", "qos"]) assert.ok(open.includes(name), name);
  });
});

test("what is shown of settings has no secret, known or not", () => {
  const settings = { ...GOOD, productSecret: "s3cret", old: "s3cret", app: { key: ["s3cret", 7] } };
  const shown = JSON.stringify(maskSecrets(settings));
  assert.doesNotMatch(shown, /s3cret|c0ffee|sesame|1234|7/);
  assert.match(shown, /"deviceSecret":"\(hidden\)"/);
  assert.match(shown, /"server":"iot-as-mqtt/);
  assert.match(shown, /"wifi":\[\{"ssid":"home","password":"\(hidden\)"\}\]/);
});

describe("--set and --unset", () => {
  for (const [text, path, value] of [
    ["qos=0", ["qos"], 0],
    ["tls=true", ["tls"], true],
    ["deviceSecret=a=b=", ["deviceSecret"], "a=b="],
    ["wifi[1].password=", ["wifi", 1, "password"], ""],
    ["wifi.0.ssid=12", ["wifi", 0, "ssid"], "12"],
    ['cellular={"apn":"x"}', ["cellular"], { apn: "x" }],
    ['wifi[0]={"ssid":"x"}', ["wifi", 0], { ssid: "x" }],
  ] as [string, (string | number)[], unknown][]) {
    test(text, () => assert.deepEqual(parseAssignment(text), { path, value }));
  }

  test("know secrets", () => {
    assert.ok(hasSecret(parseAssignment("wifi[3].password=x")));
    assert.ok(!hasSecret(parseAssignment("wifi[3].ssid=x")));
    assert.deepEqual(parseRemoval("cellular.pin"), { path: ["cellular", "pin"] });
  });

  for (const [text, expected] of [
    ["qos", /qos has to be FIELD=VALUE/],
    ["qos=x", /qos has to be a whole number/],
    ["telnet=1", /telnet has to be true or false/],
    ["wifi=home", /wifi has to be JSON/],
    ["devicename=x", /devicename is not a field: expected one of productKey, /],
    ["wifi[x].ssid=a", /wifi\[x\]\.ssid is not a field/],
    ["wifi.ssid=a", /wifi\.ssid is not a field/],
    ["=a", /is not a field/],
    ["$schema=a", /is not a field/],
  ] as [string, RegExp][]) {
    test(`${text} is refused`, () => assert.throws(() => parseAssignment(text), expected));
  }
});
