/**
 * Jobs that the platform has for the device (`thing/job/…`, Ali "Device jobs"): told by `notify`, or
 * asked for at each log-on, and worked at one after the other.
 * @module
 */
import { describeError, logError, logWarn } from "../../debug/log.ts";
import { textOf } from "../../link/connection.ts";
import { parseJson } from "../../text/json.ts";
import type { AliIot } from "../aliiot.ts";
import type { Port } from "../port.ts";
import type { Reply } from "../replies.ts";
import type { Service } from "../service.ts";
import { isPromise } from "./setting.ts";

const PATH = "thing/job/";
const LONGEST_REASON = 200;
/** Until the platform is asked or told once more what it did not answer, ms. */
const AGAIN = 30000;

/** A file that comes with a job. */
export interface JobFile {
  /** Good for an hour; asked for again by `get(id)`, it is a new one. */
  fileUrl: string;
  /** `Md5` or `Sha256`, of the file as `sign` in hexadecimal. */
  signMethod: string;
  sign: string;
}

/** What the device is to do. */
export interface Job {
  taskId: string;
  /** `SENT`, or `IN_PROGRESS` for one that was begun before a restart or a lost connection. */
  status: string;
  /** Per cent, as last reported. */
  progress?: number;
  /** What the operator has written for the device. */
  jobDocument: any;
  jobFile?: JobFile;
  /** What the device has reported of it before. */
  statusDetails?: any;
}

/** What the platform lists of a job. */
export interface JobSummary {
  taskId: string;
  status: string;
}

/**
 * Does a job. What it returns, or the promise, ends the job as `SUCCEEDED`, an object being reported
 * along with that; what it throws, or the promise's rejection, as `FAILED` with the text. A thrown
 * `JobRejection` ends it as `REJECTED`.
 */
export type JobHandler = (job: Job) => any;

/** Hears that the platform has called off the job at hand: `CANCELLED` or `REMOVED`. */
export type JobCancelled = (taskId: string, status: string) => void;

/** Thrown by a handler that will not do a job; a plain object, which costs the least. */
export class JobRejection {
  constructor(readonly message: string) {}
}

/**
 * The device's jobs.
 * @public
 */
export class Jobs implements Service {
  private readonly port: Port;
  private readonly path: string;
  private handler: JobHandler | undefined;
  private cancelled: JobCancelled | undefined;
  /** The job at hand, empty when there is none. */
  private taskId = "";
  /** What became of it, until the platform knows. */
  private outcome: { status: string; details: any } | undefined;
  /** The job that ended last: not begun again unless the platform tells of it anew. */
  private last = "";
  private timer = 0;

  constructor(private readonly server: AliIot<any>) {
    this.port = server.port;
    this.path = this.port.topics.sys + PATH;
    this.port.attach(this);
    this.port.subscribe(this.path + "notify");
    this.port.subscribe(this.path + "get_reply");
    this.port.subscribe(this.path + "update_reply");
  }

  /** Sets what does jobs, and takes up those that wait. Without it, none is begun. */
  onJob(handler: JobHandler): void {
    this.handler = handler;
    if (this.server.status) this.askNext();
  }

  /** Sets what hears of jobs that are called off while they are done; their end is not reported. */
  onCancel(listener: JobCancelled): void {
    this.cancelled = listener;
  }

  /**
   * Reports how far the job at hand is, in per cent, with more in an object: true on the platform's
   * code 200, false on another code, for another job, or without an answer.
   */
  progress(job: Job, percent: number, details?: any): Promise<boolean> {
    if (job.taskId !== this.taskId || this.outcome) return Promise.resolve(false);
    return this.update(job.taskId, "IN_PROGRESS", percent, details).then(
      (reply) => reply.code === 200,
    );
  }

  /** The jobs that are not over, at most ten; undefined without an answer. */
  list(): Promise<JobSummary[] | undefined> {
    return this.ask("$list").then((data) => data && (data.tasks || []));
  }

  /** A job by its id, or the next one; undefined where there is none, or no answer. */
  get(taskId?: string): Promise<Job | undefined> {
    return this.ask(taskId || "$next").then(jobOf);
  }

  /**
   * For an application that does without `onJob`: reports a job's state, `IN_PROGRESS`, `SUCCEEDED`,
   * `FAILED` or `REJECTED`. The platform's reply: 460 where the job is over or not the device's, below
   * 100 (`ali/codes`) where none came.
   */
  update(taskId: string, status: string, percent?: number, details?: any): Promise<Reply> {
    const params: any = { taskId: taskId, status: status };
    if (percent !== undefined) params.progress = percent;
    if (details !== undefined) params.statusDetails = details;
    return this.port.call(PATH + "update", params);
  }

  accept(topic: string, payload: string): boolean {
    if (!topic.startsWith(this.path) || !topic.endsWith("/notify")) return false;
    let message: any;
    try {
      message = parseJson(payload);
    } catch (error) {
      logWarn("ali", "a job's notice: " + textOf(error));
      return true;
    }
    const task = message.params && message.params.task;
    const code = task && task.taskId ? 200 : 460;
    this.port.exchange.answer(topic + "_reply", message.id, code, {}, "");
    if (code !== 200) logWarn("ali", "a job's notice without a task");
    else if (task.status === "SENT" || task.status === "IN_PROGRESS") this.begin(task);
    else if (task.taskId === this.taskId) this.callOff(task.status);
    return true;
  }

  online(): void {
    this.last = "";
    if (this.outcome) this.reportOutcome();
    else this.askNext();
  }

  /**
   * The timer's call.
   * @internal
   */
  onTime(): void {
    this.timer = 0;
    if (this.server.status) this.online();
  }

  private ask(taskId: string): Promise<any> {
    return this.port
      .call(PATH + "get", { taskId: taskId })
      .then((reply) => (reply.code === 200 ? reply.data || {} : undefined));
  }

  private askNext(): void {
    if (!this.handler || this.taskId) return;
    this.get().then((job) => {
      if (job && job.taskId !== this.last) this.begin(job);
    });
  }

  /** Begins a job once the platform agrees; another one waits there meanwhile. */
  private begin(job: Job): void {
    if (!this.handler || this.taskId) return;
    this.taskId = job.taskId;
    this.update(job.taskId, "IN_PROGRESS", job.progress).then((reply) => {
      if (job.taskId !== this.taskId) return;
      if (reply.code === 200) {
        this.run(job);
        return;
      }
      logWarn("ali", "job " + job.taskId + " is not begun: " + reply.code + " " + reply.message);
      this.taskId = "";
      // Not to be done any more, or not known yet.
      if (reply.code < 100) this.again();
    });
  }

  private run(job: Job): void {
    let result: any;
    try {
      result = (this.handler as JobHandler)(job);
    } catch (error) {
      this.failed(job.taskId, error);
      return;
    }
    if (isPromise(result)) {
      result.then(
        (details: any) => this.ended(job.taskId, "SUCCEEDED", details),
        (error: any) => this.failed(job.taskId, error),
      );
    } else this.ended(job.taskId, "SUCCEEDED", result);
  }

  private failed(taskId: string, error: any): void {
    const status = error instanceof JobRejection ? "REJECTED" : "FAILED";
    this.ended(taskId, status, { reason: textOf(error).substr(0, LONGEST_REASON) });
  }

  private ended(taskId: string, status: string, details: any): void {
    if (taskId !== this.taskId) return;
    const isObject = details && typeof details === "object" && !Array.isArray(details);
    this.outcome = { status: status, details: isObject ? details : undefined };
    this.reportOutcome();
  }

  /** Tells the platform, again and again until it answers; then the next job's turn has come. */
  private reportOutcome(): void {
    const taskId = this.taskId;
    const outcome = this.outcome as { status: string; details: any };
    this.update(taskId, outcome.status, undefined, outcome.details).then((reply) => {
      if (taskId !== this.taskId || !this.outcome) return;
      if (reply.code < 100) {
        this.again();
        return;
      }
      if (reply.code !== 200) {
        logWarn("ali", "end of job " + taskId + " refused: " + reply.code + " " + reply.message);
      }
      this.finish();
    });
  }

  private again(): void {
    if (!this.timer) this.timer = setTimeout(onTime, AGAIN, this);
  }

  private callOff(status: string): void {
    const taskId = this.taskId;
    const listener = this.cancelled;
    if (listener) {
      try {
        listener(taskId, status);
      } catch (error) {
        logError("ali", "the listener for cancelled jobs failed: " + describeError(error));
      }
    }
    this.finish();
  }

  private finish(): void {
    this.last = this.taskId;
    this.taskId = "";
    this.outcome = undefined;
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    if (this.server.status) this.askNext();
  }
}

/** The job of an answer to `get`. */
function jobOf(data: any): Job | undefined {
  const job = data && data.task;
  if (job && data.statusDetails !== undefined) job.statusDetails = data.statusDetails;
  return job;
}

/** The timers' function: one for all, as a closure would hold what it works for. */
function onTime(jobs: Jobs): void {
  jobs.onTime();
}
