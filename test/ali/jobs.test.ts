/**
 * Jobs on the device's side: lost answers, cancellations, restarts.
 * @module
 */
import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { afterEach, beforeEach, mock } from "node:test";
import type { AliIot } from "../../src/ali/aliiot.ts";
import type { Reply } from "../../src/ali/replies.ts";
import type { Service } from "../../src/ali/service.ts";
import { type Job, JobRejection, Jobs } from "../../src/ali/services/jobs.ts";
import { setLogLevel } from "../../src/debug/log.ts";

setLogLevel("off");
beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

interface Asked {
  text: string;
  details: unknown;
  answer(code: number, data?: object): Promise<void>;
}

/** All promises that are ready have run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A device whose platform is the test. */
class Device {
  readonly asked: Asked[] = [];
  readonly answers: unknown[][] = [];
  readonly filters: string[] = [];
  readonly jobs: Jobs;
  private readonly server: { status: boolean };
  private service: Service | undefined;

  constructor() {
    const port = {
      topics: { sys: "/sys/pk/dn/" },
      attach: (service: Service) => {
        this.service = service;
      },
      subscribe: (filter: string) => this.filters.push(filter),
      call: (path: string, params: Record<string, unknown>) => this.call(path, params),
      exchange: { answer: (...values: unknown[]) => this.answers.push(values) },
    };
    const server = { status: false, port };
    this.server = server;
    this.jobs = new Jobs(server as unknown as AliIot);
  }

  /** What was asked since the last look, in short. */
  get news(): string[] {
    return this.asked.map(({ text }) => text);
  }

  async online(): Promise<void> {
    this.server.status = true;
    this.service?.online?.();
    await settled();
  }

  offline(): void {
    this.server.status = false;
    this.service?.offline?.();
  }

  async notify(taskId: string, status: string, more: object = {}): Promise<void> {
    const task = { taskId, status, jobDocument: {}, ...more };
    await this.raw(JSON.stringify({ id: "9", params: { task } }));
  }

  async raw(payload: string): Promise<void> {
    assert.equal(this.service?.accept("/sys/pk/dn/thing/job/notify", payload), true);
    await settled();
  }

  /** Answers the oldest question. */
  async answer(text: string, code = 200, data: object = {}): Promise<void> {
    const next = this.asked.shift();
    assert.equal(next?.text, text);
    await next?.answer(code, data);
  }

  private call(path: string, params: Record<string, unknown>): Promise<Reply> {
    const { taskId, status, progress, statusDetails } = params;
    const kind = path.split("/").pop();
    const text = [kind, taskId, status, progress].filter((part) => part !== undefined).join(" ");
    return new Promise((resolve) => {
      const answer = (code: number, data: object = {}) => {
        resolve({ id: "1", code, message: "text", data });
        return settled();
      };
      this.asked.push({ text, details: statusDetails, answer });
    });
  }
}

/** A handler whose end the test decides. */
function openEnd() {
  let resolve: (value?: unknown) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const begun: Job[] = [];
  const handler = (job: Job) => {
    begun.push(job);
    return new Promise((done, failed) => {
      resolve = done;
      reject = failed;
    });
  };
  const end = (value?: unknown) => {
    resolve(value);
    return settled();
  };
  const fail = (reason: unknown) => {
    reject(reason);
    return settled();
  };
  return { handler, begun, end, fail };
}

test("jobs that wait are taken up at log-on, one after the other", async () => {
  const device = new Device();
  const { handler, begun, end } = openEnd();
  device.jobs.onJob(handler);
  assert.deepEqual(device.news, [], "not while offline");
  assert.deepEqual(device.filters, [
    "/sys/pk/dn/thing/job/notify",
    "/sys/pk/dn/thing/job/get_reply",
    "/sys/pk/dn/thing/job/update_reply",
  ]);
  await device.online();
  const task = { taskId: "a", status: "IN_PROGRESS", progress: 30, jobDocument: { do: 1 } };
  await device.answer("get $next", 200, { taskId: "$next", statusDetails: { at: 2 }, task });
  await device.answer("update a IN_PROGRESS 30");
  assert.deepEqual(begun, [{ ...task, statusDetails: { at: 2 } }], "with what was reported before");

  await device.notify("b", "SENT");
  assert.deepEqual(device.answers.at(-1), ["/sys/pk/dn/thing/job/notify_reply", "9", 200, {}, ""]);
  assert.deepEqual(device.news, [], "the second one waits");
  await end({ done: true });
  assert.deepEqual(device.asked[0]?.details, { done: true });
  await device.answer("update a SUCCEEDED");
  await device.answer("get $next", 200, { task: { taskId: "b", status: "SENT" } });
  await device.answer("update b IN_PROGRESS");
  assert.equal(begun.length, 2);
  await end(7);
  assert.equal(device.asked[0]?.details, undefined, "only objects are details");
  await device.answer("update b SUCCEEDED");
  await device.answer("get $next", 200, { taskId: "$next" });
  assert.deepEqual(device.news, []);
});

test("failures and refusals carry their text", async () => {
  const device = new Device();
  const { handler, fail } = openEnd();
  device.jobs.onJob(handler);
  await device.online();
  await device.answer("get $next");
  await device.notify("a", "SENT");
  await device.answer("update a IN_PROGRESS");
  await fail(new Error("x".repeat(300)));
  assert.deepEqual(device.asked[0]?.details, { reason: "x".repeat(200) });
  await device.answer("update a FAILED");
  await device.answer("get $next");
  device.jobs.onJob(() => {
    throw new JobRejection("not now");
  });
  await device.answer("get $next");
  await device.notify("b", "SENT");
  await device.answer("update b IN_PROGRESS");
  assert.deepEqual(device.asked[0]?.details, { reason: "not now" });
  await device.answer("update b REJECTED");
});

test("a job is not begun when the platform has called it off meanwhile", async () => {
  const device = new Device();
  const { handler, begun } = openEnd();
  device.jobs.onJob(handler);
  await device.online();
  await device.answer("get $next");
  await device.notify("a", "SENT");
  await device.answer("update a IN_PROGRESS", 460);
  assert.equal(begun.length, 0);
  await device.notify("a", "SENT");
  await device.answer("update a IN_PROGRESS", 32);
  assert.deepEqual([begun.length, device.news], [0, []]);
  mock.timers.tick(30_000);
  await device.answer("get $next", 200, { task: { taskId: "a", status: "SENT" } });
  assert.deepEqual(device.news, ["update a IN_PROGRESS"], "asked for again after a while");
});

test("the end is reported until the platform answers", async () => {
  const device = new Device();
  const { handler, end } = openEnd();
  device.jobs.onJob(handler);
  await device.online();
  await device.answer("get $next", 200, { task: { taskId: "a", status: "SENT" } });
  await device.answer("update a IN_PROGRESS");
  device.offline();
  await end();
  await device.answer("update a SUCCEEDED", 32);
  mock.timers.tick(30_000);
  assert.deepEqual(device.news, [], "not while offline");
  await device.online();
  await device.answer("update a SUCCEEDED", 32);
  mock.timers.tick(30_000);
  await device.answer("update a SUCCEEDED", 460);
  await device.answer("get $next", 200, { task: { taskId: "a", status: "IN_PROGRESS" } });
  assert.deepEqual(device.news, [], "what has ended is not begun again");
  await device.notify("a", "SENT");
  assert.deepEqual(device.news, ["update a IN_PROGRESS"], "unless the platform says so");
});

test("a job that is called off is told, and its end is not reported", async () => {
  const device = new Device();
  const { handler, end, begun } = openEnd();
  const told: string[] = [];
  device.jobs.onJob(handler);
  device.jobs.onCancel((taskId, status) => {
    told.push(`${taskId} ${status}`);
    throw new Error("the listener's own");
  });
  await device.online();
  await device.answer("get $next", 200, { task: { taskId: "a", status: "SENT" } });
  await device.answer("update a IN_PROGRESS");
  await device.notify("other", "CANCELLED");
  assert.deepEqual(told, []);
  const [job] = begun;
  assert.ok(job);
  const progress = device.jobs.progress(job, 60, { left: 1 });
  await device.answer("update a IN_PROGRESS 60");
  assert.equal(await progress, true);
  await device.notify("a", "CANCELLED");
  assert.deepEqual(told, ["a CANCELLED"]);
  assert.equal(await device.jobs.progress(job, 70), false);
  await end();
  await device.answer("get $next");
  assert.deepEqual(device.news, []);
});

test("lists, single jobs and reports by hand", async () => {
  const device = new Device();
  await device.online();
  assert.deepEqual(device.news, [], "without onJob nothing is begun");
  await device.notify("a", "SENT");
  assert.deepEqual(device.news, []);
  const list = device.jobs.list();
  const tasks = [{ taskId: "a", status: "SENT" }];
  await device.answer("get $list", 200, { taskId: "$list", tasks });
  assert.deepEqual(await list, tasks);
  const none = device.jobs.list();
  await device.answer("get $list", 32);
  assert.equal(await none, undefined);
  const job = device.jobs.get("a");
  await device.answer("get a", 200, { taskId: "a", task: { taskId: "a", status: "SENT" } });
  assert.equal((await job)?.taskId, "a");
  const reply = device.jobs.update("a", "FAILED", 10, { reason: "r" });
  assert.deepEqual(device.asked[0]?.details, { reason: "r" });
  await device.answer("update a FAILED 10", 460);
  assert.equal((await reply).code, 460);
});

test("notices that make no sense are answered or dropped", async () => {
  const device = new Device();
  await device.raw("{");
  assert.equal(device.answers.length, 0);
  await device.raw('{"id":"1","params":{}}');
  await device.raw('{"id":"2"}');
  const codes = device.answers.map(([, id, code]) => [id, code]);
  assert.deepEqual(codes, [
    ["1", 460],
    ["2", 460],
  ]);
});
