/**
 * The header `Range` as Alibaba's object storage takes it: what does not lie within the file is
 * ignored rather than refused (help.aliyun.com/document_detail/31980.html).
 * @module
 */

/** Offsets of the first byte and of the one after the last. */
export interface ByteRange {
  from: number;
  to: number;
}

/** Reads `bytes=FROM-TO`, `bytes=FROM-` or `bytes=-LAST`; undefined stands for the whole file. */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!match) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  const from = first === "" ? size - Number(last) : Number(first);
  const to = first === "" || last === "" ? size : Number(last) + 1;
  return from >= 0 && from < to && to <= size ? { from, to } : undefined;
}
