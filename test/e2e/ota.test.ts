/**
 * Updates by every way of download, from the local platform to the very bundle on each engine.
 * @module
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { FirmwareSpec, JobSpec } from "../../host/cloud/index.ts";
import type { Stage } from "../../host/demo/stage.ts";
import { imageFor } from "../../host/demo/updates.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { engines, stageFor } from "./engines.ts";

type Files = FirmwareSpec["files"];

/** Updates the stage's board; gives the task as the platform has it in the end. */
async function update(
  stage: Stage,
  version: string,
  files: Files,
  firmware: Partial<FirmwareSpec> = {},
  job: Partial<JobSpec> = {},
) {
  const { cloud, device } = stage;
  const { productKey, deviceName } = device;
  const spec = { productKey, module: PROJECT_NAME, version, files, ...firmware };
  const firmwareId = await cloud.ota.addFirmware(spec);
  const jobId = await cloud.ota.createJob({ firmwareId, devices: [deviceName], ...job });
  return cloud.ota.finished(jobId, deviceName);
}

function single(stage: Stage, version: string): Files {
  return [{ name: "image.bin", bytes: imageFor(stage, version) }];
}

async function runs(stage: Stage, version: string): Promise<void> {
  const told = JSON.parse(await stage.board.evaluate("JSON.stringify(ali.ota())"));
  assert.equal(told.version, version);
}

for (const engine of engines()) {
  test(`updates over HTTP and MQTT, of one file and of several, on ${engine.name}`, async (context) => {
    const stage = await stageFor(engine);
    context.after(() => stage.close());
    let printed = "";
    stage.board.onConsole((text) => {
      printed += text;
    });
    await stage.board.powerOn();
    await stage.watch.wait(
      "the version",
      0,
      (seen) => seen.kind === "message" && seen.topic.startsWith("/ota/device/inform/"),
    );
    const succeeds = async (
      version: string,
      ...rest: [Files, Partial<FirmwareSpec>?, Partial<JobSpec>?]
    ) => {
      const task = await update(stage, version, ...rest);
      assert.equal(task.status, "SUCCEEDED", `${version}: ${task.desc}\n${printed.slice(-3000)}`);
      await runs(stage, version);
    };

    await succeeds("1.1.0", single(stage, "1.1.0"), {}, { protocol: "mqtt" });

    const main = { name: "main.js", bytes: readFileSync(stage.build.firmware) };
    const bare = [{ name: "table.bin", bytes: Buffer.alloc(20, "table") }, main];
    await succeeds("1.2.0", bare, { signMethod: "SHA256" });

    stage.cloud.ota.faults = { expired: true, times: 1 };
    await succeeds("1.3.0", single(stage, "1.3.0"), { signMethod: "SHA256" });

    stage.cloud.ota.faults = { wrongBytes: true };
    const failed = await update(stage, "1.4.0", single(stage, "1.4.0"), { signMethod: "SHA256" });
    assert.deepEqual([failed.status, failed.progress], ["FAILED", -3], JSON.stringify(failed));
    await runs(stage, "1.3.0");
  });
}
