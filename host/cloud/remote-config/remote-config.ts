/**
 * Remote configuration ("COTA"): one JSON file per product, which devices ask for and are told of
 * (help.aliyun.com/document_detail/89308.html). The public OpenAPI has no action for it, so it is
 * driven through `cloud.config`.
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import { REMOTE_CONFIG_MAX_BYTES } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { OtaPlatform } from "../ota/start.ts";
import type { Catalog } from "../products/catalog.ts";
import type { Router } from "../router.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { Table } from "../store/table.ts";
import { isObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import type { Notices } from "../thing/notices.ts";
import { type Answer, offerRequest, parameterError } from "../thing/request.ts";

export type ConfigSignMethod = "Sha256" | "Md5";

/** The configuration of a product, as devices are told of it. */
export interface ConfigRecord {
  configId: string;
  /** Bytes. */
  configSize: number;
  /** Hex. */
  sign: string;
  signMethod: ConfigSignMethod;
  /** Name in the file store. */
  file: string;
}

interface ProductRow {
  on: boolean;
  config?: ConfigRecord;
}

/** What a device answered to a push; no `code`: nothing in time. */
export interface PushResult {
  deviceName: string;
  code?: number;
}

export interface ConfigParts {
  store: OrderedStore;
  router: Router;
  notices: Notices;
  broker: Broker;
  catalog: Catalog;
  devices: DeviceRecords;
  ota: OtaPlatform;
}

const PUSH = "thing/config/push";
const DIGESTS = { Sha256: "sha256", Md5: "md5" } as const;

export class RemoteConfigs {
  readonly #rows: Table<ProductRow>;
  readonly #parts: ConfigParts;

  private constructor(rows: Table<ProductRow>, parts: ConfigParts) {
    this.#rows = rows;
    this.#parts = parts;
    offerRequest(parts.router, "/sys/{own}/thing/config/get", (params, { device }) =>
      this.#answer(device, params),
    );
    parts.notices.offer(PUSH);
  }

  static async load(parts: ConfigParts): Promise<RemoteConfigs> {
    return new RemoteConfigs(await Table.load(parts.store, "remote-config/"), parts);
  }

  /** The configuration of a product; undefined when there is none. */
  get(productKey: string): ConfigRecord | undefined {
    return this.#rows.get(productKey)?.config;
  }

  isOn(productKey: string): boolean {
    return this.#rows.get(productKey)?.on ?? false;
  }

  /** Switches remote configuration of a product on or off: devices that ask then get code 6713. */
  switch(productKey: string, on: boolean): void {
    this.#parts.catalog.require(productKey);
    this.#rows.put(productKey, { ...this.#rows.get(productKey), on });
  }

  /**
   * Sets the configuration of a product and switches it on; devices get it when they ask or by
   * `push`.
   * @param content a JSON document: as text, or as a value that becomes one
   * @throws CloudError when the text is no JSON or has more than 64 KB
   */
  async set(
    productKey: string,
    content: unknown,
    signMethod: ConfigSignMethod = "Sha256",
  ): Promise<ConfigRecord> {
    const { catalog, ota } = this.#parts;
    catalog.require(productKey);
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const bytes = Buffer.from(text ?? "");
    const fault = faultOf(bytes);
    if (fault) throw new CloudError("iot.common.InvalidFormattedParameter", fault);
    const file = await ota.packages.store(bytes, "json");
    const before = this.get(productKey);
    const config: ConfigRecord = {
      configId: randomBytes(16).toString("hex"),
      configSize: bytes.length,
      sign: createHash(DIGESTS[signMethod]).update(bytes).digest("hex"),
      signMethod,
      file,
    };
    this.#rows.put(productKey, { on: true, config });
    await this.#rows.flush();
    if (before) await ota.packages.drop(before.file);
    return config;
  }

  /** Removes the configuration of a product: devices that ask then get code 6710. */
  async clear(productKey: string): Promise<void> {
    const before = this.get(productKey);
    this.#rows.put(productKey, { on: this.isOn(productKey) });
    if (before) await this.#parts.ota.packages.drop(before.file);
  }

  /**
   * Tells all devices of a product that are online of its configuration, and waits for their
   * answers; the others ask when they come.
   * @throws CloudError when there is none, or it is switched off
   */
  async push(productKey: string): Promise<PushResult[]> {
    const { broker, devices, notices } = this.#parts;
    const config = this.get(productKey);
    if (!config || !this.isOn(productKey)) {
      const text = `product ${productKey} has no remote configuration that is switched on`;
      throw new CloudError("iot.prod.NoRemoteConfig", text);
    }
    const online = (await devices.list(productKey)).filter(
      (device) => broker.session(device)?.online,
    );
    return Promise.all(
      online.map(async (device) => {
        const { reply } = await notices.send(device, PUSH, this.#describe(device, config));
        const code = (await reply)?.code;
        return { deviceName: device.deviceName, ...(code === undefined ? {} : { code }) };
      }),
    );
  }

  /** Waits until everything is in the store. */
  close(): Promise<void> {
    return this.#rows.flush();
  }

  #answer(device: DeviceId, params: unknown): Answer {
    if (!isObject(params) || params.configScope !== "product" || params.getType !== "file") {
      return parameterError('configScope has to be "product" and getType "file"');
    }
    if (!this.isOn(device.productKey)) {
      return { code: Code.configOff, text: "remote configuration is switched off" };
    }
    const config = this.get(device.productKey);
    if (!config) return { code: Code.noConfig, text: "there is no remote configuration" };
    return { code: Code.success, data: this.#describe(device, config) };
  }

  #describe(device: DeviceId, config: ConfigRecord): object {
    const { file, ...told } = config;
    return { ...told, url: this.#parts.ota.pushes.addressFor(device, file), getType: "file" };
  }
}

function faultOf(bytes: Buffer): string | undefined {
  if (bytes.length > REMOTE_CONFIG_MAX_BYTES) {
    return `the configuration has ${bytes.length} bytes, at most ${REMOTE_CONFIG_MAX_BYTES} are allowed`;
  }
  try {
    JSON.parse(bytes.toString("utf8"));
    return undefined;
  } catch (error) {
    return `the configuration is not JSON: ${(error as Error).message}`;
  }
}
