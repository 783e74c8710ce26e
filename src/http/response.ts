/**
 * The head of an HTTP response (RFC 9112, 4 and 5).
 * @module
 */

export interface Response {
  status: number;
  /** Content-Length; -1 when there is none that is a number. */
  length: number;
  /** Of Content-Range (RFC 9110, 14.4); -1 when missing or unknown. */
  from: number;
  total: number;
  /** Lower case; empty when the field is missing. */
  transferEncoding: string;
  contentEncoding: string;
  location: string;
}

/** A number without sign; -1 for anything else. */
function count(digits: string): number {
  const value = parseInt(digits, 10);
  return value >= 0 && "" + value === digits ? value : -1;
}

/** The value of a field whose name is given in lower case; empty when it is missing before `end`. */
function field(head: string, lower: string, end: number, name: string): string {
  const from = lower.indexOf("\r\n" + name + ":") + name.length + 3;
  // The interpreter also finds the beginning of what is sought at the text's end.
  if (from < name.length + 3 || from > end) return "";
  const stop = lower.indexOf("\r\n", from);
  return head.substr(from, (stop < 0 || stop > end ? end : stop) - from).trim();
}

/**
 * Reads a head, which ends before the empty line at `end`; undefined when it is not one of HTTP/1.
 */
export function parseResponse(head: string, end: number): Response | undefined {
  // With what follows the head: one copy, not two.
  const lower = head.toLowerCase();
  const status = count(head.substr(9, 3).trim());
  if (!head.startsWith("HTTP/1.") || status < 100) return undefined;
  const range = field(head, lower, end, "content-range");
  const isBytes = range.startsWith("bytes ");
  return {
    status: status,
    length: count(field(head, lower, end, "content-length")),
    from: isBytes ? count(range.substr(6).split("-")[0].trim()) : -1,
    total: isBytes ? count(range.substr(range.indexOf("/") + 1).trim()) : -1,
    transferEncoding: field(head, lower, end, "transfer-encoding").toLowerCase(),
    contentEncoding: field(head, lower, end, "content-encoding").toLowerCase(),
    location: field(head, lower, end, "location"),
  };
}

/** Whether the status sends the client elsewhere, with the same request. */
export function isRedirect(response: Response): boolean {
  const status = response.status;
  return (status > 300 && status < 304) || status === 307 || status === 308;
}

/** Whether the status may be another one later. */
export function isPassing(response: Response): boolean {
  return response.status >= 500 || response.status === 408 || response.status === 429;
}

/** What is wrong with the body of a file of `size` bytes whose last `wanted` were asked for, if anything. */
export function bodyFault(response: Response, size: number, wanted: number): string {
  const length = response.length;
  const total = response.total;
  const transfer = response.transferEncoding;
  const content = response.contentEncoding;
  if (total >= 0 && total !== size)
    return "the file has " + total + " bytes: " + size + " are expected";
  if (transfer) return "the body is sent " + transfer + ": Content-Length is expected";
  if (length < 0) return "the answer has no Content-Length";
  if (length === 0) return "the body is empty: " + wanted + " bytes are expected";
  if (length !== wanted) return "Content-Length is " + length + ": " + wanted + " is expected";
  return content && content !== "identity" ? "the body is encoded as " + content : "";
}

/** What a status that brings no file means for a download. */
export function explainStatus(status: number): string {
  if (status === 403) return "the address has expired or is not allowed";
  if (status === 404 || status === 410) return "there is no such file";
  if (status === 416) return "the file is shorter than expected";
  return "200 or 206 is expected";
}
