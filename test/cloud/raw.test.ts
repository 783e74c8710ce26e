/**
 * Products whose devices send raw data: through the parse script and back, without one, and with
 * scripts that fail; driven by the official API client.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as iot from "@alicloud/iot20180120";
import { type Cloud, ConfigurationError, startCloud } from "../../host/cloud/index.ts";
import { ParseScript, ScriptError } from "../../host/cloud/raw/script.ts";
import type { TraceMessage } from "../../host/cloud/trace.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

const products = join(import.meta.dirname, "../../examples/products/raw.json");
const id = { productKey: "a1RawMeter1", deviceName: "meter_0001" };
let cloud: Cloud;
let client: iot.default;
let device: TestDevice;
let data: string;
before(async () => {
  data = await mkdtemp(join(tmpdir(), "raw-"));
  await start();
});
after(async () => {
  await device.end();
  await cloud.close();
  await rm(data, { recursive: true });
});

async function start(): Promise<void> {
  cloud = await startCloud({ products, data });
  client = officialClient(cloud);
  device = await TestDevice.connect(cloud, { extension: "_ss=1" });
}

/** The platform's verdict on raw data. */
async function up(bytes: number[]): Promise<TraceMessage> {
  const traced = once(cloud.trace, "message");
  await device.publish(device.sys("thing/model/up_raw"), Buffer.from(bytes));
  return (await traced)[0] as TraceMessage;
}

/** Answers the next command with this code, 2 bytes, and what follows it. */
async function answerNext(topic: (of: string) => string, answer: number[]): Promise<Buffer> {
  const { topic: asked, payload } = await device.next();
  const [, a = 0, b = 0, c = 0, d = 0] = payload;
  await device.publish(topic(asked), Buffer.from([3, a, b, c, d, ...answer]));
  return payload;
}

const view = () => cloud.device(id.productKey, id.deviceName);
const setScript = (scriptContent: string, scriptType = "JavaScript") =>
  client.updateThingScript(
    new iot.UpdateThingScriptRequest({ productKey: id.productKey, scriptContent, scriptType }),
  );

test("a report goes through the parse script, and so does its reply", async () => {
  const { code, note } = await up([0, 0xff, 0xee, 0xdd, 0xcc, 64, 1]);
  assert.equal(code, 200);
  assert.match(note ?? "", /thing\.event\.property\.post/);
  const { topic, payload } = await device.next();
  assert.equal(topic, device.sys("thing/model/up_raw_reply"));
  assert.deepEqual([...payload], [2, 0xff, 0xee, 0xdd, 0xcc, 0, 200]);
  const { energy, power_switch } = await view().properties();
  assert.deepEqual([energy?.value, power_switch?.value], [64, 1]);
  const [entry] = await view().rawData();
  assert.equal(entry?.value, Buffer.from([0, 0xff, 0xee, 0xdd, 0xcc, 64, 1]).toString("base64"));
});

test("a property set goes down as raw data, and its answer comes as such", async () => {
  const set = cloud.setProperty(id, { power_switch: 1 });
  const frame = await answerNext((topic) => `${topic}_reply`, [0, 200]);
  assert.equal(frame[0], 1);
  assert.equal(frame[5], 1);
  assert.equal((await set).code, 200);
  const failing = cloud.setProperty(id, { power_switch: 0 });
  await answerNext((topic) => `${topic}_reply`, [0x01, 0x90]);
  assert.equal((await failing).code, 400);
});

test("the API's synchronous service comes as an RRPC, on either topic", async () => {
  const call = new iot.InvokeThingServiceRequest({
    ...id,
    identifier: "query_power_level",
    args: "{}",
  });
  const asked = client.invokeThingService(call);
  const frame = await answerNext((topic) => topic.replace("request", "response"), [0, 200, 41]);
  assert.equal(frame[0], 4);
  const { body } = await asked;
  assert.deepEqual(JSON.parse(body?.data?.result ?? ""), { power_level: 41 });
  await device.end();
  device = await TestDevice.connect(cloud, { extension: "_ss=1,ext=1" });
  const again = client.invokeThingService(call);
  const topics: string[] = [];
  await answerNext(
    (topic) => {
      topics.push(topic);
      return `${topic}_reply`;
    },
    [0, 200, 42],
  );
  assert.match(topics[0] ?? "", /^\/ext\/rrpc\/\d+\/sys\/.*\/thing\/model\/down_raw$/);
  assert.deepEqual(JSON.parse((await again).body?.data?.result ?? ""), { power_level: 42 });
});

test("data that the script refuses are kept, traced with the code, and not answered", async () => {
  const { code, note } = await up([9, 0, 0, 0, 1]);
  assert.equal(code, 26002);
  assert.match(note ?? "", /unknown kind 9/);
  assert.equal((await view().rawData()).length, 2);
  const method = 'function rawDataToProtocol() { return { id: "1", method: "METHOD" }; }';
  for (const wrong of ["thing.model.up_raw", "thing.service.property.set", "../x", ""]) {
    await setScript(method.replace("METHOD", wrong));
    const traced = await up([1]);
    assert.equal(traced.code, 460);
    assert.match(traced.note ?? "", /no device may send/);
  }
});

test("scripts that fail keep commands from being sent and say why", async () => {
  for (const [script, code] of [
    ["function rawDataToProtocol() {}", 26006],
    ["function protocolToRawData() { return [256]; }", 26007],
    ["function protocolToRawData() { return []; }", 26007],
    ["function protocolToRawData() { throw new Error('no'); }", 26002],
    ["function protocolToRawData() { for (;;); }", 26002],
    ["function protocolToRawData() { return process.pid; }", 26002],
  ] as const) {
    assert.equal((await setScript(script)).body?.success, true);
    const { body } = await client.setDeviceProperty(
      new iot.SetDevicePropertyRequest({ ...id, items: '{"power_switch":1}' }),
    );
    assert.equal(body?.code, "iot.device.SetDevicePropertyFailed");
    assert.match(body?.errorMessage ?? "", new RegExp(String(code)), script);
  }
  for (const [script, type] of [
    ["function (", "JavaScript"],
    ["def raw_data_to_protocol(bytes): pass", "Python_27"],
    [" ", "JavaScript"],
  ] as const) {
    assert.equal((await setScript(script, type)).body?.success, false);
  }
});

test("a script that came through the API survives a restart", async () => {
  const script = "function protocolToRawData() { return new Uint8Array([7, 250]); } // 中";
  await setScript(script);
  await device.end();
  await cloud.close();
  await start();
  const { body } = await client.getThingScript(
    new iot.GetThingScriptRequest({ productKey: id.productKey }),
  );
  assert.equal(body?.data?.scriptType, "JavaScript");
  const response = await fetch(body?.data?.scriptUrl ?? "");
  assert.equal(await response.text(), script);
  cloud.setProperty(id, { power_switch: 1 }).catch(() => {});
  assert.deepEqual([...(await device.next()).payload], [7, 250]);
});

test("a run leaves nothing behind for the next", () => {
  const source =
    "var seen; function rawDataToProtocol(bytes) { seen = (seen || 0) + 1; return { seen, bytes }; }";
  const script = new ParseScript(source, "test");
  for (let run = 0; run < 2; run++) {
    assert.deepEqual(script.toProtocol(Buffer.from([0, 255])), { seen: 1, bytes: [0, 255] });
  }
  assert.throws(() => script.toRaw({}), ScriptError);
});

test("without a script raw data are kept; a product of Alink JSON takes none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "raw-products-"));
  const file = join(folder, "products.json");
  const good = { productKey: "a1Plain", tsl: {}, devices: [{ deviceName: "dev_1" }] };
  await writeFile(file, JSON.stringify({ products: [{ ...good, dataFormat: "raw" }] }));
  for (const dataFormat of ["raw", "alink"]) {
    await writeFile(file, JSON.stringify({ products: [{ ...good, dataFormat }] }));
    const other = await startCloud({ products: file });
    const plain = await TestDevice.connect(other, { extension: "_ss=1" });
    const traced = once(other.trace, "message");
    await plain.publish(plain.sys("thing/model/up_raw"), Buffer.from([1, 2]));
    const { code } = (await traced)[0] as TraceMessage;
    assert.equal(code, dataFormat === "raw" ? 26001 : 460);
    const kept = await other.device("a1Plain", "dev_1").rawData();
    assert.equal(kept.length, dataFormat === "raw" ? 1 : 0);
    await plain.end();
    await other.close();
  }
  await writeFile(join(folder, "bad.js"), "function (");
  for (const [wrong, expected] of [
    [{ dataFormat: "json" }, /"dataFormat" has to be "alink" or "raw"/],
    [{ script: "bad.js" }, /"script" is for the data format "raw" only/],
    [{ dataFormat: "raw", script: "none.js" }, /none\.js can't be read/],
    [{ dataFormat: "raw", script: "bad.js" }, /bad\.js is no JavaScript/],
  ] as const) {
    await writeFile(file, JSON.stringify({ products: [{ ...good, ...wrong }] }));
    await assert.rejects(startCloud({ products: file }), (error) => {
      assert.ok(error instanceof ConfigurationError, String(error));
      assert.match(error.message, expected);
      return true;
    });
  }
  await rm(folder, { recursive: true });
});
