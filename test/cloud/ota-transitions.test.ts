/**
 * The rules of a task's states.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onAnnounced, onInform, onProgress, timeoutAt } from "../../host/cloud/ota/transitions.ts";
import type { TaskRecord, TaskStatus } from "../../host/cloud/store/ota-records.ts";

function task(status: TaskStatus, more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    taskId: "t",
    jobId: "j",
    firmwareId: "f",
    iotId: "i",
    productKey: "p",
    deviceName: "d",
    module: "app",
    srcVersion: "1.0",
    destVersion: "1.1",
    status,
    progress: 0,
    desc: "",
    pushes: 0,
    retries: 0,
    createdAt: 1,
    modifiedAt: 1,
    ...more,
  };
}

const UNFINISHED = ["CONFIRM", "QUEUED", "NOTIFIED", "IN_PROGRESS"] as const;
const FINAL = ["SUCCEEDED", "FAILED", "CANCELED"] as const;

for (const status of UNFINISHED) {
  test(`${status}: the target's version is success`, () => {
    assert.equal(onInform(task(status), "1.1")?.status, "SUCCEEDED");
  });
  test(`${status}: the source's version changes nothing`, () => {
    assert.equal(onInform(task(status), "1.0"), undefined);
  });
}

for (const status of FINAL) {
  test(`${status} is final`, () => {
    assert.equal(onInform(task(status), "1.1"), undefined);
    assert.equal(onInform(task(status), "0.9"), undefined);
    assert.equal(onProgress(task(status), 50, "", 9), undefined);
    assert.equal(onProgress(task(status), -1, "", 9), undefined);
    assert.equal(onAnnounced(task(status)), undefined);
  });
}

test("a third version fails what has begun, and is a new source of what has not", () => {
  const failed = onInform(task("IN_PROGRESS"), "0.9");
  assert.equal(failed?.status, "FAILED");
  assert.match(failed?.desc ?? "", /0\.9.*1\.0.*1\.1/);
  assert.deepEqual(onInform(task("QUEUED"), "0.9"), { srcVersion: "0.9" });
  assert.deepEqual(onInform(task("NOTIFIED"), "0.9"), { srcVersion: "0.9" });
});

test("the first version ever is the source", () => {
  const { srcVersion, ...unknown } = task("IN_PROGRESS");
  assert.ok(srcVersion);
  assert.deepEqual(onInform(unknown, "0.9"), { srcVersion: "0.9" });
});

test("progress", () => {
  const first = { status: "IN_PROGRESS", progress: 1, desc: "begun", startedAt: 9 };
  assert.deepEqual(onProgress(task("QUEUED"), 1, "begun", 9), first);
  assert.deepEqual(onProgress(task("NOTIFIED"), 1, "begun", 9), first);
  const later = onProgress(task("IN_PROGRESS", { startedAt: 5 }), 100, "all", 9);
  assert.deepEqual(later, { status: "IN_PROGRESS", progress: 100, desc: "all" });
  for (const step of [0, -1, -2, -3, -4]) {
    const change = onProgress(task("IN_PROGRESS", { startedAt: 5 }), step, "why", 9);
    assert.deepEqual(change, { status: "FAILED", progress: step, desc: "why" });
  }
  assert.equal(onProgress(task("CONFIRM"), 1, "", 9), undefined);
});

test("announcing counts, and moves only what waits", () => {
  assert.deepEqual(onAnnounced(task("QUEUED")), { status: "NOTIFIED", pushes: 1 });
  assert.deepEqual(onAnnounced(task("NOTIFIED", { pushes: 1 })), { pushes: 2 });
  assert.deepEqual(onAnnounced(task("IN_PROGRESS", { pushes: 2 })), { pushes: 3 });
  assert.equal(onAnnounced(task("CONFIRM")), undefined);
});

test("the timeout counts from the first progress report, in minutes", () => {
  const begun = { startedAt: 1000, timeoutMinutes: 2 };
  assert.equal(timeoutAt(task("IN_PROGRESS", begun)), 121_000);
  assert.equal(timeoutAt(task("NOTIFIED", { timeoutMinutes: 2 })), undefined);
  assert.equal(timeoutAt(task("IN_PROGRESS", { startedAt: 1000 })), undefined);
  assert.equal(timeoutAt(task("FAILED", begun)), undefined);
});
