/**
 * The custom topic classes of products: those that every product has, those of the product file, and
 * what was made of them through the API.
 * @module
 */
import { TOPIC_CLASS, type TopicClass } from "../broker/topic.ts";
import { TOPIC_CLASSES_MAX } from "../defaults.ts";
import { CloudError } from "../errors.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { Table } from "../store/table.ts";
import type { Catalog } from "./catalog.ts";

/** A class as the API sees it. */
export interface TopicClassRecord extends TopicClass {
  /** A number in digits. */
  id: string;
  productKey: string;
  description: string;
  /** Deleted, and stays so when the platform starts again. */
  deleted: boolean;
}

const FIRST_ID = 10_000;
const DESCRIPTION_MAX = 100;

export class TopicClasses {
  readonly #table: Table<TopicClassRecord>;
  #nextId: number;
  /** For the broker, which asks with each message. */
  readonly #byProduct = new Map<string, TopicClassRecord[]>();

  private constructor(table: Table<TopicClassRecord>) {
    this.#table = table;
    const ids = table.list().map(({ id }) => Number(id));
    this.#nextId = Math.max(FIRST_ID - 1, ...ids) + 1;
  }

  static async load(store: OrderedStore, catalog: Catalog): Promise<TopicClasses> {
    const classes = new TopicClasses(await Table.load(store, "topic-class/"));
    for (const { productKey, topics } of catalog.list()) classes.add(productKey, topics);
    return classes;
  }

  /** Gives a product the classes of the file or of every product, unless it has had them. */
  add(productKey: string, topics: readonly TopicClass[]): void {
    const known = this.#table.list().filter((each) => each.productKey === productKey);
    for (const { name, right } of topics) {
      if (known.every((each) => each.name !== name)) {
        this.#put({ productKey, name, right, description: "" });
      }
    }
  }

  /** The classes of a product. */
  of(productKey: string): readonly TopicClassRecord[] {
    let classes = this.#byProduct.get(productKey);
    if (!classes) {
      const all = this.#table.list();
      classes = all.filter((each) => each.productKey === productKey && !each.deleted);
      this.#byProduct.set(productKey, classes);
    }
    return classes;
  }

  /**
   * Makes a class, and returns its id.
   * @param shortName what follows `user/`
   * @throws CloudError when the name or its description is malformed, or there is no room
   */
  create(
    productKey: string,
    shortName: string,
    right: TopicClass["right"],
    description: string,
  ): string {
    const name = checkName(shortName, description);
    const classes = this.of(productKey);
    if (classes.some((each) => each.name === name)) {
      throw new CloudError("iot.prod.AlreadyExistedProductTopic", `${name} exists already`);
    }
    if (classes.length >= TOPIC_CLASSES_MAX) {
      const text = `a product has at most ${TOPIC_CLASSES_MAX} topic classes`;
      throw new CloudError("iot.prod.LongProductTopicNum", text);
    }
    return this.#put({ productKey, name, right, description });
  }

  /** Changes members of a class; absent ones stay. @throws CloudError as `create`, or not found */
  update(
    id: string,
    change: { shortName?: string | undefined; right?: TopicClass["right"]; description?: string },
  ): void {
    const old = this.#require(id);
    const { right = old.right, description = old.description } = change;
    const shortName = change.shortName ?? old.name.slice("user/".length);
    const name = checkName(shortName, description);
    if (name !== old.name && this.of(old.productKey).some((each) => each.name === name)) {
      throw new CloudError("iot.prod.AlreadyExistedProductTopic", `${name} exists already`);
    }
    this.#table.put(id, { ...old, name, right, description });
    this.#byProduct.delete(old.productKey);
  }

  /** @throws CloudError when there is no such class */
  delete(id: string): void {
    const old = this.#require(id);
    this.#table.put(id, { ...old, deleted: true });
    this.#byProduct.delete(old.productKey);
  }

  /** Waits until everything is in the store. */
  flush(): Promise<void> {
    return this.#table.flush();
  }

  #put(made: Omit<TopicClassRecord, "id" | "deleted">): string {
    const id = String(this.#nextId++);
    this.#table.put(id, { ...made, id, deleted: false });
    this.#byProduct.delete(made.productKey);
    return id;
  }

  #require(id: string): TopicClassRecord {
    const found = this.#table.get(id);
    if (found && !found.deleted) return found;
    throw new CloudError("iot.prod.NotExistedProductTopic", `topic class ${id} does not exist`);
  }
}

/** The name of a class: with or without `user/`, as callers give it. */
function checkName(shortName: string, description: string): string {
  const name = shortName.startsWith("user/") ? shortName : `user/${shortName}`;
  if (!TOPIC_CLASS.test(name)) {
    const text = 'TopicShortName has to be 1 to 6 levels of letters, digits and "_"';
    throw new CloudError("iot.prod.InvalidFormattedTopicShortName", text);
  }
  if (description.length > DESCRIPTION_MAX) {
    const text = `Desc is longer than ${DESCRIPTION_MAX} characters`;
    throw new CloudError("iot.prod.LongProductTopicDesc", text);
  }
  return name;
}
