/**
 * The parameters of an API request, read with the errors that Alibaba's gateway and platform give.
 * @module
 */
import { DEVICE_NAME, type DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { DeviceRecord, DeviceRecords } from "../store/device-records.ts";
import { isObject } from "../thing/alink.ts";

/** A fault of the request itself, answered with an HTTP status. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.code = code;
  }
}

export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  optional(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === "" ? undefined : value;
  }

  /** @throws RequestError `MissingNAME`. */
  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) {
      throw new RequestError(400, `Missing${name}`, `${name} is mandatory for this action.`);
    }
    return value;
  }

  /** A whole number within bounds; the preset when it is absent, an error when there is none. */
  integer(
    name: string,
    { min, max, preset }: { min: number; max: number; preset?: number },
  ): number {
    if (preset !== undefined && this.optional(name) === undefined) return preset;
    const text = this.text(name);
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw malformed(`${name} is ${text}, but has to be a whole number from ${min} to ${max}`);
  }

  /** A whole number within bounds, or undefined when it is absent. */
  maybeInteger(name: string, bounds: { min: number; max: number }): number | undefined {
    return this.optional(name) === undefined ? undefined : this.integer(name, bounds);
  }

  /** One of the numbers that Alibaba offers to choose from, or undefined when it is absent. */
  choice(name: string, choices: readonly number[]): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (choices.includes(Number(text))) return Number(text);
    throw malformed(`${name} is ${text}, but has to be one of ${choices.join(", ")}`);
  }

  boolean(name: string, preset: boolean): boolean {
    const text = this.optional(name) ?? String(preset);
    if (text === "true" || text === "false") return text === "true";
    throw malformed(`${name} is ${text}, but has to be true or false`);
  }

  /** One of some words; the preset when it is absent. */
  word<T extends string>(name: string, words: readonly T[], preset: T): T {
    const text = this.optional(name) ?? preset;
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw malformed(`${name} is ${text}, but has to be one of ${words.join(", ")}`);
  }

  /** `CurrentPage` and `PageSize` of lists with at most 100 entries a page. */
  page(): { page: number; pageSize: number } {
    const pageSize = this.integer("PageSize", { min: 1, max: 100, preset: 10 });
    return { page: this.integer("CurrentPage", { min: 1, max: 1e6, preset: 1 }), pageSize };
  }

  /** `NAME.1.MEMBER`, `NAME.2.MEMBER`, …: lists of structures; absent members are empty. */
  records<K extends string>(name: string, members: readonly K[]): Record<K, string>[] {
    const records: Record<K, string>[] = [];
    for (let index = 1; ; index++) {
      const values = members.map((member) => this.#values.get(`${name}.${index}.${member}`));
      if (values.every((value) => value === undefined)) return records;
      const pairs = members.map((member, position) => [member, values[position] ?? ""]);
      records.push(Object.fromEntries(pairs) as Record<K, string>);
    }
  }

  /** `NAME.1`, `NAME.2`, … in order. */
  list(name: string): string[] {
    const values: string[] = [];
    for (let index = 1; ; index++) {
      const value = this.#values.get(`${name}.${index}`);
      if (value === undefined) return values;
      values.push(value);
    }
  }

  /** A parameter that holds the text of a JSON object. */
  object(name: string): Record<string, unknown> {
    const text = this.text(name);
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) return value;
    } catch {
      // Falls through to the error.
    }
    throw malformed(`${name} has to be the text of a JSON object`);
  }

  /** The device named by `IotId`, or by `ProductKey` and `DeviceName`. */
  async device(devices: DeviceRecords): Promise<DeviceRecord> {
    const iotId = this.optional("IotId");
    const record = iotId ? await devices.byIotId(iotId) : await devices.get(this.deviceId());
    if (!record) throw new CloudError("iot.device.NotExistedDevice", "the device does not exist");
    return record;
  }

  deviceId(): DeviceId {
    const productKey = this.productKey();
    const deviceName = this.optional("DeviceName");
    if (!deviceName) {
      throw new CloudError("iot.device.NullDeviceName", "DeviceName or IotId has to be given");
    }
    if (!DEVICE_NAME.test(deviceName)) {
      throw new CloudError(
        "iot.device.InvalidFormattedDeviceName",
        "DeviceName has to be 4 to 32 letters, digits or - _ @ . :",
      );
    }
    return { productKey, deviceName };
  }

  productKey(): string {
    const productKey = this.optional("ProductKey");
    if (!productKey) throw new CloudError("iot.prod.NullProductKey", "ProductKey has to be given");
    return productKey;
  }
}

function malformed(text: string): CloudError {
  return new CloudError("iot.common.InvalidFormattedParameter", text);
}
