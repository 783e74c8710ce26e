/**
 * The parts of a product's devices that have versions of their own: the default one, those that
 * devices have reported, and those made by hand.
 * @module
 */
import { OTA_MODULES_MAX } from "../defaults.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { DEFAULT_MODULE, type OtaModuleRecord } from "../store/ota-records.ts";
import { Table } from "../store/table.ts";
import type { VersionRecords } from "../store/version-records.ts";
import { OTA_NAME, refusal } from "./refusal.ts";

/** What people may write about a module. */
export interface ModuleText {
  alias?: string | undefined;
  description?: string | undefined;
}

export class OtaModules {
  readonly #table: Table<OtaModuleRecord>;
  readonly #versions: VersionRecords;

  private constructor(table: Table<OtaModuleRecord>, versions: VersionRecords) {
    this.#table = table;
    this.#versions = versions;
  }

  static async load(store: OrderedStore, versions: VersionRecords): Promise<OtaModules> {
    return new OtaModules(await Table.load(store, "ota/module/"), versions);
  }

  /** All of a product, the default one first. */
  async list(productKey: string): Promise<OtaModuleRecord[]> {
    const made = this.#table.list().filter((module) => module.productKey === productKey);
    const names = new Set([DEFAULT_MODULE, ...made.map(({ name }) => name)]);
    for (const name of await this.#versions.modulesOf(productKey)) names.add(name);
    return [...names].map(
      (name) =>
        made.find((module) => module.name === name) ?? {
          productKey,
          name,
          alias: name,
          description: "",
          createdAt: 0,
          modifiedAt: 0,
        },
    );
  }

  /** @throws CloudError when the product has no such module. */
  async require(productKey: string, name: string): Promise<OtaModuleRecord> {
    const module = (await this.list(productKey)).find((each) => each.name === name);
    if (!module) throw refusal("noModule", `module ${name} of ${productKey} does not exist`);
    return module;
  }

  /** @throws CloudError for a bad name, one that is there already, or too many. */
  async create(productKey: string, name: string, text: ModuleText): Promise<void> {
    if (!OTA_NAME.test(name)) {
      throw refusal("parameter", `ModuleName is "${name}", but has to be letters, digits or . - _`);
    }
    const made = this.#table.list().filter((module) => module.productKey === productKey);
    // Upper and lower case make no other name (page 186066).
    const taken = [DEFAULT_MODULE, ...made.map((module) => module.name)];
    if (taken.some((each) => each.toLowerCase() === name.toLowerCase())) {
      throw refusal("sameModule", `module ${name} exists already`);
    }
    if (made.length >= OTA_MODULES_MAX) {
      throw refusal("tooMany", `the product has ${OTA_MODULES_MAX} modules already`);
    }
    const now = Date.now();
    await this.#put({ productKey, name, ...wording(name, text), createdAt: now, modifiedAt: now });
  }

  async update(productKey: string, name: string, text: ModuleText): Promise<void> {
    const module = await this.require(productKey, name);
    const { alias = module.alias, description = module.description } = text;
    await this.#put({ ...module, alias, description, modifiedAt: Date.now() });
  }

  async delete(productKey: string, name: string): Promise<void> {
    if (name === DEFAULT_MODULE) throw refusal("moduleInUse", "the default module stays");
    await this.require(productKey, name);
    this.#table.delete(`${productKey}/${name}`);
    await this.#table.flush();
  }

  async #put(module: OtaModuleRecord): Promise<void> {
    this.#table.put(`${module.productKey}/${module.name}`, module);
    await this.#table.flush();
  }
}

function wording(name: string, { alias, description }: ModuleText) {
  return { alias: alias ?? name, description: description ?? "" };
}
