/**
 * Requests to the console's server.
 * @module
 */
import { refusalWords } from "./problems.ts";
import { text } from "./text.ts";

/** A request that failed; the message is for people. */
export class ApiError extends Error {}

export function get<T>(path: string): Promise<T> {
  return send<T>("GET", path);
}

/** @param body becomes JSON, unless it is a form or a file. */
export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return send<T>("POST", path, body);
}

/** The path of a device under `/api/devices`. */
export function devicePath(device: { productKey: string; deviceName: string }): string {
  const { productKey, deviceName } = device;
  return `devices/${encodeURIComponent(productKey)}/${encodeURIComponent(deviceName)}`;
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isRaw = body instanceof FormData || body instanceof Blob;
  const init: RequestInit = { method, headers: { "x-console": "1" } };
  if (body !== undefined) init.body = isRaw ? body : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, init);
  } catch {
    throw new ApiError(text.app.unreachable);
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  throw new ApiError(refusalWords(answer) ?? text.app.failed(response.status));
}
