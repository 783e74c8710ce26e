/**
 * Devices asking for desired values and deleting them
 * (help.aliyun.com/document_detail/117288.html).
 * @module
 */
import type { Outcome, Router, UpMessage } from "../router.ts";
import type { DesiredValues } from "../store/desired-values.ts";
import { isObject, makeReply, parseRequest } from "./alink.ts";
import { Code } from "./codes.ts";

export class DesiredRequests {
  readonly #values: DesiredValues;

  constructor(router: Router, values: DesiredValues) {
    this.#values = values;
    router.route("/sys/{own}/thing/property/desired/get", (message) =>
      this.#answer(message, (params) => this.#get(message, params)),
    );
    router.route("/sys/{own}/thing/property/desired/delete", (message) =>
      this.#answer(message, (params) => this.#delete(message, params)),
    );
  }

  async #answer(
    message: UpMessage,
    handle: (params: unknown) => Promise<Record<string, unknown> | undefined>,
  ): Promise<Outcome> {
    const topic = `${message.topic}_reply`;
    const request = parseRequest(message.payload);
    const asked = request ?? { id: "", method: undefined, ack: true };
    const data = request && (await handle(request.params));
    const failure = request ? Code.parameter : Code.notJson;
    const code = data ? Code.success : failure;
    const reply = { topic, payload: makeReply(asked, code, data ?? {}) };
    return { code, ...(asked.ack ? { reply } : {}) };
  }

  /** Properties without a desired value are missing in the answer. */
  async #get(message: UpMessage, params: unknown): Promise<Record<string, unknown> | undefined> {
    if (!Array.isArray(params)) return undefined;
    const all = await this.#values.all(message.device);
    return Object.fromEntries(Object.entries(all).filter(([name]) => params.includes(name)));
  }

  async #delete(message: UpMessage, params: unknown): Promise<Record<string, unknown> | undefined> {
    if (!isObject(params)) return undefined;
    for (const [name, condition] of Object.entries(params)) {
      const version = isObject(condition) ? condition.version : undefined;
      await this.#values.delete(
        message.device,
        name,
        version === undefined ? undefined : Number(version),
      );
    }
    return {};
  }
}
