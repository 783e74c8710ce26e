/**
 * Devices' shadows: devices report and read, applications say what is desired
 * (help.aliyun.com/document_detail/53964.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { SHADOW_QOS } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { Table } from "../store/table.ts";
import {
  deleteReported,
  EMPTY,
  readMessage,
  type ShadowDocument,
  ShadowError,
  shown,
  updateDesired,
  updateReported,
} from "./document.ts";

const CHANGES = new Map<unknown, typeof updateReported>([
  ["update", updateReported],
  ["delete", deleteReported],
]);

export class Shadows {
  readonly #table: Table<ShadowDocument>;
  readonly #router: Router;
  readonly #broker: Broker;

  private constructor(table: Table<ShadowDocument>, router: Router, broker: Broker) {
    this.#table = table;
    this.#router = router;
    this.#broker = broker;
    router.route("/shadow/update/{own}", (message) => this.#taken(message));
  }

  static async load(store: OrderedStore, router: Router, broker: Broker): Promise<Shadows> {
    return new Shadows(await Table.load(store, "shadow/"), router, broker);
  }

  /** A device's shadow; an empty one of version 0 when nobody has written to it. */
  get(device: DeviceId): ShadowDocument {
    return structuredClone(this.#table.get(rowOf(device)) ?? EMPTY);
  }

  /**
   * Sets what is desired of a device, which hears of it at once when it is online.
   * @param message as `ShadowMessage` of UpdateDeviceShadow: `{method, state: {desired}, version}`
   * @param delta whether what was desired before stays
   * @throws CloudError `iot.shadow.CODE`, the codes being those that devices get
   */
  async update(device: DeviceId, message: Record<string, unknown>, delta = false): Promise<void> {
    let next: ShadowDocument;
    try {
      next = updateDesired(this.get(device), message, delta, seconds());
    } catch (error) {
      if (!(error instanceof ShadowError)) throw error;
      throw new CloudError(`iot.shadow.${error.code}`, error.message);
    }
    this.#table.put(rowOf(device), next);
    if (Object.keys(next.state.desired).length === 0) return;
    // A device that is away reads its shadow when it comes.
    if (this.#broker.session(device)?.online) await this.#control(device, next);
  }

  /** Removes a device's shadow. */
  forget(device: DeviceId): void {
    this.#table.delete(rowOf(device));
  }

  /** Waits until everything is in the store. */
  close(): Promise<void> {
    return this.#table.flush();
  }

  #taken({ device, payload }: UpMessage): Outcome {
    const topic = topicOf(device);
    const now = seconds();
    const reply = (content: Record<string, unknown>, more: Record<string, unknown> = {}) => {
      const message = { method: "reply", payload: content, ...more, timestamp: now };
      return { topic, payload: Buffer.from(JSON.stringify(message)) };
    };
    try {
      const message = readMessage(payload);
      const old = this.get(device);
      if (message.method === "get") {
        const { version } = old;
        return { code: 200, reply: reply({ status: "success", ...contentOf(old) }, { version }) };
      }
      const change = CHANGES.get(message.method);
      if (!change) throw new ShadowError(406, `method "${message.method}" is unknown`);
      const next = change(old, message, now);
      this.#table.put(rowOf(device), next);
      return { code: 200, reply: reply({ status: "success", version: next.version }) };
    } catch (error) {
      if (!(error instanceof ShadowError)) throw error;
      const content = { errorcode: String(error.code), errormessage: error.message };
      const refusal = reply({ status: "error", content });
      return { code: error.code, note: error.message, reply: refusal };
    }
  }

  async #control(device: DeviceId, document: ShadowDocument): Promise<void> {
    const { version, timestamp } = document;
    const payload = { status: "success", ...contentOf(document) };
    const message = { method: "control", payload, version, timestamp };
    await this.#router.send(device, {
      topic: topicOf(device),
      payload: Buffer.from(JSON.stringify(message)),
      qos: SHADOW_QOS,
    });
  }
}

function contentOf({ state, metadata }: ShadowDocument): object {
  return { state: shown(state), metadata: shown(metadata) };
}

function topicOf({ productKey, deviceName }: DeviceId): string {
  return `/shadow/get/${productKey}/${deviceName}`;
}

function rowOf({ productKey, deviceName }: DeviceId): string {
  return `${productKey}/${deviceName}`;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
