/**
 * The files that devices have uploaded or are uploading: who they are of in the store, their bytes
 * in the file store. Times are milliseconds since 1970.
 * @module
 */
import { UPLOAD_LIFE_MS } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { FileStore } from "./file-store.ts";
import type { OrderedStore } from "./ordered-store.ts";
import { newId, Table } from "./table.ts";

export interface DeviceFileRecord extends DeviceId {
  /** Names the file, and its upload as long as that lasts. */
  fileId: string;
  name: string;
  /** Name in the file store. */
  key: string;
  /** Bytes: as announced, -1 where that is unknown, or as received when complete. */
  size: number;
  complete: boolean;
  /** CRC-64 that the device gave. */
  ficValue?: string;
  initUid?: string;
  createdAt: number;
}

export class DeviceFiles {
  readonly #table: Table<DeviceFileRecord>;
  readonly #files: FileStore;
  /** Bytes there so far, of unfinished files. */
  readonly #received = new Map<string, number>();

  private constructor(table: Table<DeviceFileRecord>, files: FileStore) {
    this.#table = table;
    this.#files = files;
  }

  static async load(store: OrderedStore, files: FileStore): Promise<DeviceFiles> {
    const table = await Table.load<DeviceFileRecord>(store, "device-file/");
    const all = new DeviceFiles(table, files);
    for (const { fileId, key, complete } of table.list()) {
      if (!complete) all.#received.set(fileId, (await files.get(key))?.length ?? 0);
    }
    return all;
  }

  /** Unfinished ones live a day. */
  async get(fileId: string): Promise<DeviceFileRecord | undefined> {
    await this.#expire();
    return this.#table.get(fileId);
  }

  /** All of a device, oldest first. */
  async ofDevice(device: DeviceId): Promise<DeviceFileRecord[]> {
    await this.#expire();
    return this.#table
      .list()
      .filter((file) => file.productKey === device.productKey)
      .filter((file) => file.deviceName === device.deviceName);
  }

  /** Bytes received so far. */
  received({ fileId, size, complete }: DeviceFileRecord): number {
    return complete ? size : (this.#received.get(fileId) ?? 0);
  }

  /** Bytes that all files have or will have. */
  totalBytes(): number {
    const sizes = this.#table.list().map((file) => Math.max(file.size, this.received(file)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Begins a file without bytes. */
  async create(
    given: Omit<DeviceFileRecord, "fileId" | "key" | "complete" | "createdAt">,
  ): Promise<DeviceFileRecord> {
    const fileId = newId();
    const record = {
      ...given,
      fileId,
      key: `device/${fileId}`,
      complete: false,
      createdAt: Date.now(),
    };
    this.#received.set(fileId, 0);
    await this.change(record);
    return record;
  }

  async change(record: DeviceFileRecord): Promise<void> {
    this.#table.put(record.fileId, record);
    await this.#table.flush();
  }

  /** Adds bytes at the end. */
  async append(record: DeviceFileRecord, bytes: Buffer): Promise<void> {
    await this.#files.append(record.key, bytes);
    this.#received.set(record.fileId, this.received(record) + bytes.length);
  }

  async complete(record: DeviceFileRecord): Promise<void> {
    await this.change({ ...record, size: this.received(record), complete: true });
    this.#received.delete(record.fileId);
  }

  async read({ key }: DeviceFileRecord): Promise<Buffer> {
    return (await this.#files.get(key)) ?? Buffer.alloc(0);
  }

  async delete({ fileId, key }: DeviceFileRecord): Promise<void> {
    this.#table.delete(fileId);
    this.#received.delete(fileId);
    await this.#files.delete(key);
    await this.#table.flush();
  }

  async forget(device: DeviceId): Promise<void> {
    for (const file of await this.ofDevice(device)) await this.delete(file);
  }

  async #expire(): Promise<void> {
    const oldest = Date.now() - UPLOAD_LIFE_MS;
    const old = this.#table.list().filter((file) => !file.complete && file.createdAt <= oldest);
    for (const file of old) await this.delete(file);
  }
}
