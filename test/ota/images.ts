/**
 * Images for tests.
 * @module
 */
import { crc32 } from "../../host/image/crc32.ts";
import type { PackOptions } from "../../host/image/image.ts";

export const sampleEntries = [
  { name: "main.js", bytes: Buffer.from("print('started')\n".repeat(20)) },
  { name: 'a "name" \\ of 28 characters.', bytes: Buffer.from([0, 1, 2, 254, 255]) },
];

export const sampleParts: PackOptions = {
  board: "esp32",
  module: "QuecPython-Tracker",
  version: "1.1.0",
  security: 3,
  entries: sampleEntries,
};

/** A header with this JSON, whatever it is, and a good CRC-32. */
export function rawHeader(json: string): Buffer {
  const covered = Buffer.alloc(752, 0x20);
  covered.write(json, "latin1");
  const sum = crc32(covered).toString(16).padStart(8, "0");
  return Buffer.concat([Buffer.from(`ALIIMG1\n${sum}`), covered, Buffer.alloc(256, 0xff)]);
}
