/**
 * Uploaded files: in a directory, or in memory for a platform that keeps nothing.
 * @module
 */
import { appendFile, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Keys are paths of letters, digits and `. - _` such as `ota/1a2b/3c4d.bin`. */
export const FILE_KEY = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*(\.[A-Za-z0-9]+){0,2}$/;

export interface FileStore {
  put(key: string, bytes: Buffer): Promise<void>;
  /** Adds bytes at the end of a file, which begins with them when there is none. */
  append(key: string, bytes: Buffer): Promise<void>;
  /** The file's bytes, or undefined when there is none. */
  get(key: string): Promise<Buffer | undefined>;
  delete(key: string): Promise<void>;
}

export class MemoryFiles implements FileStore {
  readonly #files = new Map<string, Buffer>();
  /** What was added since the file was last read. */
  readonly #parts = new Map<string, Buffer[]>();

  async put(key: string, bytes: Buffer): Promise<void> {
    this.#parts.delete(key);
    this.#files.set(key, bytes);
  }

  async append(key: string, bytes: Buffer): Promise<void> {
    const parts = this.#parts.get(key);
    if (parts) parts.push(Buffer.from(bytes));
    else this.#parts.set(key, [Buffer.from(bytes)]);
  }

  async get(key: string): Promise<Buffer | undefined> {
    const parts = this.#parts.get(key);
    if (parts) {
      const whole = Buffer.concat([this.#files.get(key) ?? Buffer.alloc(0), ...parts]);
      this.#files.set(key, whole);
      this.#parts.delete(key);
    }
    return this.#files.get(key);
  }

  async delete(key: string): Promise<void> {
    this.#parts.delete(key);
    this.#files.delete(key);
  }
}

export class DirectoryFiles implements FileStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const file = this.#path(key);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // Whole or not at all, also when the power goes.
    const draft = `${file}.part`;
    const handle = await open(draft, "w", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  }

  async append(key: string, bytes: Buffer): Promise<void> {
    const file = this.#path(key);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, bytes, { mode: 0o600 });
  }

  async get(key: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
        return undefined;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  #path(key: string): string {
    if (!FILE_KEY.test(key)) throw new RangeError(`"${key}" is not the key of a file`);
    return join(this.#directory, ...key.split("/"));
  }
}
