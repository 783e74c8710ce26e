/**
 * Payloads of messages, which the API takes in Base64.
 * @module
 */
import { PAYLOAD_MAX_BYTES } from "../defaults.ts";
import { CloudError } from "../errors.ts";
import type { Parameters } from "./parameters.ts";

/** What to publish, within the platform's limit. */
export function payloadOf(parameters: Parameters, name: string): Buffer {
  const payload = fromBase64(parameters, name);
  if (payload.length <= PAYLOAD_MAX_BYTES) return payload;
  const text = `${name} has ${payload.length} bytes, at most ${PAYLOAD_MAX_BYTES} are allowed`;
  throw new CloudError("iot.messagebroker.PublishMessageFailed", text);
}

/** @throws CloudError when it is none */
export function fromBase64(parameters: Parameters, name: string): Buffer {
  const text = parameters.text(name);
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, "")) {
    const message = `${name} is not Base64`;
    throw new CloudError("iot.messagebroker.MessageContentIsNotBase64Encode", message);
  }
  return bytes;
}
