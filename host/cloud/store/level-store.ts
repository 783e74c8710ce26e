/**
 * State in a LevelDB directory: the embedded default, which survives a restart.
 * @module
 */
import { setImmediate as immediately } from "node:timers/promises";
import { ClassicLevel } from "classic-level";
import { ConfigurationError, DataInUseError } from "../errors.ts";
import type { OrderedStore, Range } from "./ordered-store.ts";

interface Operation {
  key: string;
  /** JSON; undefined: the key goes. */
  json: string | undefined;
}

export class LevelStore implements OrderedStore {
  readonly #database: ClassicLevel<string, string>;
  /** What is written next, in one go: one write costs as much as many. */
  #gathered: Operation[] = [];
  /** The end of the write that takes what is gathered; undefined: nobody has asked for it. */
  #next: Promise<void> | undefined;
  /** The end of the last write that was asked for. */
  #last: Promise<void> = Promise.resolve();

  private constructor(database: ClassicLevel<string, string>) {
    this.#database = database;
  }

  /**
   * Opens or creates the database in a directory.
   * @throws DataInUseError when another process has it open.
   * @throws ConfigurationError when it can't be opened otherwise.
   */
  static async open(directory: string): Promise<LevelStore> {
    const database = new ClassicLevel<string, string>(directory);
    try {
      await database.open();
    } catch (error) {
      const cause = (error as Error & { cause?: Error & { code?: string } }).cause;
      if (cause?.code === "LEVEL_LOCKED") throw new DataInUseError(directory);
      const reason = cause?.message ?? String(error);
      throw new ConfigurationError(`data directory ${directory} can't be opened: ${reason}`);
    }
    return new LevelStore(database);
  }

  async get<T>(key: string): Promise<T | undefined> {
    await this.#settled();
    const json = await this.#database.get(key);
    return json === undefined ? undefined : (JSON.parse(json) as T);
  }

  put(key: string, value: unknown): Promise<void> {
    this.#gathered.push({ key, json: JSON.stringify(value) });
    return this.#write();
  }

  delete(key: string): Promise<void> {
    this.#gathered.push({ key, json: undefined });
    return this.#write();
  }

  async range<T>({ from, to, reverse = false, limit = -1 }: Range): Promise<[string, T][]> {
    await this.#settled();
    const entries = await this.#database.iterator({ gte: from, lt: to, reverse, limit }).all();
    return entries.map(([key, json]) => [key, JSON.parse(json) as T]);
  }

  async close(): Promise<void> {
    await this.#settled();
    await this.#database.close();
  }

  /** Writes what is gathered, and what comes until the write before has ended. */
  #write(): Promise<void> {
    if (!this.#next) {
      this.#next = this.#last.then(() => this.#commit());
      // Whoever asked for it gets the error.
      this.#last = this.#next.catch(() => {});
    }
    return this.#next;
  }

  async #commit(): Promise<void> {
    // With all that comes in this turn.
    await immediately();
    const operations = this.#gathered;
    this.#gathered = [];
    this.#next = undefined;
    const batch = this.#database.batch();
    for (const { key, json } of operations) {
      if (json === undefined) batch.del(key);
      else batch.put(key, json);
    }
    await batch.write();
  }

  /** Whoever reads finds what was put before. */
  async #settled(): Promise<void> {
    await this.#last;
  }
}
