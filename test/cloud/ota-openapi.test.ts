/**
 * Updates through the OpenAPI, with both official clients.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type * as iotTypes from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { officialClient, popCoreClient } from "./api-clients.ts";
import { MODULE, OtaDevice, PRODUCT } from "./ota-setup.ts";

const iot = createRequire(import.meta.url)("@alicloud/iot20180120") as typeof iotTypes;
const productKey = PRODUCT;
let cloud: Cloud;
let device: OtaDevice;
let client: iotTypes.default;
before(async () => {
  cloud = await startCloud();
  device = await OtaDevice.connect(cloud);
  client = officialClient(cloud);
  const made = await client.createOTAModule(
    new iot.CreateOTAModuleRequest({ productKey, moduleName: MODULE, aliasName: "Application" }),
  );
  assert.equal(made.body?.success, true);
});
after(async () => {
  await device.end();
  await cloud.close();
});

/** Uploads as Alibaba's sample does; gives the address for CreateOTAFirmware. */
async function upload(bytes: Buffer, change: Record<string, string> = {}, fileName?: string) {
  const { body } = await client.generateOTAUploadURL(new iot.GenerateOTAUploadURLRequest({}));
  assert.equal(body?.success, true);
  const { host, key, policy, OSSAccessKeyId, signature, firmwareUrl } = body?.data ?? {};
  assert.equal(body?.data?.objectStorage, "OSS");
  assert.equal(firmwareUrl, `${host}/${key}`);
  const fields = {
    key,
    policy,
    OSSAccessKeyId,
    signature,
    success_action_status: "200",
    ...change,
  };
  const boundary = "----boundary7";
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n` +
      `Content-Type: text/plain; charset=ISO-8859-1\r\n\r\n${value}\r\n`,
  );
  const named = fileName === undefined ? "" : `; filename="${fileName}"`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"${named}\r\n\r\n`;
  const response = await fetch(String(host), {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([
      Buffer.from(parts.join("") + head),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  });
  return { status: response.status, text: await response.text(), url: String(firmwareUrl) };
}

let made = 0;
async function createFirmware(more: object = {}) {
  const { url } = await upload(Buffer.from("firmware"));
  const { body } = await client.createOTAFirmware(
    new iot.CreateOTAFirmwareRequest({
      productKey,
      moduleName: MODULE,
      destVersion: "1.1.0",
      firmwareName: `Firmware${++made}`,
      firmwareUrl: url,
      needToVerify: false,
      ...more,
    }),
  );
  return { code: body?.code, id: body?.data?.firmwareId ?? "", text: body?.errorMessage ?? "" };
}

async function createJob(firmwareId: string, more: object = {}) {
  const { body } = await client.createOTAStaticUpgradeJob(
    new iot.CreateOTAStaticUpgradeJobRequest({
      productKey,
      firmwareId,
      targetSelection: "SPECIFIC",
      targetDeviceName: [device.name],
      ...more,
    }),
  );
  return { code: body?.code, id: body?.data?.jobId ?? "", text: body?.errorMessage ?? "" };
}

async function tasks(jobId: string, more: object = {}) {
  const request = new iot.ListOTATaskByJobRequest({ jobId, pageSize: 10, currentPage: 1, ...more });
  const { body } = await client.listOTATaskByJob(request);
  assert.equal(body?.success, true, body?.errorMessage);
  return body?.data?.simpleOTATaskInfo ?? [];
}

async function job(jobId: string) {
  return (await client.queryOTAJob(new iot.QueryOTAJobRequest({ jobId }))).body?.data;
}

test("upload, package, job, tasks: the whole way", async () => {
  await device.inform("1.0.0");
  const bytes = Buffer.from([0, 13, 10, 255, 254, 45, 45, 128]);
  const { status, url } = await upload(bytes);
  assert.equal(status, 200);
  const sign = createHash("sha256").update(bytes).digest("hex");
  const created = await client.createOTAFirmware(
    new iot.CreateOTAFirmwareRequest({
      productKey,
      moduleName: MODULE,
      destVersion: "1.1.0",
      firmwareName: "升级包(1)",
      firmwareDesc: "first",
      firmwareUrl: url,
      firmwareSign: sign,
      firmwareSize: bytes.length,
      signMethod: "SHA256",
      needToVerify: false,
      type: 0,
      udi: '{"a":1}',
    }),
  );
  const firmwareId = String(created.body?.data?.firmwareId);
  assert.match(String(created.body?.data?.utcCreate), /^\d{4}-.*Z$/);
  const queried = await client.queryOTAFirmware(new iot.QueryOTAFirmwareRequest({ firmwareId }));
  const info = queried.body?.firmwareInfo;
  assert.deepEqual(
    [info?.destVersion, info?.firmwareSize, info?.firmwareSign, info?.signMethod, info?.status],
    ["1.1.0", 8, sign, "SHA256", -1],
  );
  assert.deepEqual(
    [info?.firmwareName, info?.firmwareDesc, info?.moduleName, info?.type, info?.udi],
    ["升级包(1)", "first", MODULE, 0, '{"a":1}'],
  );
  const file = Buffer.from(await (await fetch(String(info?.firmwareUrl))).arrayBuffer());
  assert.deepEqual(file, bytes);

  const { id: jobId } = await createJob(firmwareId, {
    timeoutInMinutes: 60,
    tag: [new iot.CreateOTAStaticUpgradeJobRequestTag({ key: "k.1", value: "v" })],
  });
  const pushed = await device.pushed();
  assert.deepEqual(pushed.extData, { "k.1": "v", _package_udi: '{"a":1}' });
  assert.equal(pushed.sign, sign);
  await device.progress("42", "downloading");
  const [task] = await tasks(jobId, { deviceNames: [device.name], taskStatus: "IN_PROGRESS" });
  assert.deepEqual(
    [task?.taskStatus, task?.progress, task?.taskDesc, task?.srcVersion, task?.destVersion],
    ["IN_PROGRESS", "42", "downloading", "1.0.0", "1.1.0"],
  );
  assert.deepEqual(
    [task?.deviceName, task?.jobId, task?.firmwareId, task?.productName, task?.timeout],
    [device.name, jobId, firmwareId, "Usage example", "60"],
  );
  const running = await job(jobId);
  assert.deepEqual(
    [running?.jobStatus, running?.jobType, running?.selectionType, running?.targetSelection],
    ["IN_PROGRESS", "UPGRADE_FIRMWARE", "STATIC", "SPECIFIC"],
  );
  assert.deepEqual(
    running?.tags?.otaTagDTO?.map(({ key, value }) => [key, value]),
    [["k.1", "v"]],
  );
  await device.inform("1.1.0");
  assert.equal((await tasks(jobId))[0]?.taskStatus, "SUCCEEDED");
  const ended = await job(jobId);
  assert.deepEqual([ended?.jobStatus, ended?.timeoutInMinutes], ["COMPLETED", 60]);
  assert.ok(ended?.utcEndTime);

  const range = { productKey, firmwareId, pageSize: 10, currentPage: 1 };
  const byFirmware = await client.listOTAJobByFirmware(new iot.ListOTAJobByFirmwareRequest(range));
  const byDevice = await client.listOTAJobByDevice(
    new iot.ListOTAJobByDeviceRequest({ ...range, deviceName: device.name }),
  );
  for (const { body } of [byFirmware, byDevice]) {
    assert.deepEqual(
      body?.data?.simpleOTAJobInfo?.map(({ jobId: id }) => id),
      [jobId],
    );
    assert.deepEqual([body?.total, body?.pageCount], [1, 1]);
  }
});

test("forms that were tampered with are refused", async () => {
  const bytes = Buffer.from("x");
  assert.equal((await upload(bytes, {}, "with a name.bin")).status, 200);
  assert.equal((await upload(bytes, { success_action_status: "" })).status, 204);
  for (const [change, code] of [
    [{ key: "ota/other.bin" }, "AccessDenied"],
    [
      { policy: Buffer.from('{"expiration":"2099-01-01T00:00:00Z"}').toString("base64") },
      "Signature",
    ],
    [{ signature: "AAAA" }, "SignatureDoesNotMatch"],
    [{ OSSAccessKeyId: "me" }, "InvalidAccessKeyId"],
  ] as const) {
    const { status, text, url } = await upload(bytes, change);
    assert.equal(status, 403);
    assert.ok(text.includes(code), text);
    const created = await client.createOTAFirmware(
      new iot.CreateOTAFirmwareRequest({
        productKey,
        destVersion: "1",
        firmwareName: "never",
        firmwareUrl: url,
      }),
    );
    assert.equal(created.body?.code, "iot.ota.FirmwareFileNotExist");
  }
  const response = await fetch(cloud.endpoints.files, { method: "POST", body: "no form" });
  assert.equal(response.status, 400);
});

test("a package has to be what its maker says", async () => {
  const { id } = await createFirmware({ firmwareName: "Once", firmwareSize: 8 });
  assert.ok(id);
  for (const [more, code, text] of [
    [{ firmwareSize: 9 }, "iot.ota.FirmwareFileMismatch", /8 bytes, not 9/],
    [{ firmwareSign: "00".repeat(16) }, "iot.ota.FirmwareFileMismatch", /MD5/],
    [{ firmwareName: "Once" }, "iot.ota.FirmwareNameAlreadyExist", /Once/],
    [{ firmwareName: "_first" }, "iot.common.InvalidFormattedParameter", /_first/],
    [{ destVersion: "1 0" }, "iot.common.InvalidFormattedParameter", /1 0/],
    [{ signMethod: "SHA1" }, "iot.common.InvalidFormattedParameter", /MD5, SHA256/],
    [{ type: 1 }, "iot.common.InvalidFormattedParameter", /SrcVersion/],
    [{ firmwareUrl: "nonsense" }, "iot.ota.FirmwareFileNotExist", /nonsense/],
  ] as const) {
    const refused = await createFirmware(more);
    assert.equal(refused.code, code);
    assert.match(refused.text, text);
  }
});

test("a differential package is for its source version alone", async () => {
  await device.inform("1.0.0");
  const diff = { type: 1, srcVersion: "0.9.0", destVersion: "1.1.0" };
  const { id } = await createFirmware(diff);
  const all = await createJob(id, { targetSelection: "ALL", targetDeviceName: undefined });
  assert.equal(all.code, "iot.common.InvalidFormattedParameter");
  const { id: jobId } = await createJob(id);
  const [task] = await tasks(jobId);
  assert.equal(task?.taskStatus, "FAILED");
  assert.match(String(task?.taskDesc), /for version 0\.9\.0, but the device has 1\.0\.0/);
  await device.inform("0.9.0");
  const again = await createJob(id);
  const { isDiff, version } = await device.pushed();
  assert.deepEqual([isDiff, version], [1, "1.1.0"]);
  await cloud.ota.cancelJob(again.id);
});

test("a multi-file package", async () => {
  const contents = ["one", "three"];
  const multiFiles = [];
  for (const [index, content] of contents.entries()) {
    const { url } = await upload(Buffer.from(content));
    const md5 = createHash("md5").update(content).digest("hex");
    const file = {
      name: `file${index}.bin`,
      url,
      size: content.length,
      signValue: md5,
      fileMd5: md5,
    };
    multiFiles.push(new iot.CreateOTAFirmwareRequestMultiFiles(file));
  }
  const { id } = await createFirmware({ firmwareUrl: undefined, multiFiles });
  const { body } = await client.queryOTAFirmware(
    new iot.QueryOTAFirmwareRequest({ firmwareId: id }),
  );
  const listed = body?.firmwareInfo?.multiFiles ?? [];
  assert.deepEqual(
    listed.map(({ name, size }) => [name, size]),
    [
      ["file0.bin", 3],
      ["file1.bin", 5],
    ],
  );
  const { code } = await createJob(id, { downloadProtocol: "MQTT" });
  assert.equal(code, "iot.common.InvalidFormattedParameter", "MQTT takes one file");
});

test("verification first", async () => {
  await device.inform("1.0.0");
  const { id: firmwareId } = await createFirmware({ needToVerify: true, destVersion: "1.2.0" });
  const status = async () => {
    const request = new iot.QueryOTAFirmwareRequest({ firmwareId });
    return (await client.queryOTAFirmware(request)).body?.firmwareInfo?.status;
  };
  assert.equal(await status(), 0);
  assert.equal((await createJob(firmwareId)).code, "iot.ota.FirmwareNotVerified");
  const verified = await client.createOTAVerifyJob(
    new iot.CreateOTAVerifyJobRequest({
      productKey,
      firmwareId,
      targetDeviceName: [device.name],
      timeoutInMinutes: 10,
    }),
  );
  const jobId = String(verified.body?.data?.jobId);
  assert.equal((await job(jobId))?.jobType, "VERIFY_FIRMWARE");
  await device.pushed();
  assert.equal(await status(), 2, "under way");
  await device.inform("1.2.0");
  assert.equal(await status(), 1);
  const { id } = await createJob(firmwareId);
  assert.ok(id);
  await cloud.ota.cancelJob(id);
});

test("confirming, cancelling and trying again", async () => {
  await device.inform("1.0.0");
  const { id: firmwareId } = await createFirmware({ destVersion: "1.3.0" });
  const { id: jobId } = await createJob(firmwareId, { needConfirm: true });
  const [waiting] = await tasks(jobId);
  assert.equal(waiting?.taskStatus, "CONFIRM");
  assert.deepEqual(await device.get(), {}, "not before it is confirmed");
  const taskId = [String(waiting?.taskId)];
  await client.confirmOTATask(new iot.ConfirmOTATaskRequest({ taskId }));
  assert.equal((await device.pushed()).version, "1.3.0");

  const unfinished = await client.listOTAUnfinishedTaskByDevice(
    new iot.ListOTAUnfinishedTaskByDeviceRequest({
      productKey,
      deviceName: device.name,
      taskStatus: "NOTIFIED",
    }),
  );
  const [open] = unfinished.body?.data?.simpleOTATaskInfo ?? [];
  assert.deepEqual([open?.jobId, open?.moduleName], [jobId, MODULE]);

  await client.cancelOTATaskByDevice(
    new iot.CancelOTATaskByDeviceRequest({ productKey, firmwareId, deviceName: [device.name] }),
  );
  assert.equal((await tasks(jobId))[0]?.taskStatus, "CANCELED");
  assert.equal((await job(jobId))?.jobStatus, "CANCELED");
  assert.deepEqual(await device.get(), {});

  await client.reupgradeOTATask(new iot.ReupgradeOTATaskRequest({ jobId, taskId }));
  assert.equal((await device.pushed()).version, "1.3.0");
  await device.progress(10);
  const cancel = (flags: object) =>
    client.cancelOTATaskByJob(new iot.CancelOTATaskByJobRequest({ jobId, ...flags }));
  await client.cancelOTATaskByDevice(
    new iot.CancelOTATaskByDeviceRequest({ productKey, firmwareId, deviceName: [device.name] }),
  );
  await cancel({ cancelQueuedTask: true, cancelNotifiedTask: true });
  assert.equal((await tasks(jobId))[0]?.taskStatus, "IN_PROGRESS", "what runs takes its own flag");
  await cancel({ cancelInProgressTask: true });
  assert.equal((await tasks(jobId))[0]?.taskStatus, "CANCELED");
});

test("a dynamic job and the end of its strategy", async () => {
  await device.inform("1.0.0");
  const { id: firmwareId } = await createFirmware({ destVersion: "1.4.0" });
  const request = { productKey, firmwareId, srcVersion: ["1.0.0"], dynamicMode: 1 };
  const create = () =>
    client.createOTADynamicUpgradeJob(new iot.CreateOTADynamicUpgradeJobRequest(request));
  const jobId = String((await create()).body?.data?.jobId);
  assert.equal((await device.pushed()).version, "1.4.0");
  assert.equal((await create()).body?.code, "iot.ota.DynamicJobAlreadyExist");
  const running = await job(jobId);
  assert.deepEqual(
    [running?.selectionType, running?.dynamicMode, running?.srcVersions?.srcVersion],
    ["DYNAMIC", 1, ["1.0.0"]],
  );
  await device.progress(-1, "no");
  await client.cancelOTAStrategyByJob(new iot.CancelOTAStrategyByJobRequest({ jobId }));
  assert.equal((await job(jobId))?.jobStatus, "CANCELED");
  await device.inform("1.0.0");
  assert.deepEqual(await device.get(), {});
  const { id } = await createJob(firmwareId);
  const stopped = await client.cancelOTAStrategyByJob(
    new iot.CancelOTAStrategyByJobRequest({ jobId: id }),
  );
  assert.equal(stopped.body?.code, "iot.ota.JobTypeNotSupported");
  const deleted = await client.deleteOTAFirmware(new iot.DeleteOTAFirmwareRequest({ firmwareId }));
  assert.equal(deleted.body?.code, "iot.ota.FirmwareInUse");
  await cloud.ota.cancelJob(id);
  await client.deleteOTAFirmware(new iot.DeleteOTAFirmwareRequest({ firmwareId }));
  const gone = await client.queryOTAFirmware(new iot.QueryOTAFirmwareRequest({ firmwareId }));
  assert.equal(gone.body?.code, "iot.ota.FirmwareNotExist");
});

test("all devices, by version, or a share of them", async () => {
  await device.inform("2.0.0");
  const other = await OtaDevice.connect(cloud, 1);
  await other.inform("2.1.0");
  const { id: firmwareId } = await createFirmware({ destVersion: "2.2.0" });
  const names = async (more: object) => {
    const { id, text } = await createJob(firmwareId, { targetDeviceName: undefined, ...more });
    assert.ok(id, text);
    const found = (await tasks(id)).map(({ deviceName }) => deviceName);
    await cloud.ota.cancelJob(id);
    return found.sort();
  };
  assert.deepEqual(await names({ targetSelection: "ALL" }), ["demo_0001", "demo_0002"]);
  const some = { targetSelection: "ALL", srcVersion: ["2.1.0"] };
  assert.deepEqual(await names(some), ["demo_0002"]);
  const half = { targetSelection: "GRAY", grayPercent: "50.00" };
  assert.equal((await names(half)).length, 1);
  await other.end();
});

test("modules", async () => {
  const moduleName = "barcodeScanner";
  const text = { productKey, moduleName, aliasName: "Scanner", desc: "reads" };
  const create = () => client.createOTAModule(new iot.CreateOTAModuleRequest(text));
  assert.equal((await create()).body?.success, true);
  assert.equal((await create()).body?.code, "iot.ota.ModuleAlreadyExist");
  const other = { ...text, moduleName: moduleName.toUpperCase() };
  const again = await client.createOTAModule(new iot.CreateOTAModuleRequest(other));
  assert.equal(again.body?.code, "iot.ota.ModuleAlreadyExist");
  await client.updateOTAModule(
    new iot.UpdateOTAModuleRequest({ productKey, moduleName, aliasName: "Gun" }),
  );
  const list = async () =>
    (await client.listOTAModuleByProduct(new iot.ListOTAModuleByProductRequest({ productKey })))
      .body?.data ?? [];
  const found = (await list()).find((module) => module.moduleName === moduleName);
  assert.deepEqual([found?.aliasName, found?.desc], ["Gun", "reads"]);
  await client.deleteOTAModule(new iot.DeleteOTAModuleRequest({ productKey, moduleName }));
  assert.equal(
    (await list()).some((module) => module.moduleName === moduleName),
    false,
  );
  const unknown = await createFirmware({ moduleName });
  assert.equal(unknown.code, "iot.ota.ModuleNotExist");
});

test("the older client, and what it is refused", async () => {
  const pop = popCoreClient(cloud);
  const { id: FirmwareId } = await createFirmware({ destVersion: "3.0.0" });
  const call = (action: string, parameters: object) =>
    pop.request<Record<string, unknown>>(action, parameters, { method: "POST" });
  const list = await call("ListOTAFirmware", { ProductKey: productKey, DestVersion: "3.0.0" });
  const { SimpleFirmwareInfo } = list.FirmwareInfo as {
    SimpleFirmwareInfo: { FirmwareId: string }[];
  };
  assert.deepEqual(
    SimpleFirmwareInfo.map((info) => info.FirmwareId),
    [FirmwareId],
  );
  assert.equal(list.Total, 1);
  const base = { ProductKey: productKey, FirmwareId, TargetSelection: "SPECIFIC" };
  const started = await call("CreateOTAStaticUpgradeJob", {
    ...base,
    TargetDeviceName: [device.name],
    DownloadProtocol: "MQTT",
  });
  const { JobId } = started.Data as { JobId: string };
  assert.equal((await device.pushed("3.0.0")).dProtocol, "mqtt");
  await cloud.ota.cancelJob(JobId);
  for (const [more, code] of [
    [{}, "iot.common.InvalidFormattedParameter"],
    [{ TargetDeviceName: ["nobody"] }, "iot.device.NotExistedDevice"],
    [
      { TargetDeviceName: [device.name], TimeoutInMinutes: 0 },
      "iot.common.InvalidFormattedParameter",
    ],
    [{ TargetDeviceName: [device.name], RetryCount: 1 }, "iot.common.InvalidFormattedParameter"],
    [
      { TargetDeviceName: [device.name], SrcVersion: ["1"] },
      "iot.common.InvalidFormattedParameter",
    ],
    [{ TargetDeviceName: [device.name], FirmwareId: "?" }, "iot.ota.FirmwareNotExist"],
  ] as const) {
    const refused = await call("CreateOTAStaticUpgradeJob", { ...base, ...more }).catch(
      (error: { data?: { Code: string } }) => error.data,
    );
    assert.equal((refused as { Code?: string } | undefined)?.Code, code, JSON.stringify(more));
  }
  await assert.rejects(call("QueryOTAJob", {}), { code: "MissingJobId" });
});
