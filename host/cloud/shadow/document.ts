/**
 * A device's shadow and the rules by which it changes: what the device reported, what is desired of
 * it, when each attribute changed, and the version (help.aliyun.com/document_detail/53930.html).
 * @module
 */
import { SHADOW_ATTRIBUTES_MAX } from "../defaults.ts";
import { isObject } from "../thing/alink.ts";

type Values = Record<string, unknown>;

/** Seconds since 1970 at which an attribute changed. */
type Times = Record<string, { timestamp: number }>;

export interface ShadowDocument {
  state: { reported: Values; desired: Values };
  metadata: { reported: Times; desired: Times };
  /** Seconds since 1970 of the last change. */
  timestamp: number;
  version: number;
}

/** Why a message is refused: codes 400 to 409. The texts are ours. */
export class ShadowError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const EMPTY: ShadowDocument = {
  state: { reported: {}, desired: {} },
  metadata: { reported: {}, desired: {} },
  timestamp: 0,
  version: 0,
};

/** A message of a device. @throws ShadowError when it is none. */
export function readMessage(payload: Buffer): Values {
  if (payload.length === 0) throw new ShadowError(407, "the message is empty");
  let message: unknown;
  try {
    message = JSON.parse(payload.toString("utf8"));
  } catch {
    message = undefined;
  }
  if (!isObject(message)) throw new ShadowError(400, "the message is no JSON object");
  if (Object.keys(message).length === 0) throw new ShadowError(407, "the message is empty");
  if (message.method === undefined) throw new ShadowError(401, "method is missing");
  return message;
}

/**
 * The shadow after a device's `update`.
 * @param now seconds since 1970
 * @throws ShadowError
 */
export function updateReported(old: ShadowDocument, message: Values, now: number): ShadowDocument {
  const { state, version, before } = opened(old, message);
  const clears = state.desired === "null";
  if (!isObject(state.reported) && !(clears && state.reported === undefined)) {
    throw new ShadowError(404, "state.reported is missing or no object");
  }
  const reported = state.reported as Values | undefined;
  if (reported && Object.keys(reported).length === 0) {
    throw new ShadowError(405, "state.reported is empty");
  }
  const next = structuredClone(before);
  if (reported) put(next, "reported", reported, now);
  if (clears) clear(next, "desired");
  return { ...next, timestamp: now, version };
}

/** The shadow after a device's `delete`. @throws ShadowError */
export function deleteReported(old: ShadowDocument, message: Values, now: number): ShadowDocument {
  const { state, version, before } = opened(old, message);
  const { reported } = state;
  const next = structuredClone(before);
  if (reported === "null") {
    clear(next, "reported");
  } else {
    if (!isObject(reported)) {
      throw new ShadowError(404, 'state.reported is missing: an object or "null" is expected');
    }
    if (Object.keys(reported).length === 0) throw new ShadowError(405, "state.reported is empty");
    for (const [name, value] of Object.entries(reported)) {
      if (value !== "null" && value !== null) continue;
      delete next.state.reported[name];
      delete next.metadata.reported[name];
    }
  }
  return { ...next, timestamp: now, version };
}

/**
 * The shadow after an application's `update` of what is desired. Version 0 goes without check: the
 * shadow's own counts on (page 69954).
 * @param delta whether what was desired before stays
 * @throws ShadowError
 */
export function updateDesired(
  old: ShadowDocument,
  message: Values,
  delta: boolean,
  now: number,
): ShadowDocument {
  if (message.method !== "update") throw new ShadowError(406, 'method has to be "update"');
  const unchecked = message.version === 0;
  const given = unchecked ? { ...message, version: old.version + 1 } : message;
  const { state, version, before } = opened(old, given);
  const { desired } = state;
  const next = structuredClone(before);
  if (desired === "null") clear(next, "desired");
  else if (isObject(desired)) {
    if (!delta) clear(next, "desired");
    put(next, "desired", desired, now);
  } else {
    throw new ShadowError(402, "state.desired is missing");
  }
  return { ...next, timestamp: now, version };
}

/** `state` or `metadata` without the halves that are empty. */
export function shown<T extends object>(halves: { reported: T; desired: T }): Partial<Values> {
  return Object.fromEntries(Object.entries(halves).filter(([, half]) => Object.keys(half).length));
}

/** The parts of a message, checked; version -1 begins with an empty shadow of version 0. */
function opened(
  old: ShadowDocument,
  { state, version }: Values,
): { state: Values; version: number; before: ShadowDocument } {
  if (!isObject(state)) throw new ShadowError(402, "state is missing");
  if (typeof version !== "number") throw new ShadowError(403, "version is not a number");
  if (version === -1) return { state, version: 0, before: EMPTY };
  if (version > old.version) return { state, version, before: old };
  throw new ShadowError(409, `version ${version} is not greater than ${old.version}`);
}

function put(
  document: ShadowDocument,
  half: "reported" | "desired",
  values: Values,
  now: number,
): void {
  const times = Object.keys(values).map((name) => [name, { timestamp: now }]);
  document.state[half] = merged(document.state[half], Object.entries(values));
  document.metadata[half] = merged(document.metadata[half], times);
  if (count(document.state[half]) > SHADOW_ATTRIBUTES_MAX) {
    throw new ShadowError(408, `more than ${SHADOW_ATTRIBUTES_MAX} attributes`);
  }
}

/** Not by assignment: devices choose the names, `__proto__` among them. */
function merged<T>(values: Record<string, T>, more: unknown[][]): Record<string, T> {
  return Object.fromEntries([...Object.entries(values), ...(more as [string, T][])]);
}

function clear(document: ShadowDocument, half: "reported" | "desired"): void {
  document.state[half] = {};
  document.metadata[half] = {};
}

/** Attributes, those within objects counted; a list counts as one. */
function count(values: Values): number {
  return Object.values(values).reduce<number>(
    (sum, value) => sum + (isObject(value) ? count(value) : 1),
    0,
  );
}
