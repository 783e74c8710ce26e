/**
 * Alink requests of devices that are answered with a code, data and a text on `…_reply`.
 * @module
 */
import type { Handler, Router, UpMessage } from "../router.ts";
import { makeReply, parseRequest } from "./alink.ts";
import { Code } from "./codes.ts";

/** What a service says to a request. */
export interface Answer {
  code: number;
  data?: unknown;
  /** Why it was refused; for the device and the trace. */
  text?: string;
  /** What follows, done when the answer has left. */
  after?: () => Promise<void>;
}

/**
 * Offers a request: `filter` as in `Router.route`. Payloads that are no JSON object get 6207; no
 * reply is sent where `sys.ack` is 0.
 */
export function offerRequest(
  router: Router,
  filter: string,
  handle: (params: unknown, message: UpMessage) => Answer | Promise<Answer>,
): void {
  const handler: Handler = async (message) => {
    const request = parseRequest(message.payload);
    const asked = request ?? { id: "", method: undefined, ack: true };
    const { code, data, text, after } = request
      ? await handle(request.params, message)
      : { code: Code.notJson };
    const payload = makeReply(asked, code, data, text);
    return {
      code,
      ...(text === undefined ? {} : { note: text }),
      ...(asked.ack ? { reply: { topic: `${message.topic}_reply`, payload } } : {}),
      ...(after ? { after } : {}),
    };
  };
  router.route(filter, handler);
}

/** A refusal because of the parameters. */
export function parameterError(text: string): Answer {
  return { code: Code.parameter, text };
}
