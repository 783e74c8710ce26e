/**
 * Log-on by X.509 certificate: who it is, what is refused, and how a certificate is had.
 * @module
 */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import type { IClientOptions } from "mqtt";
import { makeCertificates } from "../../host/cloud/certificate/authority.ts";
import type { DeviceCertificate } from "../../host/cloud/certificate/devices.ts";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { CERTIFIED, connack, greeted, hmac, productFile, REGISTERING } from "./access-setup.ts";
import { officialClient } from "./api-clients.ts";

let cloud: Cloud;
let products: Awaited<ReturnType<typeof productFile>>;
let mine: DeviceCertificate;
const id = { productKey: CERTIFIED, deviceName: "cert_0001" };
before(async () => {
  products = await productFile();
  cloud = await startCloud({ products: products.file });
  // Making a key takes its time, which the client would not wait.
  await cloud.certificate(id);
  const client = officialClient(cloud);
  const query = new iot.QueryDeviceCertRequest(id);
  const { body } = await client.queryDeviceCert(query);
  const { certSN = "", certificate = "", privateKey = "" } = body?.deviceCertInfo ?? {};
  mine = { serialNumber: certSN, certificate, privateKey };
});
after(async () => {
  await cloud.close();
  await products.remove();
});

/** CONNECT with a certificate, or with none. */
function certified(
  certificate: DeviceCertificate | undefined,
  more: IClientOptions = {},
): IClientOptions {
  return {
    ...cloud.endpoints.x509,
    protocol: "mqtts",
    ca: [cloud.ca],
    ...(certificate ? { cert: certificate.certificate, key: certificate.privateKey } : {}),
    clientId: ".|securemode=2|",
    keepalive: 60,
    ...more,
  };
}

test("the API gives a certificate of the platform's authority, and always the same", async () => {
  assert.match(mine.privateKey, /BEGIN RSA PRIVATE KEY/);
  const parsed = new X509Certificate(mine.certificate);
  assert.ok(parsed.checkIssued(new X509Certificate(cloud.ca)));
  assert.equal(parsed.serialNumber.toLowerCase(), mine.serialNumber.toLowerCase());
  assert.equal((await cloud.certificate(id)).certificate, mine.certificate);
  const other = new iot.QueryDeviceCertRequest({ ...id, productKey: REGISTERING });
  const { body } = await officialClient(cloud).queryDeviceCert(other);
  assert.equal(body?.success, false);
});

test("a device that names nobody is told who it is", async () => {
  for (const username of [undefined, "", "&"]) {
    const login = username === undefined ? {} : { username, password: "" };
    const { client, topic, json } = await greeted(certified(mine, login));
    assert.equal(topic, "/ext/auth/identity/response");
    assert.deepEqual(json, id);
    assert.equal(await cloud.device(CERTIFIED, "cert_0001").status(), "ONLINE");
    await client.endAsync();
  }
});

test("it may say who it is, but not that it is another", async () => {
  const as = (name: string) => ({ username: `${name}&${CERTIFIED}`, password: "" });
  assert.equal(await connack(certified(mine, as("cert_0001"))), 0);
  assert.equal(await connack(certified(mine, as("cert_0002"))), 5);
  assert.equal(await connack(certified(mine, { username: "nobody" })), 4);
});

test("without a certificate, or with that of another authority, nobody gets in", async () => {
  assert.equal(await connack(certified(undefined)), 5);
  const { issue } = await makeCertificates(["localhost"]);
  const stranger = await issue("cert_0001");
  const unknown = { ...stranger, privateKey: stranger.key };
  assert.equal(await connack(certified(unknown)), 5, "issued, but to no device");
});

test("the secret of a device with a certificate is of no use", async () => {
  const { deviceSecret } = await cloud.device(CERTIFIED, "cert_0001").record();
  const content = `clientIdxdeviceNamecert_0001productKey${CERTIFIED}`;
  const bySecret: IClientOptions = {
    ...cloud.endpoints.mqtt,
    clientId: "x|securemode=3,signmethod=hmacsha1|",
    username: `cert_0001&${CERTIFIED}`,
    password: hmac("sha1", deviceSecret, content),
  };
  assert.equal(await connack(bySecret), 5);
});

test("a disabled device is refused with its certificate, too", async () => {
  const client = officialClient(cloud);
  await client.disableThing(new iot.DisableThingRequest(id));
  assert.equal(await connack(certified(mine)), 5);
  await client.enableThing(new iot.EnableThingRequest(id));
  assert.equal(await connack(certified(mine)), 0);
});

test("a deleted device's certificate is void, also when there is one of the name again", async () => {
  const client = officialClient(cloud);
  const other = { productKey: CERTIFIED, deviceName: "cert_0002" };
  const old = await cloud.certificate(other);
  assert.equal(await connack(certified(old)), 0);
  await client.deleteDevice(new iot.DeleteDeviceRequest(other));
  await client.registerDevice(new iot.RegisterDeviceRequest(other));
  assert.equal(await connack(certified(old)), 5);
  assert.equal(await connack(certified(await cloud.certificate(other))), 0);
});
