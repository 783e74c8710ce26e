/**
 * How a device's task goes from state to state (help.aliyun.com/document_detail/58328.html,
 * 85700.html, 302377.html): rules without side effects.
 * @module
 */
import type { TaskRecord, TaskStatus } from "../store/ota-records.ts";

/** What changes in a task, where a member may also be removed; undefined when nothing does. */
export type Change = { [K in keyof TaskRecord]?: TaskRecord[K] | undefined } | undefined;

/** Whether a task has come to an end. */
export function isFinal(status: TaskStatus): boolean {
  return status === "SUCCEEDED" || status === "FAILED" || status === "CANCELED";
}

/** Whether the package is there for the device: it may be announced and downloaded. */
export function isOpen(status: TaskStatus): boolean {
  return status === "QUEUED" || status === "NOTIFIED" || status === "IN_PROGRESS";
}

/** A package was announced, by push or as the answer to a request. */
export function onAnnounced(task: TaskRecord): Change {
  if (!isOpen(task.status)) return undefined;
  const pushes = task.pushes + 1;
  return task.status === "QUEUED" ? { status: "NOTIFIED", pushes } : { pushes };
}

/**
 * A device has informed its version. The target's is success, whatever came before; a version that
 * is neither source nor target fails an update that has begun.
 */
export function onInform(task: TaskRecord, version: string): Change {
  if (isFinal(task.status)) return undefined;
  if (version === task.destVersion) return { status: "SUCCEEDED", progress: 100, desc: "" };
  if (version === task.srcVersion) return undefined;
  if (task.status !== "IN_PROGRESS" || task.srcVersion === undefined) {
    return { srcVersion: version };
  }
  const desc = `version ${version} is neither ${task.srcVersion} nor ${task.destVersion}`;
  return { status: "FAILED", desc };
}

/**
 * A device has reported progress: 1 to 100, where 100 is no success yet; 0 and less end the update
 * as failed with the device's words.
 */
export function onProgress(task: TaskRecord, step: number, desc: string, now: number): Change {
  if (!isOpen(task.status)) return undefined;
  const started = task.startedAt === undefined ? { startedAt: now } : {};
  const status: TaskStatus = step <= 0 ? "FAILED" : "IN_PROGRESS";
  return { status, progress: step, desc, ...started };
}

/** When a task that is in progress fails by timeout. */
export function timeoutAt({ status, startedAt, timeoutMinutes }: TaskRecord): number | undefined {
  if (status !== "IN_PROGRESS" || startedAt === undefined) return undefined;
  return timeoutMinutes === undefined ? undefined : startedAt + timeoutMinutes * 60_000;
}
