/**
 * The platform's log of updates: no signatures of downloads, nothing that moves a terminal.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { messageLine, taskLine } from "../../host/cli/cloud-log.ts";
import { startCloud } from "../../host/cloud/index.ts";
import { addPackage, OtaDevice, reached } from "./ota-setup.ts";

test("the log shows pushes, answers and tasks without signatures", async () => {
  const cloud = await startCloud();
  const lines: string[] = [];
  cloud.trace.on("message", (message) => lines.push(messageLine(message)));
  cloud.trace.on("task", (task) => lines.push(taskLine(task)));
  const device = await OtaDevice.connect(cloud);
  const jobId = await cloud.ota.createJob({
    firmwareId: await addPackage(cloud, "1.1.0"),
    devices: [device.name],
  });
  const { url } = await device.pushed();
  await device.get();
  await device.progress(-1, "\u001b[2J broken");
  await reached(cloud, jobId, "FAILED");
  await device.end();
  await cloud.close();
  const log = lines.join("\n");
  const { pathname, searchParams } = new URL(String(url));
  assert.equal(log.split(pathname).length, 3, "the push and the answer are there");
  assert.equal(log.includes("Expires="), false);
  assert.equal(log.includes(encodeURIComponent(searchParams.get("Signature") ?? "")), false);
  assert.match(log, /update of app to 1\.1\.0: QUEUED 0$/m);
  assert.match(log, /update of app to 1\.1\.0: FAILED -1 �\[2J broken$/m);
});
