/**
 * What devices ask for and report about custom jobs
 * (help.aliyun.com/en/iot/user-guide/device-jobs).
 * @module
 */
import { JOB_ERROR, JOB_LIST_MAX } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { Router } from "../router.ts";
import { type DeviceTaskRecord, isOver } from "../store/device-jobs.ts";
import { isObject, parseReply } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import { type Answer, offerRequest, parameterError } from "../thing/request.ts";
import type { DeviceJobs } from "./jobs.ts";
import type { Rollout } from "./rollout.ts";

/** What a device may report. */
const REPORTED = ["IN_PROGRESS", "SUCCEEDED", "FAILED", "REJECTED"] as const;

export class JobRequests {
  readonly #jobs: DeviceJobs;
  readonly #rollout: Rollout;

  constructor(router: Router, jobs: DeviceJobs, rollout: Rollout) {
    this.#jobs = jobs;
    this.#rollout = rollout;
    const job = "/sys/{own}/thing/job";
    offerRequest(router, `${job}/get`, (params, { device }) => this.#get(device, params));
    offerRequest(router, `${job}/update`, (params, { device }) => this.#update(device, params));
    router.route(`${job}/notify_reply`, ({ payload }) => {
      const code = parseReply(payload)?.code;
      return code === undefined ? { note: "not an Alink reply" } : { code };
    });
  }

  /** `$next`, `$list` or a task's id; a task that is not there is missing in the answer. */
  async #get(device: DeviceId, params: unknown): Promise<Answer> {
    const taskId = isObject(params) ? params.taskId : undefined;
    if (typeof taskId !== "string") return parameterError("taskId has to be a text");
    const open = this.#open(device);
    if (taskId === "$list") {
      const tasks = open.slice(0, JOB_LIST_MAX).map(({ taskId: id, status, progress }) => {
        return { taskId: id, status, progress };
      });
      return { code: Code.success, data: { taskId, tasks } };
    }
    // What was begun comes first.
    const next = open.find(({ status }) => status === "IN_PROGRESS") ?? open[0];
    const task = taskId === "$next" ? next : this.#own(device, taskId);
    const job = task && this.#jobs.get(task.jobId);
    if (!task || !job) return { code: Code.success, data: { taskId } };
    const known =
      task.status === "QUEUED" ? await this.#jobs.changeTask(task, { status: "SENT" }) : task;
    const { statusDetails } = known;
    const data = {
      taskId,
      ...(statusDetails === undefined ? {} : { statusDetails }),
      task: this.#rollout.delivery.describe(job, known, known.status),
    };
    return { code: Code.success, data };
  }

  async #update(device: DeviceId, params: unknown): Promise<Answer> {
    if (!isObject(params)) return parameterError("params has to be an object");
    const { taskId, status, progress, statusDetails } = params;
    const data = { taskId };
    const refuse = (text: string, code: number = JOB_ERROR): Answer => ({ code, text, data });
    const task = typeof taskId === "string" ? this.#own(device, taskId) : undefined;
    if (!task) return refuse(`the device has no task ${String(taskId)}`);
    if (isOver(task.status)) return refuse(`task ${taskId} is over: ${task.status}`);
    const reported = REPORTED.find((each) => each === status);
    if (!reported) return refuse(`status has to be one of ${REPORTED.join(", ")}`);
    if (progress !== undefined && !isPercentage(progress)) {
      return refuse("progress has to be a whole number from 0 to 100");
    }
    if (statusDetails !== undefined && !isObject(statusDetails)) {
      return refuse("statusDetails has to be an object");
    }
    await this.#jobs.changeTask(task, {
      status: reported,
      progress: reported === "SUCCEEDED" ? 100 : (progress ?? task.progress),
      ...(statusDetails === undefined ? {} : { statusDetails }),
      ...(task.startedAt === undefined ? { startedAt: Date.now() } : {}),
    });
    return { code: Code.success, data };
  }

  /** The custom tasks of a device that are not over and whose time has come, oldest first. */
  #open(device: DeviceId): DeviceTaskRecord[] {
    return this.#jobs.ofDevice(device).filter(({ jobId, status }) => {
      const job = this.#jobs.get(jobId);
      return job?.type === "CUSTOM_JOB" && !isOver(status) && this.#rollout.hasBegun(job);
    });
  }

  /** A custom task of this device. */
  #own(device: DeviceId, taskId: string): DeviceTaskRecord | undefined {
    const task = this.#jobs.ofDevice(device).find((each) => each.taskId === taskId);
    const type = task && this.#jobs.get(task.jobId)?.type;
    return type === "CUSTOM_JOB" ? task : undefined;
  }
}

function isPercentage(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;
}
