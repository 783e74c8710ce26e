/**
 * Packages and modules: what there is to install, and for what part of a device.
 * @module
 */
import { createHash, randomBytes, randomInt } from "node:crypto";
import { FIRMWARES_MAX, PACKAGE_FILES_MAX } from "../defaults.ts";
import type { FileStore } from "../store/file-store.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import {
  DEFAULT_MODULE,
  type FirmwareRecord,
  type PackageFile,
  type SignMethod,
  type Verification,
} from "../store/ota-records.ts";
import { newId, Table } from "../store/table.ts";
import { OTA_NAME, refusal } from "./refusal.ts";

/** A file that was uploaded, and what its uploader says about it. */
export interface UploadedFile {
  name: string;
  key: string;
  size?: number | undefined;
  sign?: string | undefined;
}

export interface PackageSpec {
  productKey: string;
  version: string;
  /** `"default"` when absent. */
  module?: string | undefined;
  /** Shown in the console; unique. */
  name: string;
  files: UploadedFile[];
  signMethod?: SignMethod | undefined;
  diff?: boolean | undefined;
  srcVersion?: string | undefined;
  description?: string | undefined;
  udi?: string | undefined;
  /** Whether a verification has to succeed before the package goes to more devices; true. */
  needToVerify?: boolean | undefined;
}

/** Letters of Chinese and Japanese, Latin letters and digits first; 1 to 40 characters. */
const PACKAGE_NAME = /^[\p{L}\p{N}][\p{L}\p{N}_()-]{0,39}$/u;

export class Packages {
  readonly #table: Table<FirmwareRecord>;
  readonly #files: FileStore;

  private constructor(table: Table<FirmwareRecord>, files: FileStore) {
    this.#table = table;
    this.#files = files;
  }

  static async load(store: OrderedStore, files: FileStore): Promise<Packages> {
    return new Packages(await Table.load(store, "ota/firmware/"), files);
  }

  /** @throws CloudError when there is none of this id. */
  require(firmwareId: string): FirmwareRecord {
    const firmware = this.get(firmwareId);
    if (!firmware) {
      const text = `package ${firmwareId} does not exist`;
      throw refusal("noFirmware", text, { kind: "noPackage", id: firmwareId });
    }
    return firmware;
  }

  get(firmwareId: string): FirmwareRecord | undefined {
    return this.#table.get(firmwareId);
  }

  /** All, newest first. */
  list(): FirmwareRecord[] {
    return this.#table.list().reverse();
  }

  /** The package that holds a file. */
  ownerOf(fileKey: string): FirmwareRecord | undefined {
    return this.#table.list().find(({ files }) => files.some(({ key }) => key === fileKey));
  }

  ofStream(streamId: number): FirmwareRecord | undefined {
    return this.#table.list().find((firmware) => firmware.streamId === streamId);
  }

  /** Puts a file there under a new key. */
  async store(bytes: Buffer, suffix = "bin"): Promise<string> {
    const key = newFileKey(suffix);
    await this.#files.put(key, bytes);
    return key;
  }

  /** Removes a file that belongs to no package. */
  async drop(key: string): Promise<void> {
    if (!this.ownerOf(key)) await this.#files.delete(key);
  }

  read(file: PackageFile): Promise<Buffer | undefined> {
    return this.#files.get(file.key);
  }

  /** @throws CloudError that says what does not fit. */
  async create(spec: PackageSpec): Promise<FirmwareRecord> {
    this.#check(spec);
    const { signMethod = "MD5", diff = false, srcVersion, udi, needToVerify = true } = spec;
    const files: PackageFile[] = [];
    for (const file of spec.files) files.push(await this.#measure(file, signMethod));
    const now = Date.now();
    const firmware: FirmwareRecord = {
      firmwareId: newId(),
      name: spec.name,
      productKey: spec.productKey,
      module: spec.module ?? DEFAULT_MODULE,
      version: spec.version,
      ...(srcVersion === undefined ? {} : { srcVersion }),
      diff,
      description: spec.description ?? "",
      signMethod,
      files,
      ...(udi === undefined ? {} : { udi }),
      verification: needToVerify ? 0 : -1,
      streamId: randomInt(1, 2 ** 31),
      createdAt: now,
      modifiedAt: now,
    };
    this.#table.put(firmware.firmwareId, firmware);
    await this.#table.flush();
    return firmware;
  }

  verify(firmwareId: string, verification: Verification): void {
    const firmware = this.get(firmwareId);
    if (!firmware || firmware.verification === verification) return;
    this.#table.put(firmwareId, { ...firmware, verification, modifiedAt: Date.now() });
  }

  async delete(firmwareId: string): Promise<void> {
    const { files } = this.require(firmwareId);
    this.#table.delete(firmwareId);
    await this.#table.flush();
    for (const { key } of files) if (!this.ownerOf(key)) await this.#files.delete(key);
  }

  flush(): Promise<void> {
    return this.#table.flush();
  }

  #check({ version, name, module, files, diff, srcVersion }: PackageSpec): void {
    const all = this.#table.list();
    if (!OTA_NAME.test(version)) {
      const expected = "has to be 1 to 64 letters, digits or . - _";
      throw refusal("parameter", `DestVersion is "${version}", but ${expected}`, {
        kind: "version",
        version,
      });
    }
    if (module !== undefined && !OTA_NAME.test(module)) {
      const text = `ModuleName "${module}" has to be letters, digits or . - _`;
      throw refusal("parameter", text, { kind: "module", module });
    }
    if (!PACKAGE_NAME.test(name)) {
      const expected = "letters, digits, - _ ( ), beginning with a letter or digit, at most 40";
      throw refusal("parameter", `FirmwareName is "${name}", expected: ${expected}`, {
        kind: "packageName",
        name,
      });
    }
    if (all.some((firmware) => firmware.name === name)) {
      const text = `there is a package named ${name} already`;
      throw refusal("sameFirmware", text, { kind: "samePackage", name });
    }
    if (all.length >= FIRMWARES_MAX) {
      const text = `there are ${FIRMWARES_MAX} packages already`;
      throw refusal("tooMany", text, { kind: "tooManyPackages", most: FIRMWARES_MAX });
    }
    if (files.length < 1 || files.length > PACKAGE_FILES_MAX) {
      throw refusal("parameter", `a package has 1 to ${PACKAGE_FILES_MAX} files`);
    }
    const names = new Set(files.map((file) => file.name));
    if (names.size < files.length) throw refusal("parameter", "two files have the same name");
    if (!diff) return;
    if (srcVersion === undefined || srcVersion === version) {
      throw refusal(
        "parameter",
        "a differential package needs a SrcVersion other than DestVersion",
      );
    }
  }

  async #measure(file: UploadedFile, signMethod: SignMethod): Promise<PackageFile> {
    const bytes = await this.#files.get(file.key);
    if (!bytes) throw refusal("noFile", `file ${file.key} was not uploaded`);
    const { length: size } = bytes;
    if (file.size !== undefined && file.size !== size) {
      throw refusal("wrongFile", `file ${file.name} has ${size} bytes, not ${file.size}`);
    }
    const digest = (method: string) => createHash(method).update(bytes).digest("hex");
    const sign = digest(signMethod);
    if (file.sign !== undefined && file.sign.toLowerCase() !== sign) {
      throw refusal("wrongFile", `the ${signMethod} of file ${file.name} is ${sign}`);
    }
    return { name: file.name, key: file.key, size, md5: digest("md5"), sign };
  }
}

/** Where a new file comes to lie. */
export function newFileKey(suffix: string): string {
  return `ota/${randomBytes(16).toString("hex")}/${randomBytes(16).toString("hex")}.${suffix}`;
}
