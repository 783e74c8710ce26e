/**
 * Updates as a device sees them: pushes, requests, and what its reports make of its task.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { type Cloud, startCloud, type TraceTask } from "../../host/cloud/index.ts";
import { addPackage, MODULE, OtaDevice, PRODUCT, reached, state } from "./ota-setup.ts";

let cloud: Cloud;
let device: OtaDevice;
before(async () => {
  cloud = await startCloud();
  device = await OtaDevice.connect(cloud);
});
after(async () => {
  await device.end();
  await cloud.close();
});
const jobs: string[] = [];
afterEach(async () => {
  for (const jobId of jobs.splice(0)) await cloud.ota.cancelJob(jobId);
  cloud.ota.faults = {};
});

async function start(
  firmwareId: string,
  more: Partial<Parameters<Cloud["ota"]["createJob"]>[0]> = {},
): Promise<string> {
  const jobId = await cloud.ota.createJob({ firmwareId, devices: [device.name], ...more });
  jobs.push(jobId);
  return jobId;
}

test("push, progress, inform: success", async () => {
  await device.inform("1.0.0");
  const bytes = Buffer.from("the new version");
  const firmwareId = await addPackage(cloud, "1.1.0", bytes);
  const events: TraceTask[] = [];
  const note = (event: TraceTask) => events.push(event);
  cloud.trace.on("task", note);
  const jobId = await start(firmwareId);
  const { url, ...data } = await device.pushed();
  const md5 = createHash("md5").update(bytes).digest("hex");
  assert.deepEqual(data, {
    size: bytes.length,
    sign: md5,
    md5,
    version: "1.1.0",
    isDiff: 0,
    signMethod: "Md5",
    module: MODULE,
  });
  assert.ok(String(url).startsWith(`${cloud.endpoints.files}/ota/`));
  const body = Buffer.from(await (await fetch(String(url))).arrayBuffer());
  assert.deepEqual(body, bytes);
  await device.progress("35", "half");
  assert.deepEqual(state(cloud, jobId, device.name), ["IN_PROGRESS", 35, "half"]);
  await device.progress(100, "all there");
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "IN_PROGRESS", "100 is no success");
  await device.inform("1.1.0");
  assert.deepEqual(state(cloud, jobId, device.name), ["SUCCEEDED", 100, ""]);
  cloud.trace.off("task", note);
  assert.deepEqual(
    events.map(({ before: was, status, task }) => [was, status, task.progress]),
    [
      [undefined, "QUEUED", 0],
      ["QUEUED", "NOTIFIED", 0],
      ["NOTIFIED", "IN_PROGRESS", 35],
      ["IN_PROGRESS", "IN_PROGRESS", 100],
      ["IN_PROGRESS", "SUCCEEDED", 100],
    ],
  );
  assert.deepEqual(await device.get(), {}, "nothing left to install");
});

test("sha256, custom text and tags; the default module is not named", async () => {
  const bytes = Buffer.from("signed");
  const firmwareId = await cloud.ota.addFirmware({
    productKey: PRODUCT,
    version: "2.0",
    files: [{ name: "a.bin", bytes }],
    signMethod: "SHA256",
    udi: '{"note":"free"}',
  });
  await start(firmwareId, { tags: [{ key: "key1", value: "v1" }] });
  const { url, ...data } = await device.pushed();
  assert.ok(url);
  assert.deepEqual(data, {
    size: 6,
    sign: createHash("sha256").update(bytes).digest("hex"),
    version: "2.0",
    isDiff: 0,
    signMethod: "Sha256",
    extData: { key1: "v1", _package_udi: '{"note":"free"}' },
  });
  const asked = await device.get("default");
  assert.equal(asked.sign, data.sign);
});

test("several files", async () => {
  const files = [
    { name: "main.bin", bytes: Buffer.from("one") },
    { name: "lib.bin", bytes: Buffer.from("two!") },
  ];
  const spec = { productKey: PRODUCT, module: MODULE, version: "3.0", files };
  await start(await cloud.ota.addFirmware(spec));
  const data = await device.pushed();
  assert.deepEqual(Object.keys(data).sort(), [
    "files",
    "isDiff",
    "module",
    "signMethod",
    "version",
  ]);
  const listed = data.files as Record<string, string>[];
  assert.deepEqual(
    listed.map(({ fileName, fileSize }) => [fileName, fileSize]),
    [
      ["main.bin", 3],
      ["lib.bin", 4],
    ],
  );
  for (const [index, { fileUrl = "", fileMd5, fileSign }] of listed.entries()) {
    const body = Buffer.from(await (await fetch(fileUrl)).arrayBuffer());
    assert.deepEqual(body, files[index]?.bytes);
    const md5 = createHash("md5").update(body).digest("hex");
    assert.deepEqual([fileMd5, fileSign], [md5, md5]);
  }
});

for (const [step, desc] of [
  [0, "stuck"],
  [-1, "rolled back: SyntaxError at line 3"],
  ["-2", "server closed"],
  [-4, "flash"],
] as const) {
  test(`step ${step} fails the task and keeps the words`, async () => {
    await device.inform("1.0.0");
    const jobId = await start(await addPackage(cloud, "1.2.0"));
    await device.pushed();
    await device.progress(10);
    await device.progress(step, desc);
    assert.deepEqual(state(cloud, jobId, device.name), ["FAILED", Number(step), desc]);
    assert.deepEqual(await device.get(), {});
  });
}

test("an inform of the source is answered by another push, also in the middle", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.3.0"));
  const first = await device.pushed();
  await device.inform("1.0.0");
  const second = await device.pushed();
  assert.deepEqual({ ...second, url: "" }, { ...first, url: "" });
  await device.progress(20);
  await device.inform("1.0.0");
  await device.pushed();
  const task = cloud.ota.task(jobId, device.name);
  assert.deepEqual([task?.status, task?.progress, task?.pushes], ["IN_PROGRESS", 20, 3]);
});

test("an inform of a third version fails what has begun", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.4.0"));
  await device.pushed();
  await device.inform("0.9.0");
  await device.pushed();
  assert.equal(cloud.ota.task(jobId, device.name)?.srcVersion, "0.9.0", "not begun: a new source");
  await device.progress(5);
  await device.inform("0.8.0");
  const [status, , desc] = state(cloud, jobId, device.name);
  assert.equal(status, "FAILED");
  assert.match(String(desc), /0\.8\.0 is neither 0\.9\.0 nor 1\.4\.0/);
});

test("reports about another module do not touch the task", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.4.1"));
  await device.pushed();
  await device.progress(-1, "not mine", "default");
  await device.inform("1.4.1", "");
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "NOTIFIED");
});

test("a push waits until the device is online", async () => {
  const away = (await OtaDevice.connect(cloud, 1)).device;
  await away.end();
  const firmwareId = await addPackage(cloud, "1.5.0");
  const jobId = await start(firmwareId, { devices: [away.deviceName] });
  assert.equal(cloud.ota.task(jobId, away.deviceName)?.status, "QUEUED");
  const back = await OtaDevice.connect(cloud, 1);
  assert.equal((await back.pushed()).version, "1.5.0");
  await reached(cloud, jobId, "NOTIFIED");
  await back.end();
});

test("one update per device and module at a time; overwriting replaces what has not begun", async () => {
  await device.inform("1.0.0");
  const first = await start(await addPackage(cloud, "1.6.0"));
  await device.pushed();
  const firmwareId = await addPackage(cloud, "1.6.1");
  const second = await start(firmwareId);
  const [status, , desc] = state(cloud, second, device.name);
  assert.equal(status, "FAILED");
  assert.match(String(desc), new RegExp(first));
  const third = await start(firmwareId, { overwrite: true });
  assert.equal(cloud.ota.task(first, device.name)?.status, "CANCELED");
  assert.equal((await device.pushed()).version, "1.6.1");
  await device.progress(1);
  const fourth = await start(await addPackage(cloud, "1.6.2"), { overwrite: true });
  assert.equal(cloud.ota.task(fourth, device.name)?.status, "FAILED", "what runs goes on");
  assert.equal(cloud.ota.task(third, device.name)?.status, "IN_PROGRESS");
});

test("timeout from the first progress report on", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.7.0"), { timeoutMinutes: 1 / 600 });
  await device.pushed();
  await device.progress(50, "slow");
  const { status, desc } = await cloud.ota.finished(jobId, device.name);
  assert.equal(status, "FAILED");
  assert.match(desc, /after the first progress report/);
});

test("a failure is tried again as often as the job says", async () => {
  await device.inform("1.0.0");
  const more = { retryCount: 1, retryInterval: 0 };
  const jobId = await start(await addPackage(cloud, "1.8.0"), more);
  await device.pushed();
  await device.progress(-2, "first");
  await device.pushed();
  assert.equal(cloud.ota.task(jobId, device.name)?.retries, 1);
  await device.progress(-2, "second");
  const task = await cloud.ota.finished(jobId, device.name);
  assert.deepEqual([task.status, task.desc], ["FAILED", "second"]);
});

test("cancelled: nothing to get, and reports come too late", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.9.0"));
  await device.pushed();
  await device.progress(10);
  await cloud.ota.cancelJob(jobId);
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "CANCELED");
  assert.deepEqual(await device.get(), {});
  await device.progress(20);
  await device.inform("1.9.0");
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "CANCELED");
});

test("without pushes the device gets the package when it asks", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.9.1"), { needPush: false });
  await device.inform("1.0.0");
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "QUEUED");
  assert.equal((await device.get()).version, "1.9.1");
  await reached(cloud, jobId, "NOTIFIED");
  assert.equal((await device.get()).version, "1.9.1", "and again while it is unfinished");
});

test("a scheduled job waits for its time", async () => {
  await device.inform("1.0.0");
  const firmwareId = await addPackage(cloud, "1.9.2");
  const far = await start(firmwareId, { scheduleAt: Date.now() + 3_600_000 });
  await device.inform("1.0.0");
  assert.deepEqual(await device.get(), {});
  assert.equal(cloud.ota.task(far, device.name)?.status, "QUEUED");
  await cloud.ota.cancelJob(far);
  const scheduleAt = Date.now() + 300;
  await start(firmwareId, { scheduleAt });
  await device.pushed("1.9.2");
  assert.ok(Date.now() >= scheduleAt);
});

test("when a job's time is over, what is not done is cancelled", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "1.9.3"), { finishAt: Date.now() + 300 });
  await device.pushed("1.9.3");
  await device.progress(50);
  const { status, desc } = await cloud.ota.finished(jobId, device.name);
  assert.deepEqual([status, desc], ["CANCELED", "the job's time is over"]);
});

test("a dynamic job takes who reports a version of it, at most 10 times", async () => {
  const other = await OtaDevice.connect(cloud, 1);
  await other.inform("5.0.0");
  const firmwareId = await addPackage(cloud, "5.1.0");
  const job = { firmwareId, devices: undefined, dynamic: true, srcVersions: ["4.9.0"] };
  const jobId = await start(firmwareId, job);
  assert.deepEqual(cloud.ota.tasks(jobId), [], "5.0.0 is not one of the source versions");
  for (let round = 1; round <= 10; round++) {
    await other.inform("4.9.0");
    assert.equal((await other.pushed()).version, "5.1.0");
    await other.progress(-1, `round ${round}`);
  }
  await other.inform("4.9.0");
  assert.equal(cloud.ota.tasks(jobId).length, 10);
  assert.deepEqual(await other.get(), {});
  await other.end();
});

test("the newest dynamic job counts; its version does not go back", async () => {
  const other = await OtaDevice.connect(cloud, 1);
  await other.inform("6.0.0");
  const dynamic = { devices: undefined, dynamic: true, laterOnly: true };
  const older = await start(await addPackage(cloud, "6.1.0"), dynamic);
  const newer = await start(await addPackage(cloud, "6.2.0"), dynamic);
  assert.deepEqual([...cloud.ota.tasks(older), ...cloud.ota.tasks(newer)], [], "later only");
  await other.inform("6.0.0");
  assert.equal((await other.pushed()).version, "6.2.0");
  await other.inform("6.2.0");
  assert.equal((await cloud.ota.finished(newer, other.name)).status, "SUCCEEDED");
  assert.deepEqual(cloud.ota.tasks(older), []);
  await other.end();
});

test("pushes beyond the rate wait for the next minute", async () => {
  await device.inform("1.0.0");
  const jobId = await start(await addPackage(cloud, "7.0.0"), { maximumPerMinute: 1 });
  await device.pushed();
  const pushes = device.count("/ota/device/upgrade/");
  await device.inform("1.0.0");
  assert.deepEqual([cloud.ota.task(jobId, device.name)?.pushes], [1]);
  assert.equal(device.count("/ota/device/upgrade/"), pushes);
  assert.equal((await device.get()).version, "7.0.0", "but asking helps");
});

test("faults change what devices are told", async () => {
  await device.inform("1.0.0");
  const firmwareId = await addPackage(cloud, "7.1.0");
  cloud.ota.setFaults(firmwareId, { data: { size: 1, md5: undefined } });
  await start(firmwareId);
  const data = await device.pushed();
  assert.equal(data.size, 1);
  assert.equal("md5" in data, false);
  cloud.ota.setFaults(firmwareId, undefined);
  assert.equal("md5" in (await device.get()), true);
});

test("what can't be done is refused", async () => {
  const firmwareId = await addPackage(cloud, "8.0.0");
  const refused = (promise: Promise<unknown>, code: string) => assert.rejects(promise, { code });
  await refused(cloud.ota.createJob({ firmwareId: "none" }), "iot.ota.FirmwareNotExist");
  await refused(
    cloud.ota.createJob({ firmwareId, devices: ["demo_0001", "nobody"] }),
    "iot.device.NotExistedDevice",
  );
  await refused(cloud.ota.finished("none", device.name), "iot.ota.TaskNotExist");
  const files = [1, 2].map((index) => ({ name: `${index}`, bytes: Buffer.from("x") }));
  const several = await cloud.ota.addFirmware({ productKey: PRODUCT, version: "1", files });
  await refused(
    cloud.ota.createJob({ firmwareId: several, devices: [device.name], protocol: "mqtt" }),
    "iot.common.InvalidFormattedParameter",
  );
  await refused(
    cloud.ota.addFirmware({ productKey: PRODUCT, version: "1/2", files }),
    "iot.common.InvalidFormattedParameter",
  );
});
