/**
 * What a task sends to its device, by the type of its job: a notice for a custom job, else a
 * property set, a service call or a message on a custom topic
 * (help.aliyun.com/document_detail/254829.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { JOB_FILE_ADDRESS_MS } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Pushes } from "../ota/pushes.ts";
import type { Router } from "../router.ts";
import type { DeviceJobRecord, DeviceTaskRecord } from "../store/device-jobs.ts";
import { isObject, makeRequest } from "../thing/alink.ts";
import type { Command, Commands } from "../thing/commands.ts";

export interface DeliveryParts {
  broker: Broker;
  router: Router;
  ids: MessageIds;
  commands: Commands;
  /** Knows the addresses of files. */
  pushes: Pushes;
}

/** Whether it left, and what became of it, where that is known before the device reports. */
export type Sent = false | { result: Promise<{ failed: boolean; message: string } | undefined> };

/** What a notice says besides the statuses of tasks. */
export type NoticeStatus = DeviceTaskRecord["status"] | "REMOVED";

export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Whether the device is there and listens. */
  isReady(job: DeviceJobRecord, task: DeviceTaskRecord): boolean {
    const session = this.#parts.broker.session(task);
    return Boolean(
      session?.online && this.#topics(job, task).some((each) => session.receives(each)),
    );
  }

  /** @throws CloudError when the thing model or the device's topics do not fit the job. */
  async send(job: DeviceJobRecord, task: DeviceTaskRecord): Promise<Sent> {
    const { commands, router } = this.#parts;
    const { document, qos } = job;
    switch (job.type) {
      case "CUSTOM_JOB":
        return (await this.notify(job, task, "SENT")) && { result: Promise.resolve(undefined) };
      case "SET_PROPERTY":
        return answered(await commands.setProperty(task, params(document)));
      case "INVOKE_SERVICE":
        return this.#invoke(task, document);
      case "PUB": {
        const [topic = ""] = this.#topics(job, task);
        const payload = Buffer.from(String(document.messageContent), "base64");
        const gone = (await router.send(task, { topic, payload, qos })) === "sent";
        return gone && { result: Promise.resolve({ failed: false, message: "" }) };
      }
    }
  }

  /** Tells the device of a custom job's task; gives whether that went out. */
  async notify(
    job: DeviceJobRecord,
    task: DeviceTaskRecord,
    status: NoticeStatus,
  ): Promise<boolean> {
    const { router, ids } = this.#parts;
    const params = { task: this.describe(job, task, status) };
    const payload = makeRequest(ids.alink(), "thing.job.notify", params);
    const [topic = ""] = this.#topics(job, task);
    return (await router.send(task, { topic, payload, qos: job.qos })) === "sent";
  }

  /** A task as its device sees it. */
  describe(
    { document, file }: DeviceJobRecord,
    task: DeviceTaskRecord,
    status: NoticeStatus,
  ): Record<string, unknown> {
    const { taskId, progress } = task;
    return {
      taskId,
      status,
      progress,
      jobDocument: document,
      ...(file === undefined
        ? {}
        : {
            jobFile: {
              signMethod: file.signMethod,
              sign: file.sign,
              fileUrl: this.#parts.pushes.addressFor(task, file.key, JOB_FILE_ADDRESS_MS),
            },
          }),
    };
  }

  /** A synchronous service waits for its answer, an asynchronous one for its reply. */
  async #invoke(task: DeviceTaskRecord, document: Record<string, unknown>): Promise<Sent> {
    const { commands } = this.#parts;
    const identifier = String(document.serviceIdentifier);
    return answered(await commands.invokeService(task, identifier, params(document), {}));
  }

  /** What the device has to listen to, one of them at least. */
  #topics({ type, document }: DeviceJobRecord, { productKey, deviceName }: DeviceId): string[] {
    const own = `${productKey}/${deviceName}`;
    switch (type) {
      case "CUSTOM_JOB":
        return [`/sys/${own}/thing/job/notify`];
      case "SET_PROPERTY":
        return [`/sys/${own}/thing/service/property/set`];
      case "INVOKE_SERVICE": {
        const call = `/sys/${own}/thing/service/${document.serviceIdentifier}`;
        return [call, `/sys/${own}/rrpc/request/1`, `/ext/rrpc/1${call}`];
      }
      case "PUB":
        return [`/${own}/user/${document.topicShortName}`];
    }
  }
}

function params({ params }: Record<string, unknown>): Record<string, unknown> {
  return isObject(params) ? params : {};
}

/** A device's answer to a command decides the task. */
function answered({ reply }: Command): Sent {
  const result = reply.then(
    ({ code, message }) => ({
      failed: code !== 200,
      message: code === 200 ? "" : `code ${code}: ${message || "the device failed"}`,
    }),
    (error: unknown) => ({
      failed: true,
      message: error instanceof CloudError ? error.message : String(error),
    }),
  );
  return { result };
}
