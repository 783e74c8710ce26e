/**
 * RRPC: a request to a device that is answered within seconds, on system or custom topics
 * (help.aliyun.com/document_detail/90567.html and 69797.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { RRPC_QOS, RRPC_TIMEOUT_MAX_MS, RRPC_TIMEOUT_MIN_MS } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import { Calls } from "./calls.ts";

export interface RrpcRequest {
  payload: Buffer;
  /** 1000 to 8000. */
  timeoutMs: number;
  /** A topic of the device for a custom RRPC; the system topic when absent. */
  topic?: string | undefined;
}

export interface RrpcAnswer {
  messageId: string;
  payload: Buffer;
}

export class Rrpc {
  readonly #broker: Broker;
  readonly #router: Router;
  readonly #ids: MessageIds;
  readonly #calls = new Calls<Buffer>();

  constructor(broker: Broker, router: Router, ids: MessageIds) {
    this.#broker = broker;
    this.#router = router;
    this.#ids = ids;
    router.route("/sys/{own}/rrpc/response/+", (message) => this.#answered(message));
    router.route("/ext/rrpc/#", (message) => this.#answered(message));
  }

  /**
   * Sends a request and waits for the answer.
   * @throws CloudError `iot.messagebroker.TIMEOUT`, `.OFFLINE`, `.InvalidTimeoutValue` or
   *   `.InvalidFormattedTopicName`.
   */
  async call(device: DeviceId, request: RrpcRequest): Promise<RrpcAnswer> {
    const { payload, timeoutMs, topic } = request;
    if (!(timeoutMs >= RRPC_TIMEOUT_MIN_MS && timeoutMs <= RRPC_TIMEOUT_MAX_MS)) {
      throw new CloudError(
        "iot.messagebroker.InvalidTimeoutValue",
        `Timeout is ${timeoutMs}, but has to be ${RRPC_TIMEOUT_MIN_MS} to ${RRPC_TIMEOUT_MAX_MS} ms`,
        { kind: "rrpcTime", least: RRPC_TIMEOUT_MIN_MS, most: RRPC_TIMEOUT_MAX_MS },
      );
    }
    if (!this.#broker.session(device)?.online) {
      const text = `${deviceKey(device)} is offline`;
      const { deviceName } = device;
      throw new CloudError("iot.messagebroker.OFFLINE", text, { kind: "offline", deviceName });
    }
    const messageId = this.#ids.message();
    const target = this.#topicOf(device, messageId, topic);
    const key = `${deviceKey(device)}/${messageId}`;
    const answer = this.#calls.wait(key, timeoutMs);
    await this.#router.send(device, { topic: target, payload, qos: RRPC_QOS });
    return { messageId, payload: await answer };
  }

  /** Whether a device takes synchronous services on `/ext/rrpc` topics. */
  isCustom(device: DeviceId): boolean {
    return this.#broker.session(device)?.customRrpc === true;
  }

  close(): void {
    this.#calls.close();
  }

  #topicOf(device: DeviceId, messageId: string, topic: string | undefined): string {
    const { productKey, deviceName } = device;
    if (topic === undefined) return `/sys/${productKey}/${deviceName}/rrpc/request/${messageId}`;
    if (!topic.startsWith("/")) {
      throw new CloudError(
        "iot.messagebroker.InvalidFormattedTopicName",
        `Topic "${topic}" has to begin with "/"`,
        { kind: "topicSlash", topic },
      );
    }
    if (!this.isCustom(device)) {
      throw new CloudError(
        "iot.messagebroker.RrpcFailed",
        `${deviceKey(device)} did not log on with ext=1, so it has no custom RRPC topics`,
        { kind: "noCustomRrpc", deviceName },
      );
    }
    // System topics follow a single slash, custom ones their own as well; what the device has
    // subscribed to decides where it is not so (unconfirmed which form the platform sends).
    const single = `/ext/rrpc/${messageId}${topic}`;
    const double = `/ext/rrpc/${messageId}/${topic}`;
    const [first, second] = topic.startsWith("/sys/") ? [single, double] : [double, single];
    const session = this.#broker.session(device);
    return !session?.receives(first) && session?.receives(second) ? second : first;
  }

  #answered(message: UpMessage): Outcome {
    const levels = message.topic.split("/");
    const messageId = message.topic.startsWith("/ext/") ? levels[3] : levels.at(-1);
    const key = `${deviceKey(message.device)}/${messageId}`;
    if (this.#calls.answer(key, message.payload)) return {};
    return { note: `no RRPC ${messageId} is waiting: answered too late or never asked` };
  }
}
