/**
 * Hexadecimal text and bytes.
 * @module
 */

/** Lower-case hexadecimal of bytes: an `ArrayBuffer` (as the digests give), octets or a byte string. */
export function toHex(bytes: ArrayBuffer | Uint8Array | string): string {
  const octets = typeof bytes === "string" ? E.toUint8Array(bytes) : new Uint8Array(bytes as any);
  const digits = "0123456789abcdef";
  let text = "";
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i];
    text += digits.charAt(octet >> 4) + digits.charAt(octet & 15);
  }
  return text;
}

/**
 * Byte string of hexadecimal text, either case.
 * @throws Error when the length is odd or a character is not a hexadecimal digit
 */
export function hexToBytes(hex: string): string {
  if (hex.length & 1) throw new Error("hexadecimal text has an odd length of " + hex.length);
  let bytes = "";
  for (let i = 0; i < hex.length; i += 2) {
    const pair = hex.substr(i, 2);
    if (!/[0-9a-fA-F][0-9a-fA-F]/.test(pair)) {
      throw new Error("not hexadecimal at position " + i + ": " + JSON.stringify(pair));
    }
    bytes += String.fromCharCode(parseInt(pair, 16));
  }
  return bytes;
}
