/**
 * The example of jobs: one that waits for the device, two that come while it is online,
 * and some with a file.
 * @module
 */
import assert from "node:assert/strict";
import type { Cloud } from "../../host/cloud/index.ts";
import type { JobFile } from "../../host/cloud/store/device-jobs.ts";
import type { Seen } from "../../host/demo/watch.ts";
import { testExample } from "./run.ts";

interface Given {
  productKey: string;
  deviceName: string;
}

/** Starts a job for the device; gives what becomes of it. */
async function begin(cloud: Cloud, id: Given, document: object, file?: JobFile) {
  const device = await cloud.registry.devices.get(id);
  assert.ok(device);
  const common = { name: "blink", description: "", type: "CUSTOM_JOB" } as const;
  const spec = { ...common, document: { ...document }, maximumPerMinute: 1000, qos: 1 } as const;
  const { jobId } = await cloud.rollout.begin({ ...spec, ...(file && { file }) }, [device]);
  return async () => {
    const end = await cloud.deviceJobs.finished(jobId, id.deviceName);
    const { status, progress, statusDetails } = end;
    return { status, progress, statusDetails };
  };
}

testExample("jobs", async ({ cloud, device, watch }) => {
  const first = await begin(cloud, device, { do: "blink", times: 3 });
  const details = { statusDetails: { blinked: 3 } };
  assert.deepEqual(await first(), { status: "SUCCEEDED", progress: 100, ...details });
  // The platform traces a message once it has dealt with it.
  const isEnd = (seen: Seen) =>
    seen.kind === "message" && String(seen.payload).includes('"SUCCEEDED"');
  await watch.wait("the report of the end", 0, isEnd);
  const updates = watch.seen.flatMap((seen) => {
    if (seen.kind !== "message" || !seen.topic.endsWith("/thing/job/update")) return [];
    const { status, progress, statusDetails } = JSON.parse(String(seen.payload)).params;
    return [{ status, progress, statusDetails }];
  });
  assert.deepEqual(updates, [
    { status: "IN_PROGRESS", progress: 0, statusDetails: undefined },
    { status: "IN_PROGRESS", progress: 50, statusDetails: { left: 3 } },
    { status: "SUCCEEDED", progress: undefined, statusDetails: { blinked: 3 } },
  ]);

  // The second one comes while the first is done, and waits on the platform.
  const others = await Promise.all([
    begin(cloud, device, { do: "sing" }),
    begin(cloud, device, { do: "blink", times: 0 }),
  ]);
  const ends = await Promise.all(others.map((finished) => finished()));
  assert.deepEqual(
    ends.map(({ status, statusDetails }) => [status, statusDetails?.reason]),
    [
      ["REJECTED", "this device can only blink"],
      ["FAILED", "times has to be a number from 1 on"],
    ],
  );

  const { rollout } = cloud;
  const melody = Buffer.from(Array.from({ length: 3000 }, (_, n) => (n * 31) & 255));
  const fetched = async (file: JobFile) => {
    const { status, statusDetails } = await (await begin(cloud, device, {}, file))();
    return [status, statusDetails];
  };
  const kept = { kept: 3000 };
  assert.deepEqual(await fetched(await rollout.keepFile(melody)), ["SUCCEEDED", kept]);
  const small = await rollout.keepFile(melody.subarray(0, 100), "Md5");
  assert.deepEqual(await fetched(small), ["SUCCEEDED", { kept: 100 }]);
  const damaged = { ...(await rollout.keepFile(melody)), sign: "00" };
  const wrong = { reason: "the file's digest is not the announced one" };
  assert.deepEqual(await fetched(damaged), ["FAILED", wrong]);
  const large = await rollout.keepFile(Buffer.alloc(8193));
  const tooLarge = { reason: "the file has 8193 bytes: at most 8192 are taken" };
  assert.deepEqual(await fetched(large), ["FAILED", tooLarge]);
});
