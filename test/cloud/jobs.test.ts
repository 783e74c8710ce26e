/**
 * Jobs for devices: what the OpenAPI starts, what devices are told, ask and report.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type * as iotTypes from "@alicloud/iot20180120";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { officialClient } from "./api-clients.ts";
import { TestDevice } from "./device.ts";

const iot = createRequire(import.meta.url)("@alicloud/iot20180120") as typeof iotTypes;
const TOPICS = ["notify", "get_reply", "update_reply"];
let data: string;
let cloud: Cloud;
let device: TestDevice;
let client: iotTypes.default;
before(async () => {
  data = await mkdtemp(join(tmpdir(), "jobs-"));
  cloud = await startCloud({ data });
  client = officialClient(cloud);
  device = await logOn();
});
after(async () => {
  await device.end();
  await cloud.close();
  await rm(data, { recursive: true, force: true });
});

async function logOn(index = 0): Promise<TestDevice> {
  const fresh = await TestDevice.connect(cloud, { device: index });
  await fresh.subscribe(TOPICS.map((topic) => fresh.sys(`thing/job/${topic}`)));
  return fresh;
}

const target = (...names: string[]) => ({
  targetType: "DEVICE_LIST",
  targetDevices: names.map((deviceName) => ({ productKey: device.productKey, deviceName })),
});

async function createJob(more: object = {}): Promise<string> {
  const { body } = await client.createJob(
    new iot.CreateJobRequest({
      jobName: "test_job",
      type: "CUSTOM_JOB",
      jobDocument: JSON.stringify({ key: "value" }),
      targetConfig: target(device.deviceName),
      ...more,
    }),
  );
  assert.equal(body?.success, true, body?.errorMessage);
  return String(body?.jobId);
}

interface Task {
  taskId: string;
  status: string;
  progress: number;
  jobDocument: object;
  jobFile?: { signMethod: string; sign: string; fileUrl: string };
}

/** The next notice of a task, answered as a device does. */
async function notice(from = device): Promise<Task> {
  const { topic, json } = await from.next();
  assert.equal(topic, from.sys("thing/job/notify"));
  assert.equal(json.method, "thing.job.notify");
  const reply = { id: json.id, code: 200, data: {} };
  await from.publish(from.sys("thing/job/notify_reply"), reply);
  return (json.params as { task: Task }).task;
}

interface Reply {
  code: number;
  message: string;
  data: { taskId: string; task?: Task; tasks?: Task[]; statusDetails?: object };
}

async function ask(kind: "get" | "update", params: object, from = device): Promise<Reply> {
  const { topic, json } = await from.request(from.sys(`thing/job/${kind}`), params);
  assert.equal(topic, from.sys(`thing/job/${kind}_reply`));
  return json as unknown as Reply;
}

const query = async (taskId: string) => {
  return (await client.queryTask(new iot.QueryTaskRequest({ taskId }))).body?.data;
};
const jobStatus = async (jobId: string) => {
  return (await client.queryJob(new iot.QueryJobRequest({ jobId }))).body?.data?.status;
};

test("a custom job is announced, worked at and done", async () => {
  const jobId = await createJob({ description: "for the test" });
  const { taskId, ...rest } = await notice();
  assert.deepEqual(rest, { status: "SENT", progress: 0, jobDocument: { key: "value" } });
  assert.equal((await query(taskId))?.status, "SENT");
  assert.equal(await jobStatus(jobId), "IN_PROGRESS");

  const statusDetails = { step: "unpacking" };
  const params = { taskId, status: "IN_PROGRESS", progress: 40, statusDetails };
  const { code, data } = await ask("update", params);
  assert.deepEqual([code, data], [200, { taskId }]);
  const running = await query(taskId);
  assert.deepEqual([running?.status, running?.progress], ["IN_PROGRESS", "40"]);
  assert.deepEqual(JSON.parse(String(running?.statusDetail)), statusDetails);
  assert.equal(running?.jobName, "test_job");

  const next = (await ask("get", { taskId: "$next" })).data;
  assert.equal(next.taskId, "$next");
  assert.deepEqual(next.statusDetails, statusDetails);
  assert.deepEqual([next.task?.taskId, next.task?.status], [taskId, "IN_PROGRESS"]);
  const list = (await ask("get", { taskId: "$list" })).data.tasks;
  assert.deepEqual(list, [{ taskId, status: "IN_PROGRESS", progress: 40 }]);

  assert.equal((await ask("update", { taskId, status: "SUCCEEDED" })).code, 200);
  assert.equal((await query(taskId))?.progress, "100");
  assert.equal(await jobStatus(jobId), "COMPLETED");
  assert.deepEqual((await ask("get", { taskId: "$next" })).data, { taskId: "$next" });
  assert.deepEqual((await ask("get", { taskId: "$list" })).data, { taskId: "$list", tasks: [] });
  const { code: late, message } = await ask("update", { taskId, status: "FAILED" });
  assert.equal(late, 460);
  assert.match(message, /is over: SUCCEEDED/);

  const listed = (await client.listJob(new iot.ListJobRequest({ status: "COMPLETED" }))).body;
  assert.deepEqual([listed?.total, listed?.data?.data?.[0]?.jobId], [1, jobId]);
  const tasks = (await client.listTask(new iot.ListTaskRequest({ jobId, limit: 10 }))).body;
  assert.deepEqual(
    tasks?.data?.data?.map((task) => [task.taskId, task.status]),
    [[taskId, "SUCCEEDED"]],
  );
  const statistics = new iot.QueryJobStatisticsRequest({ jobId });
  const counts = (await client.queryJobStatistics(statistics)).body?.data;
  assert.deepEqual([counts?.total, counts?.succeeded, counts?.failed], [1, 1, 0]);
});

test("a job's file comes by an address that is good for an hour", async () => {
  const bytes = Buffer.from("what the job needs");
  const sign = createHash("sha256").update(bytes).digest("hex");
  const request = new iot.GenerateFileUploadURLRequest({ fileName: "a", fileSuffix: "bin" });
  const permit = (await client.generateFileUploadURL(request)).body?.data;
  const form = new FormData();
  const { key, policy, signature, ossAccessKeyId: OSSAccessKeyId } = permit ?? {};
  for (const [name, value] of Object.entries({ key, policy, signature, OSSAccessKeyId })) {
    form.set(name, String(value));
  }
  form.set("file", new Blob([bytes]));
  const uploaded = await fetch(String(permit?.host), { method: "POST", body: form });
  assert.equal(uploaded.status, 204);
  const jobFile = { fileKey: key, signMethod: "Sha256", sign };
  const wrong = await client.createJob(
    new iot.CreateJobRequest({
      jobName: "test_job",
      type: "CUSTOM_JOB",
      jobDocument: "{}",
      targetConfig: target(device.deviceName),
      jobFile: { ...jobFile, sign: "00" },
    }),
  );
  assert.equal(wrong.body?.code, "iot.common.InvalidFormattedParameter");

  const jobId = await createJob({ jobFile });
  const { taskId, jobFile: file } = await notice();
  assert.deepEqual([file?.signMethod, file?.sign], ["Sha256", sign]);
  const url = new URL(String(file?.fileUrl));
  const life = Number(url.searchParams.get("Expires")) - Date.now() / 1000;
  assert.ok(life > 3500 && life <= 3600, String(life));
  assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), bytes);
  await ask("update", { taskId, status: "SUCCEEDED" });
  await client.deleteJob(new iot.DeleteJobRequest({ jobId }));
  assert.equal((await fetch(url)).status, 404);
  const gone = await client.queryJob(new iot.QueryJobRequest({ jobId }));
  assert.equal(gone.body?.code, "iot.job.JobNotExist");
});

test("a device that is away hears of it when it listens again, also after a restart", async () => {
  await device.end();
  const jobId = await createJob();
  const [queued] = cloud.deviceJobs.ofJob(jobId);
  assert.equal(queued?.status, "QUEUED");
  await cloud.close();
  cloud = await startCloud({ data });
  client = officialClient(cloud);
  device = await logOn();
  const { taskId } = await notice();
  assert.equal(taskId, queued?.taskId);
  await ask("update", { taskId, status: "REJECTED", statusDetails: { reason: "no" } });
  assert.equal((await query(taskId))?.status, "REJECTED");
});

test("operators cancel, delete and run again", async () => {
  const jobId = await createJob();
  const { taskId } = await notice();
  await client.cancelJob(new iot.CancelJobRequest({ jobId }));
  const told = await notice();
  assert.deepEqual([told.taskId, told.status], [taskId, "CANCELLED"]);
  assert.equal(await jobStatus(jobId), "CANCELLED");
  const again = await client.cancelJob(new iot.CancelJobRequest({ jobId }));
  assert.equal(again.body?.code, "iot.job.JobStatusNotAllowed");

  const removed = await createJob();
  const second = await notice();
  await client.deleteJob(new iot.DeleteJobRequest({ jobId: removed }));
  assert.deepEqual((await notice()).status, "REMOVED");
  assert.equal((await ask("update", { taskId: second.taskId, status: "FAILED" })).code, 460);

  const failing = await createJob();
  const third = await notice();
  const early = await client.rerunJob(new iot.RerunJobRequest({ jobId: failing }));
  assert.equal(early.body?.code, "iot.job.JobStatusNotAllowed");
  await ask("update", { taskId: third.taskId, status: "FAILED", progress: 30 });
  const rerun = await client.rerunJob(new iot.RerunJobRequest({ jobId: failing }));
  assert.equal(rerun.body?.success, true);
  const fresh = await notice();
  assert.deepEqual([fresh.taskId, fresh.progress], [third.taskId, 0]);
  await ask("update", { taskId: fresh.taskId, status: "SUCCEEDED" });
});

test("tasks time out, and only as many devices a minute are told as the job says", async () => {
  const other = await logOn(1);
  const names = [device.deviceName, other.deviceName];
  const devices = await Promise.all(
    names.map(async (deviceName) => {
      const record = await cloud.registry.devices.get({ ...device.id, deviceName });
      assert.ok(record);
      return record;
    }),
  );
  const common = { name: "slow", description: "", type: "CUSTOM_JOB", document: {} } as const;
  const { jobId } = await cloud.rollout.begin(
    { ...common, maximumPerMinute: 1, qos: 0, timeoutMinutes: 0.001 },
    devices,
  );
  const { taskId } = await notice();
  const [, waiting] = cloud.deviceJobs.ofJob(jobId);
  assert.equal(waiting?.status, "QUEUED");
  // Who asks gets it all the same.
  const task = (await ask("get", { taskId: "$next" }, other)).data.task;
  assert.equal(task?.taskId, waiting?.taskId);
  await ask("update", { taskId, status: "IN_PROGRESS" });
  const over = await cloud.deviceJobs.finished(jobId, device.deviceName);
  assert.deepEqual([over.status, over.message], ["TIMED_OUT", "not finished within 0.001 minutes"]);
  const rollout = { maximumPerMinute: 500, messageQoS: "1" };
  const change = { jobId, description: "later", rolloutConfig: rollout };
  assert.equal((await client.updateJob(new iot.UpdateJobRequest(change))).body?.success, true);
  const described = (await client.queryJob(new iot.QueryJobRequest({ jobId }))).body?.data;
  assert.deepEqual({ ...described?.rolloutConfig }, rollout);
  assert.equal(described?.description, "later");
  const stranger = { taskId: waiting?.taskId, status: "FAILED" };
  assert.equal((await ask("update", stranger)).code, 460, "another device's task");
  await cloud.rollout.remove(jobId);
  assert.equal((await notice(other)).status, "REMOVED");
  await other.end();
});

test("jobs set properties, call services and publish", async () => {
  const topics = ["thing/service/property/set", "thing/service/query_phone_num"];
  await device.subscribe([...topics.map((topic) => device.sys(topic)), userTopic()]);
  const settled = async (jobId: string) => {
    const { status, message } = await cloud.deviceJobs.finished(jobId, device.deviceName);
    return [status, message];
  };
  const set = await createJob({
    type: "SET_PROPERTY",
    jobDocument: JSON.stringify({ params: { power_switch: 0 } }),
  });
  const { topic, json } = await device.next();
  assert.deepEqual([topic, json.params], [device.sys(String(topics[0])), { power_switch: 0 }]);
  await device.publish(`${topic}_reply`, { id: json.id, code: 200, data: {} });
  assert.deepEqual(await settled(set), ["SUCCEEDED", ""]);

  const call = await createJob({
    type: "INVOKE_SERVICE",
    jobDocument: JSON.stringify({ serviceIdentifier: "query_phone_num", params: {} }),
  });
  const asked = await device.next();
  const failure = { id: asked.json.id, code: 100_001, data: {}, message: "no number" };
  await device.publish(`${asked.topic}_reply`, failure);
  assert.deepEqual(await settled(call), ["FAILED", "code 100001: no number"]);

  const messageContent = Buffer.from([0, 255, 10]).toString("base64");
  const pub = await createJob({
    type: "PUB",
    jobDocument: JSON.stringify({ topicShortName: "get", messageContent }),
  });
  const message = await device.next();
  assert.deepEqual([message.topic, message.payload], [userTopic(), Buffer.from([0, 255, 10])]);
  assert.deepEqual(await settled(pub), ["SUCCEEDED", ""]);
  const unknown = await createJob({
    type: "SET_PROPERTY",
    jobDocument: JSON.stringify({ params: { nothing: 0 } }),
  });
  const [status, reason] = await settled(unknown);
  assert.equal(status, "FAILED");
  assert.match(String(reason), /nothing is not in the thing model/);
});

const userTopic = () => `/${device.productKey}/${device.deviceName}/user/get`;

test("requests that make no sense are refused", async () => {
  const refused: [string, object][] = [
    ["JobName", { jobName: "a b" }],
    ["Type", { type: "OTHER" }],
    ["JobDocument", { jobDocument: "[]" }],
    ["serviceIdentifier", { type: "INVOKE_SERVICE" }],
    ["params", { type: "SET_PROPERTY" }],
    ["topicShortName", { type: "PUB" }],
    ["targetType", { targetConfig: { targetType: "GROUP_ID", targetGroup: "x" } }],
    ["targetDevices", { targetConfig: target() }],
    ["nobody", { targetConfig: target("nobody") }],
    ["ScheduledTime", { scheduledTime: Date.now() }],
    ["maximumPerMinute", { rolloutConfig: { maximumPerMinute: 0 } }],
    ["messageQoS", { rolloutConfig: { messageQoS: 2 } }],
    ["inProgressTimeoutInMinutes", { timeoutConfig: { inProgressTimeoutInMinutes: 0 } }],
    ["no uploaded file", { jobFile: { fileKey: "ota/x.bin", signMethod: "Md5", sign: "00" } }],
  ];
  for (const [word, more] of refused) {
    const request = new iot.CreateJobRequest({
      jobName: "test_job",
      type: "CUSTOM_JOB",
      jobDocument: "{}",
      targetConfig: target(device.deviceName),
      ...more,
    });
    const { body } = await client.createJob(request);
    assert.equal(body?.success, false, word);
    assert.match(String(body?.errorMessage), new RegExp(word));
  }
  const updates = [
    {},
    { taskId: "x", status: "SUCCEEDED" },
    ...[
      { status: "DONE" },
      { status: "FAILED", progress: 101 },
      { status: "FAILED", progress: 1.5 },
    ],
    { status: "FAILED", statusDetails: "text" },
  ];
  const jobId = await createJob({
    targetConfig: { targetType: "PRODUCT_KEY", targetProduct: device.productKey },
  });
  const { taskId } = await notice();
  for (const params of updates) {
    assert.equal((await ask("update", { taskId, ...params })).code, 460, JSON.stringify(params));
  }
  assert.equal((await ask("get", {})).code, 460);
  assert.deepEqual((await ask("get", { taskId: "nothing" })).data, { taskId: "nothing" });
  assert.equal(cloud.deviceJobs.ofJob(jobId).length, 2, "all devices of the product");
});
