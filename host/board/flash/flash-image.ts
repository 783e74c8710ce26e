/**
 * A flash image in a file: what a board keeps without power. The file is the interpreter's own: for
 * the Linux build it is its `espruino.flash`, for a chip the contents of the whole flash.
 * @module
 */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import type { Machine } from "../../../boards/board.ts";
import { FileStore } from "./file-store.ts";
import { NorFlash } from "./nor-flash.ts";

/** An open flash image; `close()` it when done. */
export class FlashImage {
  readonly flash: NorFlash;
  readonly store: FileStore;
  private readonly file: number;

  private constructor(
    readonly path: string,
    machine: Machine,
  ) {
    const { base, size, page, storage } = machine.flash;
    if (!existsSync(path)) writeFileSync(path, Buffer.alloc(size, 0xff));
    const bytes = readFileSync(path);
    if (bytes.length !== size)
      throw new Error(`${path} holds ${bytes.length} bytes, expected the flash's ${size}`);
    const file = openSync(path, "r+");
    this.file = file;
    this.flash = new NorFlash(new Uint8Array(bytes), base, page, (offset, changed) => {
      writeSync(file, changed, 0, changed.length, offset);
    });
    this.store = new FileStore(this.flash, storage);
  }

  /** Opens an image, making an erased one when the file is missing. */
  static open(path: string, machine: Machine): FlashImage {
    return new FlashImage(path, machine);
  }

  /** Writes a Storage file, replacing an older one; a string is taken as UTF-8. */
  writeFile(name: string, data: Uint8Array | string): void {
    this.store.write(name, typeof data === "string" ? new TextEncoder().encode(data) : data);
  }

  /** Makes a Storage file of so many bytes, blank but for the first, unless there is one like it. */
  reserveFile(name: string, size: number): void {
    if (this.store.find(name)?.size === size) return;
    this.store.write(name, Uint8Array.of(0x78), 0, 0, size);
  }

  /** A Storage file's bytes, undefined when it is missing. */
  readFile(name: string): Uint8Array | undefined {
    return this.store.read(name);
  }

  /** Names of the Storage files. */
  list(): string[] {
    return this.store.list().map((file) => file.name);
  }

  close(): void {
    closeSync(this.file);
  }
}
