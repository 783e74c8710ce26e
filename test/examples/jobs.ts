/**
 * The example of jobs: one that waits for the device, and two that come while it is online.
 * @module
 */
import assert from "node:assert/strict";
import type { Cloud } from "../../host/cloud/index.ts";
import type { Seen } from "../../host/demo/watch.ts";
import { testExample } from "./run.ts";

async function begin(cloud: Cloud, id: { productKey: string; deviceName: string }, document = {}) {
  const device = await cloud.registry.devices.get(id);
  assert.ok(device);
  const common = { name: "blink", description: "", type: "CUSTOM_JOB", document } as const;
  const { jobId } = await cloud.rollout.begin({ ...common, maximumPerMinute: 1000, qos: 1 }, [
    device,
  ]);
  return async () => {
    const { status, progress, statusDetails } = await cloud.deviceJobs.finished(
      jobId,
      id.deviceName,
    );
    return { status, progress, statusDetails };
  };
}

testExample("jobs", async ({ cloud, device, watch }, printed) => {
  const first = await begin(cloud, device, { do: "blink", times: 3 });
  const details = { statusDetails: { blinked: 3 } };
  assert.deepEqual(await first(), { status: "SUCCEEDED", progress: 100, ...details });
  assert.match(printed(), /blinks 3 times/);
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
});
