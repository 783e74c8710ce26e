/**
 * The module's file system, UFS: survives restarts. Contents are byte strings.
 * @module
 */

/** Name without `UFS:`. */
export const plainName = (name: string) => name.replace(/^UFS:/i, "");

export class FileStore {
  private readonly contents = new Map<string, string>();

  constructor(
    readonly size: number,
    files: Record<string, string> = {},
  ) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  get free(): number {
    let used = 0;
    for (const content of this.contents.values()) used += content.length;
    return this.size - used;
  }

  names(): string[] {
    return [...this.contents.keys()];
  }

  read(name: string): string | undefined {
    return this.contents.get(plainName(name));
  }

  has(name: string): boolean {
    return this.contents.has(plainName(name));
  }

  write(name: string, content: string): void {
    this.contents.set(plainName(name), content);
  }

  delete(name: string): boolean {
    return this.contents.delete(plainName(name));
  }
}

/** 16-bit XOR of big-endian pairs of bytes; an odd last byte counts as the high one. */
export function checksum(content: string): string {
  let sum = 0;
  for (let place = 0; place < content.length; place++) {
    sum ^= place & 1 ? content.charCodeAt(place) : content.charCodeAt(place) << 8;
  }
  return sum.toString(16);
}
