/**
 * What the tests of updates share: a device that reports, and waiting for its task.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Cloud, TaskStatus, TraceTask } from "../../host/cloud/index.ts";
import { type Received, TestDevice } from "./device.ts";

export const PRODUCT = "a1AliotDemo";
export const MODULE = "app";

export class OtaDevice {
  readonly device: TestDevice;
  readonly name: string;
  readonly #cloud: Cloud;

  private constructor(cloud: Cloud, device: TestDevice) {
    this.#cloud = cloud;
    this.device = device;
    this.name = device.deviceName;
  }

  /** Logs on the product's nth device; system topics come without subscriptions. */
  static async connect(cloud: Cloud, index = 0): Promise<OtaDevice> {
    const device = await TestDevice.connect(cloud, { device: index, extension: "_ss=1" });
    return new OtaDevice(cloud, device);
  }

  async inform(version: string, module: string | undefined = MODULE): Promise<void> {
    await this.#say("inform", { version, ...(module === "" ? {} : { module }) });
  }

  async progress(step: number | string, desc = "", module = MODULE): Promise<void> {
    await this.#say("progress", { step, desc, module });
  }

  /** The `data` of the answer to firmware/get. */
  async get(module = MODULE): Promise<Record<string, unknown>> {
    const topic = this.device.sys("thing/ota/firmware/get");
    await this.device.publish(topic, { id: "7", version: "1.0", params: { module } });
    const { json } = await this.until(`${topic}_reply`);
    assert.equal(json.code, 200);
    return json.data as Record<string, unknown>;
  }

  /** The next push (of a version); other messages in between are dropped. */
  async pushed(version?: string): Promise<Record<string, unknown>> {
    const message = await this.until(`/ota/device/upgrade/${PRODUCT}/${this.name}`);
    assert.equal(message.json.code, "1000");
    assert.equal(message.json.message, "success");
    assert.equal(typeof message.json.id, "number");
    const data = message.json.data as Record<string, unknown>;
    return version === undefined || data.version === version ? data : this.pushed(version);
  }

  async until(topic: string): Promise<Received> {
    for (;;) {
      const message = await this.device.next();
      if (message.topic === topic) return message;
    }
  }

  /** Messages of a kind that have come so far, taken or not. */
  count(topic: string): number {
    return this.device.received.filter((message) => message.topic.startsWith(topic)).length;
  }

  end(): Promise<void> {
    return this.device.end();
  }

  /** Publishes, and waits until the platform has taken it. */
  async #say(kind: string, params: object): Promise<void> {
    const topic = `/ota/device/${kind}/${PRODUCT}/${this.name}`;
    await this.device.publish(topic, { id: "1", params });
    // Handled in order: once a request behind it is answered, so is this.
    const ntp = `/ext/ntp/${PRODUCT}/${this.name}`;
    const { trace } = this.#cloud;
    const answered = new Promise<void>((resolve) => {
      trace.on("message", function note(message) {
        if (message.direction !== "down" || message.topic !== `${ntp}/response`) return;
        trace.off("message", note);
        resolve();
      });
    });
    await this.device.publish(`${ntp}/request`, { deviceSendTime: "1" }, 0);
    await answered;
  }
}

/** Adds a package of one file for the demo product. */
export async function addPackage(
  cloud: Cloud,
  version: string,
  bytes: Buffer = Buffer.from(`package ${version}`),
): Promise<string> {
  const files = [{ name: "main.bin", bytes }];
  return cloud.ota.addFirmware({ productKey: PRODUCT, module: MODULE, version, files });
}

/** State, progress and words of a device's task. */
export function state(cloud: Cloud, jobId: string, deviceName: string): unknown[] {
  const task = cloud.ota.task(jobId, deviceName);
  return task ? [task.status, task.progress, task.desc] : [];
}

/** Waits until a task takes on a status. */
export async function reached(cloud: Cloud, jobId: string, status: TaskStatus): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  while (!cloud.ota.tasks(jobId).some((task) => task.status === status)) {
    (await once(cloud.trace, "task", { signal })) as [TraceTask];
  }
}
