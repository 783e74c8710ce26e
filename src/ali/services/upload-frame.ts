/**
 * A block of an upload as it is sent: length of the header in 2 bytes with the high one first, the
 * header as JSON, the bytes, their CRC-16 with the low byte first.
 * @module
 */
import { crc16 } from "../../digest/crc16.ts";
import { toJson } from "../../text/json.ts";

export function blockFrame(id: string, params: any, block: string): string {
  const header = toJson({ id: id, params: params });
  const crc = crc16(block);
  return (
    String.fromCharCode(header.length >> 8, header.length & 255) +
    header +
    block +
    String.fromCharCode(crc & 255, crc >> 8)
  );
}
