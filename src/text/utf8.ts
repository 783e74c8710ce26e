/**
 * Text as UTF-8 byte strings: the form in which everything travels between the socket and the
 * application. Most boards have byte strings only; the Linux build also has unicode strings.
 * @module
 */

/**
 * The UTF-8 bytes of a text, one a character. Byte strings are returned as they are. A unicode
 * string must pass through here before `+` joins it to bytes, for the interpreter would otherwise
 * mix both in one string whose length is wrong.
 */
export function toBytes(text: string): string {
  return E.isUTF8(text) ? "" + E.toString(E.toUint8Array(text)) : text;
}

/**
 * Whether a byte string is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing
 * above U+10FFFF). ASCII is decided natively; only other text costs a look at each byte.
 */
export function isUtf8(bytes: string): boolean {
  if (!/[\x80-\xff]/.test(bytes)) return true;
  const octets = E.toUint8Array(bytes);
  const length = octets.length;
  let at = 0;
  while (at < length) {
    const lead = octets[at++];
    if (lead < 0x80) continue;
    let more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    // The byte after the lead has a narrower range where an overlong form or a surrogate would start.
    let low = 0x80;
    let high = 0xbf;
    if (lead < 0xc2 || lead > 0xf4) return false;
    if (lead === 0xe0) low = 0xa0;
    else if (lead === 0xed) high = 0x9f;
    else if (lead === 0xf0) low = 0x90;
    else if (lead === 0xf4) high = 0x8f;
    if (at + more > length) return false;
    while (more-- > 0) {
      const next = octets[at++];
      if (next < low || next > high) return false;
      low = 0x80;
      high = 0xbf;
    }
  }
  return true;
}

/** UTF-8 bytes of one code point, 0 to 0x10FFFF; a surrogate gives U+FFFD's bytes. */
export function encodeCodePoint(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
  if (code >= 0xd800 && code < 0xe000) return "\xef\xbf\xbd";
  if (code < 0x10000) {
    return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return String.fromCharCode(
    0xf0 | (code >> 18),
    0x80 | ((code >> 12) & 63),
    0x80 | ((code >> 6) & 63),
    0x80 | (code & 63),
  );
}
