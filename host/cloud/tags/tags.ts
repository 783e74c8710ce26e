/**
 * Devices' tags: set, read and deleted by devices (help.aliyun.com/document_detail/89304.html) and
 * by applications.
 * @module
 */
import { TAG_KEY_MAX, TAG_VALUE_MAX, TAGS_MAX } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { Router } from "../router.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { Table } from "../store/table.ts";
import { isObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import { type Answer, offerRequest, parameterError } from "../thing/request.ts";

interface TagRecord {
  value: string;
  /** `"SYSTEM"`: what SDKs say of themselves, apart from the device's own tags. */
  domain?: string;
}

type TagRow = Record<string, TagRecord>;

const SYSTEM = "SYSTEM";

export class Tags {
  readonly #table: Table<TagRow>;

  private constructor(table: Table<TagRow>, router: Router) {
    this.#table = table;
    const info = "/sys/{own}/thing/deviceinfo";
    offerRequest(router, `${info}/update`, (params, { device }) => this.#update(device, params));
    offerRequest(router, `${info}/delete`, (params, { device }) => this.#remove(device, params));
    offerRequest(router, `${info}/get`, (params, { device }) => this.#read(device, params));
  }

  static async load(store: OrderedStore, router: Router): Promise<Tags> {
    return new Tags(await Table.load(store, "tags/"), router);
  }

  /** A device's tags by key, without those of its SDK. */
  get(device: DeviceId): Record<string, string> {
    const own = Object.entries(this.#row(device)).filter(([, { domain }]) => domain !== SYSTEM);
    return Object.fromEntries(own.map(([key, { value }]) => [key, value]));
  }

  /** Adds and changes tags. @throws CloudError when one is malformed or there are too many. */
  save(device: DeviceId, tags: Record<string, unknown>): void {
    const added = Object.entries(tags).map(([attrKey, attrValue]) => ({ attrKey, attrValue }));
    const fault = this.#put(device, added);
    if (fault !== undefined) throw new CloudError("iot.common.InvalidFormattedParameter", fault);
  }

  /** Deletes a tag, if there is one of this key. */
  delete(device: DeviceId, key: string): void {
    const rest = Object.entries(this.#row(device)).filter(([name]) => name !== key);
    this.#table.put(rowOf(device), Object.fromEntries(rest));
  }

  /** Removes all of a device. */
  forget(device: DeviceId): void {
    this.#table.delete(rowOf(device));
  }

  /** Waits until everything is in the store. */
  close(): Promise<void> {
    return this.#table.flush();
  }

  #update(device: DeviceId, params: unknown): Answer {
    const fault = Array.isArray(params) ? this.#put(device, params) : "params is not a list";
    return fault === undefined ? { code: Code.success } : parameterError(fault);
  }

  #remove(device: DeviceId, params: unknown): Answer {
    if (!Array.isArray(params)) return parameterError("params is not a list");
    const keys = params.map((entry) => (isObject(entry) ? entry.attrKey : undefined));
    if (!keys.every((key) => typeof key === "string")) {
      return parameterError("attrKey is missing");
    }
    for (const key of keys) this.delete(device, key);
    return { code: Code.success };
  }

  /** All tags, or those of the keys that are asked for. The form is unconfirmed. */
  #read(device: DeviceId, params: unknown): Answer {
    const asked = Array.isArray(params)
      ? params.map((entry) => (isObject(entry) ? entry.attrKey : entry))
      : [];
    const entries = Object.entries(this.get(device));
    const data = entries
      .filter(([attrKey]) => asked.length === 0 || asked.includes(attrKey))
      .map(([attrKey, attrValue]) => ({ attrKey, attrValue }));
    return { code: Code.success, data };
  }

  /** Takes all tags or none; gives what is wrong. */
  #put(device: DeviceId, tags: unknown[]): string | undefined {
    const added: [string, TagRecord][] = [];
    for (const tag of tags) {
      const fault = faultOf(tag);
      if (fault !== undefined) return fault;
      const { attrKey, attrValue, domain } = tag as Record<string, string>;
      const record = { value: attrValue as string, ...(domain === SYSTEM ? { domain } : {}) };
      added.push([attrKey as string, record]);
    }
    const row = Object.fromEntries([...Object.entries(this.#row(device)), ...added]);
    const own = Object.values(row).filter(({ domain }) => domain !== SYSTEM);
    if (own.length > TAGS_MAX || Object.keys(row).length > 2 * TAGS_MAX) {
      return `more than ${TAGS_MAX} tags`;
    }
    this.#table.put(rowOf(device), row);
    return undefined;
  }

  #row(device: DeviceId): TagRow {
    return this.#table.get(rowOf(device)) ?? {};
  }
}

function faultOf(tag: unknown): string | undefined {
  if (!isObject(tag)) return "a tag has to be an object with attrKey and attrValue";
  const { attrKey, attrValue } = tag;
  if (typeof attrKey !== "string" || !/^[A-Za-z0-9_.-]+$/.test(attrKey)) {
    return "attrKey has to be letters, digits or . - _";
  }
  if (attrKey.length > TAG_KEY_MAX) return `attrKey is longer than ${TAG_KEY_MAX} characters`;
  if (typeof attrValue !== "string" || attrValue === "") {
    return `attrValue of ${attrKey} has to be a text that is not empty`;
  }
  if ([...attrValue].length <= TAG_VALUE_MAX) return undefined;
  return `attrValue of ${attrKey} is longer than ${TAG_VALUE_MAX} characters`;
}

function rowOf({ productKey, deviceName }: DeviceId): string {
  return `${productKey}/${deviceName}`;
}
