/**
 * The official client of the platform's OpenAPI, with its answers checked and its rate limits kept.
 * @module
 */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type * as iotTypes from "@alicloud/iot20180120";
import type { Access } from "./access.ts";

// They are CommonJS.
const require = createRequire(import.meta.url);
export const iot = require("@alicloud/iot20180120") as typeof iotTypes;
const { Config } = require("@alicloud/openapi-client") as typeof import("@alicloud/openapi-client");

/** The platform refused a request; `code` is Alibaba's. */
export class ApiError extends Error {
  readonly code: string;

  constructor(action: string, code: string, message: string) {
    super(`${action}: ${code}: ${message}`);
    this.name = "ApiError";
    this.code = code;
  }
}

/** What all answers have. */
interface Body {
  success?: boolean;
  code?: string;
  errorMessage?: string;
}

const THROTTLED = /Throttling|QpsLimit|FlowControl|ServiceUnavailable/i;
/** Tries of a request that is refused for its rate, and the first pause between them. */
const TRIES = 7;
const PAUSE_MS = 500;

export class IotApi {
  readonly client: iotTypes.default;
  readonly #pauseMs: number;

  /** @param pauseMs first pause when the platform asks to slow down; it doubles from there. */
  constructor(access: Access, pauseMs = PAUSE_MS) {
    const { endpoint, protocol, accessKeyId, accessKeySecret } = access;
    const { default: Client } = iot;
    this.client = new Client(new Config({ endpoint, protocol, accessKeyId, accessKeySecret }));
    this.#pauseMs = pauseMs;
  }

  /**
   * Sends a request until it is not refused for its rate.
   * @param action its name, for errors.
   * @throws ApiError with the platform's code.
   */
  async call<B extends Body>(action: string, send: () => Promise<{ body?: B }>): Promise<B> {
    for (let attempt = 1; ; attempt++) {
      const answer = await attemptOf(action, send);
      if (!(answer instanceof ApiError)) return answer;
      if (attempt >= TRIES || !THROTTLED.test(answer.code)) throw answer;
      await sleep(this.#pauseMs * 2 ** (attempt - 1));
    }
  }
}

/** The answer's body, or why there is none. */
async function attemptOf<B extends Body>(
  action: string,
  send: () => Promise<{ body?: B }>,
): Promise<B | ApiError> {
  try {
    const { body } = await send();
    if (body?.success) return body;
    return new ApiError(action, body?.code ?? "NoAnswer", body?.errorMessage ?? "no answer");
  } catch (error) {
    const { code = "Error", message } = error as Error & { code?: string };
    return new ApiError(action, code, message.replace(/^\S+: /, ""));
  }
}
