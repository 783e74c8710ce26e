/**
 * Switching devices off and on, and deleting them: the device is told, has a moment for its answer,
 * and then its connection is cut.
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { LIFECYCLE_REPLY_MS } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { AlinkReply } from "../thing/alink.ts";
import type { Notices } from "../thing/notices.ts";

/** What keeps something of each device. */
export interface Keeper {
  forget(device: DeviceId): void | Promise<void>;
  /** The device has been switched off (and is away now), or on. */
  switched?(device: DeviceId, on: boolean): void | Promise<void>;
}

type Word = "disable" | "enable" | "delete";

export class Lifecycle {
  readonly #broker: Broker;
  readonly #devices: DeviceRecords;
  readonly #notices: Notices;
  readonly #keepers: Keeper[];

  /** @param keepers whom a deleted device has to be forgotten by. */
  constructor(broker: Broker, devices: DeviceRecords, notices: Notices, keepers: Keeper[]) {
    this.#broker = broker;
    this.#devices = devices;
    this.#notices = notices;
    this.#keepers = keepers;
    for (const word of ["disable", "enable", "delete"]) notices.offer(`thing/${word}`);
  }

  /** Refuses a device from now on (CONNACK 5); gives its answer to the notice, if it was online. */
  async disable(device: DeviceId): Promise<AlinkReply | undefined> {
    await this.#devices.update(device, { disabled: true });
    const reply = await this.#leave(device, "disable", "disabled");
    for (const keeper of this.#keepers) await keeper.switched?.(device, false);
    return reply;
  }

  /**
   * Lets a device in again. Being away, it hears of it after its next log-on, where its session
   * keeps messages (clean session 0, QoS 1).
   */
  async enable(device: DeviceId): Promise<void> {
    await this.#devices.update(device, { disabled: false });
    await this.#notices.send(device, "thing/enable", {});
    for (const keeper of this.#keepers) await keeper.switched?.(device, true);
  }

  /** Deletes a device with all that is kept of it. */
  async delete(device: DeviceId): Promise<AlinkReply | undefined> {
    await this.#devices.delete(device);
    const reply = await this.#leave(device, "delete", "deleted");
    for (const keeper of this.#keepers) await keeper.forget(device);
    return reply;
  }

  async #leave(device: DeviceId, word: Word, reason: string): Promise<AlinkReply | undefined> {
    if (!this.#broker.session(device)?.online) return undefined;
    const notice = await this.#notices.send(device, `thing/${word}`, {}, LIFECYCLE_REPLY_MS);
    const reply = await notice.reply;
    await this.#broker.disconnect(device, reason);
    return reply;
  }
}
