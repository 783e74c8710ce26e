/**
 * What the platform tells a device below `/sys/{pk}/{dn}/`, such as `thing/config/push` and
 * `thing/disable`: sent with an id, answered by the device on `…_reply`.
 * @module
 */
import type { Delivery } from "../broker/broker.ts";
import { COMMAND_QOS, COMMAND_TIMEOUT_MS } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Router } from "../router.ts";
import { Calls } from "../rrpc/calls.ts";
import { type AlinkReply, makeRequest, parseReply } from "./alink.ts";

/** A notice on its way. */
export interface Notice {
  messageId: string;
  delivery: Delivery;
  /** The device's reply; undefined when none comes in time or the notice has not left. */
  reply: Promise<AlinkReply | undefined>;
}

export class Notices {
  readonly #router: Router;
  readonly #ids: MessageIds;
  readonly #calls = new Calls<AlinkReply>();

  constructor(router: Router, ids: MessageIds) {
    this.#router = router;
    this.#ids = ids;
  }

  /** Takes devices' replies to a notice, e.g. to `thing/config/push`. */
  offer(path: string): void {
    this.#router.route(`/sys/{own}/${path}_reply`, ({ device, payload }) => {
      const reply = parseReply(payload);
      if (!reply) return { note: "not an Alink reply" };
      const awaited = this.#calls.answer(`${deviceKey(device)}/${reply.id}`, reply);
      const code = Number.isNaN(reply.code) ? {} : { code: reply.code };
      const note = `nothing with id "${reply.id}" is waiting for a reply`;
      return awaited ? code : { ...code, note };
    });
  }

  /** Sends a notice; the method is the path with dots. */
  async send(
    device: DeviceId,
    path: string,
    params: unknown,
    timeoutMs = COMMAND_TIMEOUT_MS,
  ): Promise<Notice> {
    const messageId = this.#ids.alink();
    const key = `${deviceKey(device)}/${messageId}`;
    const reply = this.#calls.wait(key, timeoutMs).catch(() => undefined);
    const topic = `/sys/${device.productKey}/${device.deviceName}/${path}`;
    const payload = makeRequest(messageId, path.replaceAll("/", "."), params);
    const delivery = await this.#router.send(device, { topic, payload, qos: COMMAND_QOS });
    if (delivery === "sent" || delivery === "stored") return { messageId, delivery, reply };
    this.#calls.cancel(key);
    return { messageId, delivery, reply: Promise.resolve(undefined) };
  }

  close(): void {
    this.#calls.close();
  }
}
