/**
 * A place for one message at a time. Pages rarely look, and messages come by the thousand: so the bytes
 * are copied into a buffer of the place, which leaves nothing to collect, and the row is made on demand.
 * @module
 */
import type { DeviceId } from "../cloud/device-id.ts";
import type { TraceMessage } from "../cloud/trace.ts";
import { shownPayload } from "./masking.ts";
import type { MessageRow } from "./protocol.ts";

/** Topic and payload of most messages, bytes. */
const ROOM = 512;
const NOBODY: DeviceId = { productKey: "", deviceName: "" };

export class KeptMessage {
  device = NOBODY;
  #id = 0;
  #at = 0;
  #direction: TraceMessage["direction"] = "up";
  #qos: TraceMessage["qos"] = 0;
  #code: number | undefined;
  #note: string | undefined;
  readonly #bytes = Buffer.allocUnsafeSlow(ROOM);
  #topicEnd = 0;
  #payloadEnd = 0;
  /** Once it has been asked for, or when there is no room for the bytes. */
  #row: MessageRow | undefined;

  /** Takes a message in the place of the one before. */
  set(id: number, message: TraceMessage): void {
    const { device, topic, payload } = message;
    this.device = device;
    this.#id = id;
    this.#at = message.at;
    this.#direction = message.direction;
    this.#qos = message.qos;
    this.#code = message.code;
    this.#note = message.note;
    this.#row = undefined;
    // A character takes three bytes at most.
    if (3 * topic.length + payload.length > ROOM) {
      this.#row = this.#rowOf(topic, payload);
      return;
    }
    this.#topicEnd = this.#bytes.write(topic);
    this.#payloadEnd = this.#topicEnd + payload.copy(this.#bytes, this.#topicEnd);
  }

  row(): MessageRow {
    if (!this.#row) {
      const topic = this.#bytes.toString("utf8", 0, this.#topicEnd);
      const payload = this.#bytes.subarray(this.#topicEnd, this.#payloadEnd);
      this.#row = this.#rowOf(topic, payload);
    }
    return this.#row;
  }

  #rowOf(topic: string, payload: Buffer): MessageRow {
    const code = this.#code === undefined ? {} : { code: this.#code };
    const note = this.#note === undefined ? {} : { note: this.#note };
    return {
      id: this.#id,
      at: this.#at,
      ...this.device,
      direction: this.#direction,
      topic,
      payload: shownPayload(payload),
      bytes: payload.length,
      qos: this.#qos,
      ...code,
      ...note,
    };
  }
}
