/**
 * The Alink JSON envelope of requests and replies (help.aliyun.com/document_detail/89307.html).
 * @module
 */
import { Code } from "./codes.ts";

/** A request of a device. Devices may leave out `version` and `method`. */
export interface AlinkRequest {
  /** As received: text from most devices, a number from some. */
  id: string | number;
  method: string | undefined;
  params: unknown;
  /** Whether a reply is wanted: unless `sys.ack` is 0. */
  ack: boolean;
}

/** A reply of a device. */
export interface AlinkReply {
  id: string;
  code: number;
  data: Record<string, unknown>;
  message: string;
}

/** The JSON object in a payload, or undefined. */
export function parseObject(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a request; undefined when the payload is no JSON object. */
export function parseRequest(payload: Buffer): AlinkRequest | undefined {
  const json = parseObject(payload);
  if (!json) return undefined;
  const { id, method, params, sys } = json;
  return {
    id: typeof id === "string" || typeof id === "number" ? id : "",
    method: typeof method === "string" ? method : undefined,
    params,
    ack: !(isObject(sys) && (sys.ack === 0 || sys.ack === "0")),
  };
}

/** Reads a device's reply; undefined when it is no JSON object or has neither id nor code. */
export function parseReply(payload: Buffer): AlinkReply | undefined {
  const json = parseObject(payload);
  if (!json || (json.id === undefined && json.code === undefined)) return undefined;
  return {
    id: String(json.id ?? ""),
    code: Number(json.code),
    data: isObject(json.data) ? json.data : {},
    message: typeof json.message === "string" ? json.message : "",
  };
}

/** The platform's reply to a request. */
export function makeReply(
  request: Pick<AlinkRequest, "id" | "method">,
  code: number,
  data: unknown = {},
  message = code === Code.success ? "success" : "request error",
): Buffer {
  const { id, method } = request;
  // JSON leaves out what is undefined.
  return Buffer.from(JSON.stringify({ code, data, id, message, method, version: "1.0" }));
}

/** A request of the platform. */
export function makeRequest(id: string, method: string, params: unknown): Buffer {
  return Buffer.from(JSON.stringify({ method, id, params, version: "1.0.0" }));
}

/** Whether a value is a JSON object and not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
