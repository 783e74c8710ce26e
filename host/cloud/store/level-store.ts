/**
 * State in a LevelDB directory: the embedded default, which survives a restart.
 * @module
 */
import { ClassicLevel } from "classic-level";
import { ConfigurationError, DataInUseError } from "../errors.ts";
import type { OrderedStore, Range } from "./ordered-store.ts";

export class LevelStore implements OrderedStore {
  readonly #database: ClassicLevel<string, unknown>;

  private constructor(database: ClassicLevel<string, unknown>) {
    this.#database = database;
  }

  /**
   * Opens or creates the database in a directory.
   * @throws DataInUseError when another process has it open.
   * @throws ConfigurationError when it can't be opened otherwise.
   */
  static async open(directory: string): Promise<LevelStore> {
    const database = new ClassicLevel<string, unknown>(directory, { valueEncoding: "json" });
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
    return (await this.#database.get(key)) as T | undefined;
  }

  async put(key: string, value: unknown): Promise<void> {
    await this.#database.put(key, value);
  }

  async delete(key: string): Promise<void> {
    await this.#database.del(key);
  }

  async range<T>({ from, to, reverse = false, limit = -1 }: Range): Promise<[string, T][]> {
    const entries = this.#database.iterator({ gte: from, lt: to, reverse, limit });
    return (await entries.all()) as [string, T][];
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
