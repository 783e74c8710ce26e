/**
 * The console's server: who may use it, what it says to a page, and what it never says.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { after, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { type Console, startConsole } from "../../host/console/index.ts";
import type { Secrets } from "../../host/console/protocol.ts";

const DEVICE = { productKey: "a1AliotDemo", deviceName: "demo_0001" };
const OWN = "/api/devices/a1AliotDemo/demo_0001";

let cloud: Cloud;
let site: Console;
before(async () => {
  cloud = await startCloud();
  site = await startConsole({ cloud });
});
after(async () => {
  await site.close();
  await cloud.close();
});

interface Answer {
  status: number | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = "",
): Promise<Answer> {
  const sent = request(site.url + path, { method, headers }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: text };
}

test("another name for the address is refused, as a rebound one would be", async () => {
  const { status, body } = await ask("GET", "/api/devices", { host: "evil.example" });
  assert.equal(status, 421);
  assert.match(body, /Open the console as 127\.0\.0\.1 or localhost/);
  const names = { "localhost:1234": 200, "127.0.0.1": 200, "127.0.0.1.evil.example": 421 };
  for (const [host, expected] of Object.entries(names)) {
    assert.equal((await ask("GET", "/api/devices", { host })).status, expected, host);
  }
});

test("another web site may open the page, and neither read nor change anything", async () => {
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  assert.equal((await ask("GET", "/", link)).status, 200);
  const fetched = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
  assert.equal((await ask("GET", "/api/live", fetched)).status, 403);
  const foreign = { origin: "http://evil.example", "x-console": "1" };
  assert.equal((await ask("POST", "/api/faults/network", foreign)).status, 403);
  const form = { "content-type": "text/plain" };
  const plain = await ask("POST", "/api/faults/network", form, '{"scope":"always"}');
  assert.equal(plain.status, 403);
  assert.equal(cloud.network.isCut, false);
  for (const { headers } of [plain, await ask("GET", "/api/devices", { origin: site.url })]) {
    assert.equal(headers["access-control-allow-origin"], undefined);
  }
});

test("the page may use its own server only", async () => {
  const { headers, body } = await ask("GET", "/devices/a/b");
  const policy = String(headers["content-security-policy"]);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|https?:/);
  assert.match(body, /<script type="module" src="\/app\.js">/);
  const script = await ask("GET", "/app.js");
  assert.equal(script.status, 200);
  assert.match(String(script.headers["content-type"]), /javascript/);
});

test("secrets are said on request, of the products that were named", async () => {
  const record = await cloud.registry.devices.get(DEVICE);
  assert.ok(record);
  for (const path of ["/api/devices", OWN, `${OWN}/messages`, "/api/updates"]) {
    const { body } = await ask("GET", path);
    assert.ok(!body.includes(record.deviceSecret), path);
  }
  const asked = { "x-console": "1" };
  assert.equal((await ask("POST", `${OWN}/secret`, asked)).status, 403);
  const open = await startConsole({ cloud, revealed: [DEVICE.productKey] });
  try {
    const answer = await fetch(`${open.url}${OWN}/secret`, { method: "POST", headers: asked });
    assert.equal(answer.headers.get("cache-control"), "no-store");
    const { deviceSecret } = (await answer.json()) as Secrets;
    assert.equal(deviceSecret, record.deviceSecret);
  } finally {
    await open.close();
  }
});

test("bad requests are answered with what was expected", async () => {
  const asked = { "x-console": "1" };
  const said = async (path: string, body: string) => {
    const { status, body: text } = await ask("POST", path, asked, body);
    return [status, JSON.parse(text).message];
  };
  assert.deepEqual(await said(`${OWN}/properties`, "nonsense"), [
    400,
    "the body has to be a JSON object",
  ]);
  assert.deepEqual(await said(`${OWN}/properties`, '{"items":{"energy":1}}'), [
    409,
    "energy is read-only",
  ]);
  assert.deepEqual(await said("/api/faults/gravity", "{}"), [
    400,
    'fault is "gravity", but has to be one of network, expired, corrupt, block',
  ]);
  assert.deepEqual(await said("/api/jobs", '{"devices":[]}'), [400, "no device is chosen"]);
  const [, missing] = await said("/api/devices/a1AliotDemo/nobody/secret", "");
  assert.match(missing, /nobody .* does not exist/);
  assert.equal((await ask("GET", "/api/nothing")).status, 404);
});

test("the network that is cut lets nobody in until it is restored", async () => {
  const asked = { "x-console": "1" };
  const cut = await ask("POST", "/api/faults/network", asked, '{"scope":"always"}');
  assert.deepEqual(JSON.parse(cut.body), { network: "always" });
  const { host, port } = cloud.endpoints.mqtt;
  const { connect } = await import("node:net");
  const socket = connect(port, host);
  socket.resume();
  await once(socket, "close");
  const restored = await ask("POST", "/api/faults/network", asked, "{}");
  assert.deepEqual(JSON.parse(restored.body), {});
  assert.equal(cloud.network.isCut, false);
});

test("many changes of a device are told together", async () => {
  const response = await fetch(`${site.url}/api/live?on=devices`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let told = "";
  const until = async (text: string) => {
    while (!told.includes(text)) {
      const { value, done } = await reader.read();
      assert.ok(!done, told);
      told += Buffer.from(value).toString("utf8");
    }
  };
  await until("event: faults");
  for (let i = 0; i < 1000; i++) {
    cloud.trace.emit("status", { at: Date.now(), device: DEVICE, online: i % 2 === 0 });
  }
  await until("event: devices");
  await until("\n\n");
  await reader.cancel();
  const rows = told.split("event: devices").slice(1);
  assert.equal(rows.length, 1);
  assert.match(rows[0] as string, /"deviceName":"demo_0001"/);
});
