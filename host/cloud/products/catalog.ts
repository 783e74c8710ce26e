/**
 * The products of a running platform: those of the product file, with what was made or imported
 * since (secrets, devices, thing models) kept in the store.
 * @module
 */
import { randomBytes } from "node:crypto";
import { DEFAULT_CLASSES, type TopicClass } from "../broker/topic.ts";
import { CloudError, ConfigurationError } from "../errors.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { ThingModel } from "../thing/tsl.ts";
import { type ProductEntry, withProductKey } from "./product-file.ts";

export interface Product {
  productKey: string;
  productSecret: string;
  name: string;
  model: ThingModel;
  topics: readonly TopicClass[];
}

/** What the store keeps of a product. */
interface ProductRecord {
  productSecret: string;
  /** A thing model that was imported through the API. */
  tsl?: unknown;
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
      throw new CloudError("iot.prod.NotExistedProduct", `product ${productKey} does not exist`);
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
    await this.#store.put(`product/${productKey}`, {
      productSecret: product.productSecret,
      tsl: product.model.json,
    });
  }

  async #add(entry: ProductEntry, devices: DeviceRecords): Promise<void> {
    const { productKey, name } = entry;
    const key = `product/${productKey}`;
    const record = await this.#store.get<ProductRecord>(key);
    const productSecret =
      entry.productSecret ?? record?.productSecret ?? randomBytes(8).toString("hex");
    await this.#store.put(key, { ...record, productSecret });
    this.#products.set(productKey, {
      productKey,
      productSecret,
      name,
      model: record?.tsl ? new ThingModel(record.tsl, `product ${productKey}`) : entry.model,
      topics: [...DEFAULT_CLASSES, ...entry.topics],
    });
    for (const { deviceName, ...given } of entry.devices) {
      const device = { productKey, deviceName };
      if (await devices.get(device)) await devices.update(device, given);
      else await devices.create(device, given);
    }
  }
}
