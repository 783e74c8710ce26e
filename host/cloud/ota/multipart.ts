/**
 * The body of an HTML form with a file (RFC 7578), on bytes: Alibaba's own sample sends the file
 * without a file name, which form readers take for text.
 * @module
 */

/** Fields by name, as bytes; the last one of a name counts. Undefined when the body is no form. */
export function parseForm(contentType: string, body: Buffer): Map<string, Buffer> | undefined {
  const boundary = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(
    contentType,
  );
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return undefined;
  const delimiter = `\r\n--${mark}`;
  // The first delimiter has no line end before it.
  const bytes = Buffer.concat([Buffer.from("\r\n"), body]);
  const fields = new Map<string, Buffer>();
  let at = bytes.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (bytes.toString("latin1", start, start + 2) === "--") return fields;
    const next = bytes.indexOf(delimiter, start);
    if (next < 0) return undefined;
    addField(fields, bytes.subarray(start, next));
    at = next;
  }
  return undefined;
}

function addField(fields: Map<string, Buffer>, part: Buffer): void {
  const split = part.indexOf("\r\n\r\n");
  if (split < 0) return;
  const header = part.toString("utf8", 0, split);
  const name = /^content-disposition:.*?[;\s]name="([^"]*)"/im.exec(header)?.[1];
  if (name !== undefined) fields.set(name, part.subarray(split + 4));
}
