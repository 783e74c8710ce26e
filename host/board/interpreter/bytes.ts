/**
 * Byte strings: the interpreter's strings hold one byte a character.
 * @module
 */
import type { Value } from "./realm.ts";

/** Bytes to a byte string. */
export function toByteString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/**
 * A string's bytes. Where boards have unicode strings, one with characters over 255 is UTF-8.
 * @throws when a board without unicode is given such a character, which it cannot have
 */
export function stringBytes(text: string, unicode: boolean): Uint8Array {
  const wide = /[^\0-\xff]/.exec(text)?.[0];
  if (wide === undefined) return Buffer.from(text, "latin1");
  if (unicode) return new TextEncoder().encode(text);
  const code = wide.charCodeAt(0).toString(16).padStart(4, "0");
  throw new Error(`character U+${code} in a byte string: this board's strings hold bytes only`);
}

/** Bytes of whatever the interpreter's byte functions take: text, numbers, arrays, buffers. */
export function valueBytes(value: Value, unicode: boolean): Uint8Array {
  if (typeof value === "string") return stringBytes(value, unicode);
  if (typeof value === "number") return Uint8Array.of(value);
  if (ArrayBuffer.isView(value)) {
    if ("length" in value) return Uint8Array.from(value as unknown as ArrayLike<number>);
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]")
    return new Uint8Array(value as ArrayBuffer);
  if (Array.isArray(value)) {
    const parts = Array.from(value, (item) => valueBytes(item, unicode));
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  }
  if (typeof value === "object" && value !== null && "data" in value) {
    const one = valueBytes(value.data, unicode);
    const count = value.count === undefined ? 1 : Number(value.count);
    return Uint8Array.from(Array.from({ length: count }, () => [...one]).flat());
  }
  return new Uint8Array(0);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 as in ISO 3309, of zlib and PNG. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Whether bytes are UTF-8 with at least one character beyond ASCII. */
export function looksLikeUtf8(text: string): boolean {
  let beyond = false;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 255) return false;
    if (text.charCodeAt(i) > 127) beyond = true;
  }
  if (!beyond) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
    return true;
  } catch {
    return false;
  }
}
