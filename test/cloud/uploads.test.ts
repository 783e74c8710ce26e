/**
 * Uploads of files over MQTT, and what the OpenAPI offers of them.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type * as iotTypes from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { crc64 } from "../../host/cloud/uploads/crc64.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

const iot = createRequire(import.meta.url)("@alicloud/iot20180120") as typeof iotTypes;
const MQTT = "thing/file/upload/mqtt";
const REPLIES = ["init_reply", "send_reply", "cancel_reply"];
let data: string;
let cloud: Cloud;
let device: TestDevice;
before(async () => {
  data = await mkdtemp(join(tmpdir(), "uploads-"));
  cloud = await startCloud({ data });
  device = await logOn();
});
after(async () => {
  await device.end();
  await cloud.close();
  await rm(data, { recursive: true, force: true });
});

async function logOn(options = {}): Promise<TestDevice> {
  const fresh = await TestDevice.connect(cloud, options);
  await fresh.subscribe(REPLIES.map((reply) => fresh.sys(`${MQTT}/${reply}`)));
  return fresh;
}

interface Reply {
  id: string;
  code: number;
  message: string;
  data: Record<string, unknown>;
}

async function ask(kind: string, params: object, from = device): Promise<Reply> {
  const { topic, json } = await from.request(from.sys(`${MQTT}/${kind}`), params);
  assert.equal(topic, from.sys(`${MQTT}/${kind}_reply`));
  return json as unknown as Reply;
}

/** Begins an upload that is taken; gives its id. */
async function begin(params: object): Promise<string> {
  const { code, data, message } = await ask("init", params);
  assert.equal(code, 200, message);
  return String(data.uploadId);
}

/** CRC-16/ARC, bit by bit. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

async function send(params: object, bytes: Buffer, from = device, crcFault = 0): Promise<Reply> {
  const header = Buffer.from(JSON.stringify({ id: "7", params }));
  const head = Buffer.alloc(2);
  head.writeUInt16BE(header.length);
  const tail = Buffer.alloc(2);
  tail.writeUInt16LE(crc16(bytes) ^ crcFault);
  const payload = Buffer.concat([head, header, bytes, tail]);
  await from.publish(from.sys(`${MQTT}/send`), payload, 0);
  const { topic, json } = await from.next();
  assert.equal(topic, from.sys(`${MQTT}/send_reply`));
  return json as unknown as Reply;
}

/** A block from `offset` on. */
function block(uploadId: string, offset: number, bytes: Buffer, more: object = {}): Promise<Reply> {
  return send({ uploadId, offset, bSize: bytes.length, ...more }, bytes);
}

const file = (length: number) =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255));

test("the CRC-64 is that of Alibaba's object storage", () => {
  assert.equal(crc64(Buffer.from("123456789")), "995dc9bbdf1939fa");
  assert.equal(crc64(Buffer.alloc(0)), "0000000000000000");
});

test("a file goes up in blocks and is listed, downloaded and deleted by the OpenAPI", async () => {
  const bytes = file(5000);
  const ficValue = crc64(bytes).toUpperCase();
  const params = { fileName: "a.log", fileSize: 5000, ficMode: "crc64", ficValue, initUid: "u1" };
  const first = await ask("init", params);
  assert.deepEqual([first.id, first.code], ["1", 200]);
  const { uploadId, ...rest } = first.data;
  assert.deepEqual(rest, { fileName: "a.log", fileSize: 5000, ficMode: "crc64", ficValue });
  // The answer was lost: the same upload goes on.
  assert.equal((await ask("init", params)).data.uploadId, uploadId);

  const id = String(uploadId);
  const { code, data: place } = await block(id, 0, bytes.subarray(0, 2048));
  assert.deepEqual([code, place], [200, { uploadId, offset: 0, bSize: 2048 }]);
  await block(id, 2048, bytes.subarray(2048, 4096));
  const last = await block(id, 4096, bytes.subarray(4096));
  const fic = { ficMode: "crc64", ficValueClient: ficValue, ficValueServer: crc64(bytes) };
  assert.deepEqual(last.data, { uploadId, offset: 4096, bSize: 904, complete: true, ...fic });
  assert.equal((await block(id, 4096, bytes.subarray(4096))).code, 78124);

  const client = officialClient(cloud);
  const of = { productKey: device.productKey, deviceName: device.deviceName };
  const list = async () => {
    const { body } = await client.queryDeviceFileList(new iot.QueryDeviceFileListRequest(of));
    assert.equal(body?.success, true);
    return body?.data?.fileSummary ?? [];
  };
  const [entry] = await list();
  assert.deepEqual([entry?.name, entry?.size], ["a.log", "5000"]);
  assert.match(String(entry?.utcCreatedOn), /^\d{4}-.*Z$/);
  const fileId = String(entry?.fileId);
  const { body } = await client.queryDeviceFile(new iot.QueryDeviceFileRequest({ ...of, fileId }));
  const response = await fetch(String(body?.data?.downloadUrl));
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  assert.equal((await fetch(String(body?.data?.downloadUrl).replace(/\?.*/, ""))).status, 403);

  const gone = await client.deleteDeviceFile(new iot.DeleteDeviceFileRequest({ ...of, fileId }));
  assert.equal(gone.body?.success, true);
  assert.deepEqual(await list(), []);
  const none = await client.queryDeviceFile(new iot.QueryDeviceFileRequest({ ...of, fileId }));
  assert.deepEqual([none.body?.success, none.body?.code], [false, "iot.file.FileNotExist"]);
  assert.equal((await fetch(String(body?.data?.downloadUrl))).status, 404);
});

test("files of the same name are overwritten, continued or refused", async () => {
  const bytes = file(1024);
  const name = { fileName: "b.log", fileSize: 1024 };
  const first = await begin(name);
  await block(first, 0, bytes.subarray(0, 512));
  const on = await ask("init", { ...name, conflictStrategy: "append" });
  assert.deepEqual([on.data.uploadId, on.data.offset], [first, 512]);
  const end = await block(first, 512, bytes.subarray(512));
  assert.equal(end.data.complete, true);

  const again = await ask("init", { ...name, conflictStrategy: "append" });
  assert.deepEqual([again.code, again.data], [78123, { fileName: "b.log" }]);
  assert.equal((await ask("init", { ...name, conflictStrategy: "reject" })).code, 78123);
  const [record] = await cloud.deviceFiles.ofDevice(device.id);
  assert.deepEqual(record && (await cloud.deviceFiles.read(record)), bytes);
  const second = await begin(name);
  assert.notEqual(second, first);
  assert.equal((await block(first, 0, bytes)).code, 78122, "the old file is gone");
  assert.equal((await block(second, 0, bytes)).data.complete, true);
});

test("a file of unknown size ends with isComplete", async () => {
  const id = await begin({ fileName: "c.log", fileSize: -1 });
  assert.equal((await block(id, 0, file(300), { isComplete: false })).data.complete, undefined);
  assert.equal((await block(id, 300, Buffer.alloc(0), { isComplete: true })).data.complete, true);
  const empty = await begin({ fileName: "d.log", fileSize: -1 });
  assert.equal((await block(empty, 0, Buffer.alloc(0), { isComplete: true })).code, 460);
  const names = (await cloud.deviceFiles.ofDevice(device.id)).map(({ name, size }) => [name, size]);
  assert.deepEqual(names.slice(-1), [["c.log", 300]]);
});

test("requests that can't be taken are refused with Alibaba's codes", async () => {
  const init = { fileName: "e.log", fileSize: 1000 };
  const refused: [number, object][] = [
    [460, { ...init, fileName: ".hidden" }],
    [460, { ...init, fileName: `${"a".repeat(101)}` }],
    [460, { ...init, fileName: "a/b" }],
    [460, { ...init, fileSize: 0 }],
    [460, { ...init, fileSize: undefined }],
    [460, { ...init, conflictStrategy: "merge" }],
    [460, { ...init, ficMode: "md5", ficValue: "0".repeat(16) }],
    [460, { ...init, ficMode: "crc64", ficValue: "12" }],
    [460, { ...init, fileSize: -1, ficMode: "crc64", ficValue: "0".repeat(16) }],
    [460, { ...init, extraParams: { ossOwnerType: "device-user" } }],
    [78117, { ...init, fileSize: 16 * 1024 * 1024 + 1 }],
  ];
  for (const [code, params] of refused) {
    const reply = await ask("init", params);
    assert.equal(reply.code, code, JSON.stringify(params));
    assert.notEqual(reply.message, "success");
  }

  const id = await begin({ ...init, ficMode: "crc64", ficValue: "0".repeat(16) });
  const bytes = file(1000);
  const part = bytes.subarray(0, 500);
  assert.equal((await block(id, 0, file(100))).code, 78120);
  assert.equal((await send({ uploadId: id, offset: 0, bSize: 500 }, part, device, 1)).code, 78121);
  assert.equal((await send({ uploadId: id, offset: 0, bSize: 499 }, part)).code, 400);
  assert.equal((await block(id, 300, part)).code, 78119);
  assert.equal((await block("nothing", 0, part)).code, 78122);
  assert.equal((await block(id, 0, part)).code, 200);
  assert.equal((await block(id, 0, part)).code, 78126);
  assert.equal((await block(id, 500, file(600))).code, 460, "more than announced");
  assert.equal((await block(id, 500, bytes.subarray(500))).code, 78125);
  assert.equal((await block(id, 500, bytes.subarray(500))).code, 78122);
  const large = await begin({ ...init, fileSize: 200_000 });
  assert.equal((await block(large, 0, file(131_073))).code, 78118);
  for (const payload of ["", "xy", "\xff\xff{}"]) {
    await device.publish(device.sys(`${MQTT}/send`), Buffer.from(payload, "latin1"), 0);
    assert.equal(((await device.next()).json as unknown as Reply).code, 400);
  }
  const [grant] = await device.subscribe([`/sys/+/+/${MQTT}/init_reply`]);
  assert.equal(grant, 128);
});

test("another device can't touch an upload; a cancelled and an old one are gone", async () => {
  const id = await begin({ fileName: "f.log", fileSize: 1000 });
  const other = await logOn({ device: 1 });
  const params = { uploadId: id, offset: 0, bSize: 500 };
  assert.equal((await send(params, file(500), other)).code, 78122);
  assert.equal((await ask("cancel", { uploadId: id }, other)).code, 78122);
  await other.end();
  assert.deepEqual((await ask("cancel", { uploadId: id })).data, { uploadId: id });
  assert.equal((await ask("cancel", { uploadId: id })).code, 78122);

  const old = await begin({ fileName: "g.log", fileSize: 1000 });
  const record = await cloud.deviceFiles.get(old);
  assert.ok(record);
  await cloud.deviceFiles.change({ ...record, createdAt: Date.now() - 24 * 3600_000 });
  assert.equal((await block(old, 0, file(500))).code, 78122);
});

test("an upload goes on after a restart of the platform", async () => {
  const bytes = file(900);
  const id = await begin({ fileName: "h.log", fileSize: 900 });
  await block(id, 0, bytes.subarray(0, 450));
  await device.end();
  await cloud.close();
  cloud = await startCloud({ data });
  device = await logOn();
  const on = await ask("init", { fileName: "h.log", fileSize: 900, conflictStrategy: "append" });
  assert.deepEqual([on.data.uploadId, on.data.offset], [id, 450]);
  assert.equal((await block(id, 450, bytes.subarray(450))).data.complete, true);
  const record = await cloud.deviceFiles.get(id);
  assert.deepEqual(record && (await cloud.deviceFiles.read(record)), bytes);
});
