/**
 * Log-on: sign methods, CONNACK codes, securemode, keepalive, and the kick of the older connection.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { connect } from "mqtt";
import { generate } from "mqtt-packet";
import { checkLogOn } from "../../host/cloud/auth/log-on.ts";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import type { TraceStatus } from "../../host/cloud/trace.ts";
import { connectOptions, type DeviceOptions, TestDevice } from "./device.ts";

let cloud: Cloud;
before(async () => {
  cloud = await startCloud();
});
after(() => cloud.close());

/** The CONNACK code of a log-on; 0 when it is accepted. */
async function connack(options: DeviceOptions = {}, on = cloud): Promise<number> {
  try {
    const device = await TestDevice.connect(on, options);
    await device.end();
    return 0;
  } catch (error) {
    const { code } = error as { code?: number };
    if (code === undefined) throw error;
    return code;
  }
}

for (const method of ["md5", "sha1", "sha256"] as const) {
  test(`hmac${method} is accepted on TCP and on TLS`, async () => {
    assert.equal(await connack({ method }), 0);
    assert.equal(await connack({ method, tls: true }), 0);
  });
}

test("published credentials log on as they are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloud-"));
  const file = join(folder, "products.json");
  const products = [
    ["a1U4pQzrgim", "test1", "fc73ae4f1f2fb21073f1eee685cf4435"],
    ["a13FN5TplKq", "mqtt_basic_demo", "jA0K15GobTDa5wgOtJPzdtcZPc4X7NYQ"],
  ].map(([productKey, deviceName, deviceSecret]) => ({
    productKey,
    tsl: {},
    devices: [{ deviceName, deviceSecret }],
  }));
  await writeFile(file, JSON.stringify({ products }));
  const other = await startCloud({ products: file });
  try {
    const first = {
      clientId: "11111|securemode=3,timestamp=2524608000000,signmethod=hmacsha1|",
      username: "test1&a1U4pQzrgim",
      password: "88794a49fc0663f9eb3eb3c97194d2f76d10329b",
    };
    const second = {
      clientId:
        "a13FN5TplKq.mqtt_basic_demo|timestamp=2524608000000,_ss=1,securemode=3,signmethod=hmacsha256,ext=3|",
      username: "mqtt_basic_demo&a13FN5TplKq",
      password: "4780A5F17990D8DC4CCAD392683ED80160C4C2A1FFA649425CD0E2666A8593EB",
    };
    assert.equal(await connack({ mqtt: first }, other), 0);
    assert.equal(await connack({ mqtt: second }, other), 0);
    const changed = {
      ...first,
      clientId: first.clientId.replace("2524608000000", "2524608000001"),
    };
    assert.equal(await connack({ mqtt: changed }, other), 5, "the time stamp is signed");
  } finally {
    await other.close();
    await rm(folder, { recursive: true });
  }
});

test("hmacmd5 is assumed when no method is named", async () => {
  const { clientId = "", ...rest } = connectOptions(cloud, { method: "md5" });
  const without = clientId.replace(",signmethod=hmacmd5", "");
  assert.notEqual(without, clientId);
  assert.equal(await connack({ mqtt: { ...rest, clientId: without } }), 0);
});

for (const [what, change] of [
  ["has no extension", (id: string) => id.split("|")[0] as string],
  ["does not end with a bar", (id: string) => id.slice(0, -1)],
  ["has no securemode", (id: string) => id.replace("securemode=3,", "")],
  ["has the securemode of TLS", (id: string) => id.replace("securemode=3", "securemode=2")],
  ["has an unknown signmethod", (id: string) => id.replace("hmacsha256", "hmacsha512")],
  ["has an empty name", (id: string) => id.slice(id.indexOf("|"))],
  ["has a name of 65 characters", (id: string) => "x".repeat(65) + id.slice(id.indexOf("|"))],
  ["has an extension without a value", (id: string) => id.replace("securemode=3", "securemode")],
] as const) {
  test(`code 2: the client id ${what}`, async () => {
    const { clientId = "" } = connectOptions(cloud);
    assert.equal(await connack({ mqtt: { clientId: change(clientId) } }), 2);
  });
}

test("code 2: securemode 3 on TLS", async () => {
  const { clientId = "" } = connectOptions(cloud);
  assert.equal(await connack({ tls: true, mqtt: { clientId } }), 2);
});

for (const [what, mqtt] of [
  ["the user name has no product", { username: "demo_0001" }],
  ["the user name has three parts", { username: "demo_0001&a1AliotDemo&x" }],
  ["the user name has characters that names don't", { username: "demo 0001&a1AliotDemo" }],
  ["the password is empty", { password: "" }],
  ["the password is not hexadecimal", { password: "secret!" }],
] as const) {
  test(`code 4: ${what}`, async () => {
    assert.equal(await connack({ mqtt }), 4);
  });
}

for (const [what, mqtt] of [
  ["the signature is wrong", { password: "00".repeat(32) }],
  ["the device is unknown", { username: "nobody_0001&a1AliotDemo" }],
  ["the product is unknown", { username: "demo_0001&a1Unknown" }],
] as const) {
  test(`code 5: ${what}`, async () => {
    const refusal = once(cloud.trace, "refusal");
    assert.equal(await connack({ mqtt }), 5);
    const [{ code, reason }] = await refusal;
    assert.equal(code, 5);
    assert.match(reason, /signature|exist/);
  });
}

test("keepalive below 30 s is refused", async () => {
  assert.equal(await connack({ mqtt: { keepalive: 29 } }), 2);
  assert.equal(await connack({ mqtt: { keepalive: 0 } }), 2);
  assert.equal(await connack({ mqtt: { keepalive: 30 } }), 0);
});

test("keepalive above 1200 s is treated as 1200 s", async () => {
  const { clientId = "", username, password } = connectOptions(cloud);
  const deviceSecret = cloud.products[0]?.devices[0]?.deviceSecret as string;
  const request = { clientId, username, password: String(password), tls: false };
  const lookUp = async () => ({ deviceSecret, disabled: false });
  const long = await checkLogOn({ ...request, keepalive: 65_535 }, lookUp);
  assert.equal(long.code === 0 && long.keepalive, 1200);
  const usual = await checkLogOn({ ...request, keepalive: 1199 }, lookUp);
  assert.equal(usual.code === 0 && usual.keepalive, 1199);
});

test("a silent device is cut after 1.5 times the keepalive", async () => {
  const impatient = await startCloud({ limits: { keepaliveMin: 1 } });
  try {
    const { port } = impatient.endpoints.mqtt;
    const { clientId = "", username = "", password } = connectOptions(impatient);
    const socket = connectSocket(port, "127.0.0.1");
    const statuses: TraceStatus[] = [];
    impatient.trace.on("status", (status) => statuses.push(status));
    socket.write(
      generate({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clean: true,
        clientId,
        username,
        password: Buffer.from(String(password)),
        keepalive: 1,
      }),
    );
    const closed = once(socket, "close");
    const [bytes] = await once(socket, "data");
    assert.deepEqual([...(bytes as Buffer)], [0x20, 2, 0, 0]);
    await closed;
    assert.deepEqual(
      statuses.map(({ online, reason }) => [online, reason]),
      [
        [true, undefined],
        [false, "keepalive timeout"],
      ],
    );
  } finally {
    await impatient.close();
  }
});

test("MQTT 5 is refused with code 1", async () => {
  const { port } = cloud.endpoints.mqtt;
  const { clientId = "", username = "", password } = connectOptions(cloud);
  const socket = connectSocket(port, "127.0.0.1");
  const packet = { cmd: "connect", protocolId: "MQTT", protocolVersion: 5, clean: true } as const;
  const fields = { clientId, username, password: Buffer.from(String(password)), keepalive: 60 };
  socket.write(generate({ ...packet, ...fields }, { protocolVersion: 5 }));
  const [bytes] = (await once(socket, "data")) as [Buffer];
  assert.equal(bytes[0], 0x20);
  assert.equal(bytes[3], 1);
  socket.destroy();
});

test("a second log-on of the same device cuts the first", async () => {
  const statuses: TraceStatus[] = [];
  const note = (status: TraceStatus) => statuses.push(status);
  cloud.trace.on("status", note);
  const first = await TestDevice.connect(cloud);
  const closed = new Promise<void>((resolve) => first.client.once("close", resolve));
  const { clientId = "" } = connectOptions(cloud);
  // Another client id, method and transport: the device is what counts.
  const second = await TestDevice.connect(cloud, { tls: true, method: "sha1" });
  await closed;
  assert.notEqual(clientId, connectOptions(cloud, { tls: true, method: "sha1" }).clientId);
  assert.equal(await cloud.device(second.productKey, second.deviceName).status(), "ONLINE");
  assert.deepEqual(
    statuses.map(({ online, reason }) => [online, reason]),
    [
      [true, undefined],
      [false, "logged on again elsewhere"],
      [true, undefined],
    ],
  );
  cloud.trace.off("status", note);
  await second.end();
});

test("an attempt with a wrong signature does not cut the device", async () => {
  const device = await TestDevice.connect(cloud);
  assert.equal(await connack({ mqtt: { password: "ab" } }), 5);
  await device.publish(device.sys("thing/event/property/post"), { id: "1", params: {} });
  assert.ok(device.client.connected);
  await device.end();
});

test("a will is not kept", async () => {
  const topic = "/a1AliotDemo/demo_0001/user/update";
  const seen: string[] = [];
  const note = (message: { topic: string }) => seen.push(message.topic);
  cloud.trace.on("message", note);
  const will = { topic, payload: Buffer.from("x"), qos: 0 as const };
  const device = await TestDevice.connect(cloud, { mqtt: { will } });
  await device.cut(cloud);
  // What comes later from the same device is handled later.
  const again = await TestDevice.connect(cloud, { extension: "_ss=1" });
  await again.request(again.sys("thing/event/property/post"), {});
  assert.ok(seen.length > 0);
  assert.ok(!seen.includes(topic));
  cloud.trace.off("message", note);
  await again.end();
});

for (const cipher of ["AES128-GCM-SHA256", "AES128-SHA256"]) {
  test(`TLS 1.2 with static RSA works: ${cipher}`, async () => {
    const { host, port } = cloud.endpoints.mqtts;
    const socket = connectTls({
      host,
      port,
      ca: cloud.ca,
      ciphers: cipher,
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
    });
    await once(socket, "secureConnect");
    assert.ok(socket.authorized);
    assert.equal(socket.getCipher().name, cipher);
    socket.destroy();
  });
}

test("TLS is refused by a client that does not know the authority", async () => {
  const client = connect(connectOptions(cloud, { tls: true, mqtt: { ca: [] } }));
  const error = await new Promise<Error & { code?: string }>((resolve) => {
    client.once("error", (reason) => resolve(reason as Error & { code?: string }));
  });
  assert.match(error.code ?? "", /UNABLE_TO_VERIFY|SELF_SIGNED/);
  await client.endAsync();
});
