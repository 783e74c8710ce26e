/**
 * Announces packages to devices: at once when they are online, within the job's rate, and with
 * addresses that they can reach.
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import type { Endpoint } from "../broker/listeners.ts";
import { FILE_ADDRESS_MS, PUSH_QOS } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Router } from "../router.ts";
import type { FirmwareRecord, JobRecord, TaskRecord } from "../store/ota-records.ts";
import type { Addresses } from "./addresses.ts";
import { announcement } from "./announcement.ts";
import type { FaultSwitches } from "./faults.ts";
import { PushRate } from "./push-rate.ts";

/** Where the file server is, as seen from a device. */
export interface FileSite {
  scheme: "http" | "https";
  endpoint: Endpoint;
  /** Life of an address in milliseconds. */
  lifetimeMs?: number | undefined;
}

export interface PushParts {
  broker: Broker;
  router: Router;
  ids: MessageIds;
  addresses: Addresses;
  faults: FaultSwitches;
  site: () => FileSite;
}

export class Pushes {
  readonly #parts: PushParts;
  readonly #rate = new PushRate();

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  isOnline(device: DeviceId): boolean {
    return this.#parts.broker.session(device)?.online ?? false;
  }

  /** Counts a push; or else the time from which on another one may go. */
  admit({ jobId, maximumPerMinute }: JobRecord, now: number): true | number {
    return this.#rate.admit(jobId, maximumPerMinute, now);
  }

  /** Sends the package's description; gives whether it went out. */
  async send(task: TaskRecord, firmware: FirmwareRecord, job: JobRecord): Promise<boolean> {
    const { router, ids } = this.#parts;
    const { productKey, deviceName } = task;
    const data = this.describe(task, firmware, job);
    const message = { code: "1000", data, id: Number(ids.alink()), message: "success" };
    const payload = Buffer.from(JSON.stringify(message));
    const topic = `/ota/device/upgrade/${productKey}/${deviceName}`;
    return (await router.send(task, { topic, payload, qos: PUSH_QOS })) === "sent";
  }

  /** The `data` of a push or an answer, with fresh addresses. */
  describe(device: DeviceId, firmware: FirmwareRecord, job: JobRecord): Record<string, unknown> {
    return announcement(
      firmware,
      job,
      ({ key }) => this.addressFor(device, key),
      this.#parts.faults.get(firmware.firmwareId),
    );
  }

  /** A fresh address of a file, as the device reaches it. */
  addressFor(device: DeviceId, fileKey: string, lifetimeMs?: number): string {
    const { scheme, endpoint, lifetimeMs: preset = FILE_ADDRESS_MS } = this.#parts.site();
    const base = `${scheme}://${this.#hostFor(device, endpoint.host)}:${endpoint.port}`;
    const expires = Math.floor((Date.now() + (lifetimeMs ?? preset)) / 1000);
    return base + this.#parts.addresses.sign(fileKey, expires);
  }

  /** A platform that listens everywhere is reached where the device has reached it already. */
  #hostFor(device: DeviceId, host: string): string {
    const reached = this.#parts.broker.session(device)?.localAddress;
    const own = isAny(host) && reached ? reached : isAny(host) ? "127.0.0.1" : host;
    return own.includes(":") ? `[${own}]` : own;
  }
}

/** Whether an address stands for all of a computer's. */
export function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
