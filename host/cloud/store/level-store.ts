/**
 * State in a LevelDB directory: the embedded default, which survives a restart. What comes in one turn of
 * the event loop is kept by one write of the journal; the database gets it a little later.
 * @module
 */
import { setImmediate as immediately } from "node:timers/promises";
import { ClassicLevel } from "classic-level";
import { ConfigurationError, DataInUseError } from "../errors.ts";
import { Journal, type Operation, readJournal } from "./journal.ts";
import type { OrderedStore, Range } from "./ordered-store.ts";

/** How long changes are gathered for the database, ms: one write costs as much as many. */
const GATHER_MS = 250;
/** From so many changes on, those that come wait until the database has them. */
const GATHERED_MAX = 20_000;

export class LevelStore implements OrderedStore {
  readonly #database: ClassicLevel<string, string>;
  readonly #journal: Journal;
  /** What has come in this turn of the event loop. */
  #fresh: Operation[] = [];
  /** When that is in the journal. */
  #kept: Promise<void> | undefined;
  /** What is in the journal, and is written to the database next, in one go. */
  #gathered: Operation[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The end of the write that takes what is gathered; undefined: nobody has asked for it. */
  #next: Promise<void> | undefined;
  /** The end of the last write that was asked for. */
  #last: Promise<void> = Promise.resolve();
  /** Why the database takes nothing more; what it has not got is in the journal. */
  #failure: Error | undefined;

  private constructor(database: ClassicLevel<string, string>, journal: Journal) {
    this.#database = database;
    this.#journal = journal;
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
    await write(database, readJournal(directory));
    return new LevelStore(database, new Journal(directory));
  }

  async get<T>(key: string): Promise<T | undefined> {
    await this.#settled();
    const json = await this.#database.get(key);
    return json === undefined ? undefined : (JSON.parse(json) as T);
  }

  put(key: string, value: unknown): Promise<void> {
    return this.#change({ key, json: JSON.stringify(value) });
  }

  delete(key: string): Promise<void> {
    return this.#change({ key, json: undefined });
  }

  async range<T>({ from, to, reverse = false, limit = -1 }: Range): Promise<[string, T][]> {
    await this.#settled();
    const entries = await this.#database.iterator({ gte: from, lt: to, reverse, limit }).all();
    return entries.map(([key, json]) => [key, JSON.parse(json) as T]);
  }

  async close(): Promise<void> {
    try {
      await this.#settled();
    } finally {
      await this.#database.close();
      this.#journal.close();
    }
  }

  #change(operation: Operation): Promise<void> {
    this.#fresh.push(operation);
    if (!this.#kept) {
      this.#kept = immediately().then(() => this.#keep());
      // Whoever has put it gets the error.
      this.#kept.catch(() => {});
    }
    return this.#kept;
  }

  /** Hands what is fresh to the operating system. @throws when the disk is full, or fails */
  #keep(): Promise<void> | undefined {
    const fresh = this.#fresh;
    this.#fresh = [];
    this.#kept = undefined;
    if (this.#failure) throw this.#failure;
    this.#journal.append(fresh);
    for (const operation of fresh) this.#gathered.push(operation);
    if (this.#gathered.length >= GATHERED_MAX) return this.#write();
    this.#timer ??= setTimeout(() => this.#write().catch(() => {}), GATHER_MS);
    return undefined;
  }

  /** Writes what is gathered to the database, and what comes until the write before has ended. */
  #write(): Promise<void> {
    if (!this.#next) {
      this.#next = this.#last.then(() => this.#commit());
      // Whoever asked for it gets the error.
      this.#last = this.#next.catch(() => {});
    }
    return this.#next;
  }

  async #commit(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const operations = this.#gathered;
    this.#gathered = [];
    this.#next = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const written = this.#journal.turn();
    try {
      await write(this.#database, operations);
    } catch (error) {
      this.#failure = error as Error;
      process.emitWarning(`the platform's data can't be written: ${String(error)}`);
      throw error;
    }
    written();
  }

  /** Whoever reads finds what was put before. */
  async #settled(): Promise<void> {
    await this.#kept?.catch(() => {});
    if (this.#gathered.length > 0) this.#write().catch(() => {});
    await this.#last;
    if (this.#failure) throw this.#failure;
  }
}

async function write(
  database: ClassicLevel<string, string>,
  operations: Operation[],
): Promise<void> {
  const batch = database.batch();
  for (const { key, json } of operations) {
    if (json === undefined) batch.del(key);
    else batch.put(key, json);
  }
  await batch.write();
}
