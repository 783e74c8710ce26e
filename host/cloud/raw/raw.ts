/**
 * Raw data of devices (pass-through): what comes up goes through the product's parse script and on as
 * if the device had sent the Alink message itself; without a script it is kept as it is
 * (help.aliyun.com/document_detail/89307.html).
 * @module
 */
import { mayPublish } from "../broker/permission.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import type { History } from "../store/history.ts";
import { parseObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import type { Codec } from "./codec.ts";
import { ScriptError } from "./script.ts";

/** Under which raw data stand in the history. */
const UP = "up_raw";

export class RawData {
  readonly #router: Router;
  readonly #codec: Codec;
  readonly #history: History;

  constructor(router: Router, codec: Codec, history: History) {
    this.#router = router;
    this.#codec = codec;
    this.#history = history;
    router.route("/sys/{own}/thing/model/up_raw", (message) => this.#handle(message));
    router.route("/sys/{own}/thing/model/down_raw_reply", (message) => this.#handle(message));
  }

  async #handle(message: UpMessage): Promise<Outcome> {
    const { device, payload, topic, at } = message;
    if (!this.#codec.isRaw(device.productKey)) {
      return { code: Code.parameter, note: `product ${device.productKey} takes Alink JSON only` };
    }
    if (topic.endsWith(`/${UP}`)) {
      const value = payload.toString("base64");
      await this.#history.append("raw", device, { identifier: UP, time: at, value });
    }
    try {
      return await this.#asAlink(message, this.#codec.decode(device, payload));
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      // Without the script there is no way to tell the device.
      return { code: error.code, note: error.message };
    }
  }

  /** Handles the Alink message that raw data stand for, and answers in raw data. */
  async #asAlink(message: UpMessage, json: Buffer): Promise<Outcome> {
    const { device } = message;
    const sys = `/sys/${device.productKey}/${device.deviceName}/`;
    const method = parseObject(json)?.method;
    const path =
      typeof method === "string" ? method.replaceAll(".", "/") : "thing/service/raw_reply";
    const topic = sys + path;
    const isAlink = /^thing\/(?!model\/)[A-Za-z0-9_:/]+$/.test(path);
    const isKnown = isAlink && mayPublish(device, topic, []);
    if (!isKnown) return { code: Code.parameter, note: `no device may send ${String(method)}` };
    const outcome = await this.#router.dispatch({ ...message, topic, payload: json });
    const note = [json.toString("utf8"), outcome.note].filter(Boolean).join("; ");
    const { reply, ...rest } = outcome;
    if (!reply) return { ...rest, note };
    const answer = this.#codec.script(device.productKey).toRaw(parseObject(reply.payload) ?? {});
    if (answer.length === 0) return { ...rest, note };
    return { ...rest, note, reply: { topic: `${sys}thing/model/up_raw_reply`, payload: answer } };
  }
}
