/**
 * Downloads over MQTT.
 * @module
 */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { blockFrame, parseBlockRequest } from "../../host/cloud/ota/blocks.ts";
import { crc16 } from "../../host/cloud/ota/crc16.ts";
import { addPackage, OtaDevice } from "./ota-setup.ts";

const BYTES = randomBytes(3000);
let cloud: Cloud;
let device: OtaDevice;
let jobId: string;
let stream: { streamId: number; fileId: number };
let told: Record<string, unknown>;
before(async () => {
  cloud = await startCloud();
  device = await OtaDevice.connect(cloud);
  const firmwareId = await addPackage(cloud, "1.0.0", BYTES);
  jobId = await cloud.ota.createJob({ firmwareId, devices: [device.name], protocol: "mqtt" });
  told = await device.pushed();
  stream = { streamId: Number(told.streamId), fileId: Number(told.streamFileId) };
});
after(async () => {
  await device.end();
  await cloud.close();
});
afterEach(() => {
  cloud.ota.faults = {};
});

interface Block {
  header: { id: string; code: number; msg: string; data?: Record<string, unknown> };
  bytes: Buffer;
  crc: number | undefined;
}

/** Takes an answer apart by the documented layout alone. */
function take(payload: Buffer): Block {
  const end = 2 + payload.readUInt16BE(0);
  const header = JSON.parse(payload.toString("utf8", 2, end)) as Block["header"];
  if (!header.data) return { header, bytes: payload.subarray(end), crc: undefined };
  const bytes = payload.subarray(end, payload.length - 2);
  return { header, bytes, crc: payload.readUInt16LE(payload.length - 2) };
}

async function ask(payload: unknown): Promise<Block> {
  await device.device.publish(device.device.sys("thing/file/download"), payload, 0);
  const { payload: answer, qos } = await device.until(
    device.device.sys("thing/file/download_reply"),
  );
  assert.equal(qos, 0);
  return take(answer);
}

function block(offset: number, size = 1024, more: object = {}) {
  return ask({
    id: "41",
    version: "1.0",
    params: { fileToken: "t1", fileInfo: { ...stream, ...more }, fileBlock: { size, offset } },
  });
}

test("the push names a stream and no address", () => {
  const { streamId, ...rest } = told;
  assert.ok(Number.isInteger(streamId));
  const md5 = createHash("md5").update(BYTES).digest("hex");
  assert.deepEqual(rest, {
    size: 3000,
    version: "1.0.0",
    sign: md5,
    md5,
    signMethod: "Md5",
    dProtocol: "mqtt",
    streamFileId: 1,
    isDiff: 0,
    module: "app",
  });
});

test("a whole file, block by block", async () => {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < BYTES.length; offset += 1024) {
    const { header, bytes, crc } = await block(offset);
    const data = { fileToken: "t1", fileLength: 3000, bSize: bytes.length, bOffset: offset };
    assert.deepEqual(header, { id: "41", code: 200, msg: "success", data });
    assert.equal(crc, crc16(bytes));
    parts.push(bytes);
  }
  assert.deepEqual(Buffer.concat(parts), BYTES);
  assert.equal(parts.at(-1)?.length, 3000 - 2048, "the last one is shorter");
});

test("the documents' sample, byte by byte", () => {
  assert.equal(crc16(Buffer.from("123456789")), 0xbb3d);
  const content = Buffer.from("Hello, OTA block!");
  const frame = blockFrame({ id: "1", fileToken: "default", offset: 0 }, content, 17);
  const header =
    "006b7b226964223a2231222c22636f6465223a3230302c226d7367223a2273756363657373222c2264617461223a7b" +
    "2266696c65546f6b656e223a2264656661756c74222c2266696c654c656e677468223a31372c226253697a65223a31" +
    "372c22624f6666736574223a307d7d";
  assert.equal(frame.toString("hex"), `${header}${content.toString("hex")}709c`);
  assert.equal(frame.length, 128);
});

test("the C SDK's superfluous comma is tolerated", async () => {
  const info = `"fileInfo":{"streamId":${stream.streamId},"fileId":1,}`;
  const text = `{"id":"42","version":"1.0","params":{${info},"fileBlock":{"size":256,"offset":2900}}}`;
  const { header, bytes } = await ask(Buffer.from(text));
  assert.equal(header.code, 200);
  assert.equal(header.data?.fileToken, undefined);
  assert.deepEqual(bytes, BYTES.subarray(2900));
});

test("what can't be had is answered with a code and no data", async () => {
  for (const [name, answer] of [
    ["behind the end", block(3000)],
    ["too small", block(0, 255)],
    ["too large", block(0, 131_073)],
    ["another stream", block(0, 1024, { streamId: stream.streamId + 1 })],
    ["another file", block(0, 1024, { fileId: 2 })],
    ["no JSON", ask(Buffer.from("?"))],
    ["no numbers", block(0.5)],
  ] as const) {
    const { header, bytes } = await answer;
    assert.equal(header.code, 460, name);
    assert.equal(header.data, undefined, name);
    assert.equal(bytes.length, 0, name);
  }
  assert.equal(parseBlockRequest(Buffer.from('{"id":1,"params":{}}')), undefined);
});

test("a device without an update gets nothing", async () => {
  const other = await OtaDevice.connect(cloud, 1);
  const { device: raw } = other;
  await raw.publish(
    raw.sys("thing/file/download"),
    { id: "1", params: { fileInfo: stream, fileBlock: { size: 1024, offset: 0 } } },
    0,
  );
  const { payload } = await other.until(raw.sys("thing/file/download_reply"));
  assert.equal(take(payload).header.code, 460);
  await other.end();
});

test("faults", async () => {
  cloud.ota.faults = { blockCrc: true };
  const crc = await block(0);
  assert.notEqual(crc.crc, crc16(crc.bytes));
  cloud.ota.faults = { blockOffset: true };
  assert.equal((await block(1024)).header.data?.bOffset, 1025);
  cloud.ota.faults = { blockShort: 3 };
  const short = await block(0);
  assert.deepEqual([short.header.data?.bSize, short.bytes.length], [1024, 1021]);
  cloud.ota.faults = { blockCode: 500 };
  assert.equal((await block(0)).header.code, 500);
  cloud.ota.faults = { wrongBytes: 10 };
  const wrong = await block(0);
  assert.equal(wrong.bytes[10], 0xff ^ (BYTES[10] as number));
  assert.equal(wrong.crc, crc16(wrong.bytes), "the CRC is that of the wrong bytes");
  cloud.ota.faults = { blockLoss: true, times: 1 };
  const request = { id: "9", params: { fileInfo: stream, fileBlock: { size: 256, offset: 0 } } };
  await device.device.publish(device.device.sys("thing/file/download"), request, 0);
  assert.equal((await block(0)).header.id, "41", "the first answer is lost, the next one comes");
});

test("answers are the platform's alone", async () => {
  const { device: raw } = device;
  const traced = once(cloud.trace, "message");
  await raw.publish(raw.sys("thing/file/download_reply"), Buffer.from("x"), 1);
  assert.match((await traced)[0].note, /^No authorization/);
});

test("after a cancel there is nothing", async () => {
  await cloud.ota.cancelJob(jobId);
  assert.equal((await block(0)).header.code, 460);
});
