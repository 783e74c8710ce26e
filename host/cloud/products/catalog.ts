/**
 * The products of a running platform: those of the product file, with what was made or imported
 * since (secrets, devices, thing models) kept in the store.
 * @module
 */
import { randomBytes } from "node:crypto";
import { DEFAULT_CLASSES, type TopicClass } from "../broker/topic.ts";
import { CloudError, ConfigurationError } from "../errors.ts";
import { ParseScript } from "../raw/script.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { ThingModel } from "../thing/tsl.ts";
import {
  type AuthType,
  type DataFormat,
  type NodeType,
  type ProductEntry,
  withProductKey,
} from "./product-file.ts";

export interface Product {
  productKey: string;
  productSecret: string;
  name: string;
  model: ThingModel;
  nodeType: NodeType;
  dataFormat: DataFormat;
  /** Of a product whose data format is raw. */
  script?: ParseScript;
  topics: readonly TopicClass[];
  /** As the product file says; `Registration.isOn` tells what counts. */
  dynamicRegistration: boolean;
  authType: AuthType;
}

/** What the store keeps of a product. */
interface ProductRecord {
  productSecret: string;
  /** A thing model that was imported through the API. */
  tsl?: unknown;
  /** A parse script that was given through the API. */
  script?: string;
}

export class Catalog {
  readonly #store: OrderedStore;
  readonly #products = new Map<string, Product>();

  private constructor(store: OrderedStore) {
    this.#store = store;
  }

  /** Takes over the products of a file; what the file leaves out is made once and kept. */
  static async load(
    entries: ProductEntry[],
    store: OrderedStore,
    devices: DeviceRecords,
  ): Promise<Catalog> {
    const catalog = new Catalog(store);
    for (const entry of entries) await catalog.#add(entry, devices);
    return catalog;
  }

  list(): Product[] {
    return [...this.#products.values()];
  }

  get(productKey: string): Product | undefined {
    return this.#products.get(productKey);
  }

  /** @throws CloudError `iot.prod.NotExistedProduct`. */
  require(productKey: string): Product {
    const product = this.#products.get(productKey);
    if (!product) {
      const text = `product ${productKey} does not exist`;
      const problem = { kind: "noProduct", productKey } as const;
      throw new CloudError("iot.prod.NotExistedProduct", text, problem);
    }
    return product;
  }

  /**
   * Replaces a product's thing model.
   * @throws CloudError `iot.common.InvalidFormattedParameter` that says what is wrong with it.
   */
  async importModel(productKey: string, tsl: unknown): Promise<void> {
    const product = this.require(productKey);
    const json = withProductKey(tsl, productKey);
    try {
      product.model = new ThingModel(json, `product ${productKey}`);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new CloudError("iot.common.InvalidFormattedParameter", error.message);
    }
    await this.#keep(productKey, { tsl: product.model.json });
  }

  /**
   * Gives a product whose data format is raw another parse script.
   * @throws CloudError `iot.common.InvalidFormattedParameter` that says what is wrong with it.
   */
  async setScript(productKey: string, source: string): Promise<void> {
    const product = this.require(productKey);
    try {
      if (product.dataFormat !== "raw") {
        throw new ConfigurationError(`the data format of product ${productKey} is not raw`);
      }
      product.script = new ParseScript(source, `of product ${productKey}`);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new CloudError("iot.common.InvalidFormattedParameter", error.message);
    }
    await this.#keep(productKey, { script: source });
  }

  async #keep(productKey: string, change: Partial<ProductRecord>): Promise<void> {
    const key = `product/${productKey}`;
    await this.#store.put(key, { ...(await this.#store.get<ProductRecord>(key)), ...change });
  }

  async #add(entry: ProductEntry, devices: DeviceRecords): Promise<void> {
    const { productKey, name } = entry;
    const key = `product/${productKey}`;
    const record = await this.#store.get<ProductRecord>(key);
    const productSecret =
      entry.productSecret ?? record?.productSecret ?? randomBytes(8).toString("hex");
    await this.#store.put(key, { ...record, productSecret });
    const script =
      record?.script === undefined
        ? entry.script
        : new ParseScript(record.script, `of product ${productKey}`);
    this.#products.set(productKey, {
      productKey,
      productSecret,
      name,
      model: record?.tsl ? new ThingModel(record.tsl, `product ${productKey}`) : entry.model,
      dataFormat: entry.dataFormat,
      ...(script ? { script } : {}),
      nodeType: entry.nodeType,
      topics: [...DEFAULT_CLASSES, ...entry.topics],
      dynamicRegistration: entry.dynamicRegistration,
      authType: entry.authType,
    });
    for (const { deviceName, ...given } of entry.devices) {
      const device = { productKey, deviceName };
      const known = await devices.get(device);
      if (!known) await devices.create(device, given);
      // What it was given when it registered counts: the file's secret is not what it has.
      else if (known.registeredAt === undefined) await devices.update(device, given);
      else await devices.update(device, { ...given, deviceSecret: known.deviceSecret });
    }
  }
}
