/**
 * What a restart of the platform keeps of updates.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startCloud } from "../../host/cloud/index.ts";
import { addPackage, OtaDevice, state } from "./ota-setup.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloud-ota-"));
});
after(() => rm(folder, { recursive: true }));

test("packages, tasks and timeouts go on after a restart", async () => {
  const data = join(folder, "going-on");
  const first = await startCloud({ data });
  const device = await OtaDevice.connect(first);
  await device.inform("1.0.0");
  const bytes = Buffer.from("kept");
  const firmwareId = await addPackage(first, "1.1.0", bytes);
  const devices = [device.name];
  const jobId = await first.ota.createJob({ firmwareId, devices, timeoutMinutes: 1 / 300 });
  const url = new URL(String((await device.pushed()).url));
  await first.close();
  await device.end();

  const second = await startCloud({ data });
  const back = await OtaDevice.connect(second);
  assert.equal((await back.pushed()).version, "1.1.0", "pushed again as it is unfinished");
  url.port = new URL(second.endpoints.files).port;
  const body = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.deepEqual(body, bytes, "addresses stay good");
  await back.progress(60, "more than half");
  await second.close();
  await back.end();

  const third = await startCloud({ data });
  const task = await third.ota.finished(jobId, device.name);
  assert.equal(task.status, "FAILED", "the timeout that began before");
  assert.match(task.desc, /after the first progress report/);
  await third.close();

  const fourth = await startCloud({ data });
  assert.deepEqual(state(fourth, jobId, device.name), ["FAILED", 60, task.desc]);
  await fourth.close();
});

test("a platform without a directory keeps nothing", async () => {
  const first = await startCloud();
  const firmwareId = await addPackage(first, "1.1.0");
  await first.close();
  const second = await startCloud();
  const refused = second.ota.createJob({ firmwareId, devices: ["demo_0001"] });
  await assert.rejects(refused, { code: "iot.ota.FirmwareNotExist" });
  await second.close();
});
