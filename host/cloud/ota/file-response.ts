/**
 * How the file server answers a download, well or with the faults that are switched on.
 * @module
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ByteRange, parseRange } from "./byte-range.ts";
import { type Faults, spoil } from "./faults.ts";

/** Told when the answer has left, or its connection has ended. */
export type Note = (status: number, range: ByteRange, sent: number) => void;

/** The quoted MD5 that tells whether a file is still the same. */
export function etag(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex").toUpperCase()}"`;
}

/** Redirects while redirects are switched on and left to do; false when the file's turn has come. */
export function sendRedirect(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  { redirect, location }: Faults,
): boolean {
  const hops = Number(redirect ?? (location === undefined ? 0 : 1));
  const hop = Number(query.get("hop") ?? 0);
  if (hop >= hops) return false;
  const scheme = "encrypted" in request.socket ? "https" : "http";
  const target = new URL(request.url ?? "/", `${scheme}://${request.headers.host}`);
  target.searchParams.set("hop", String(hop + 1));
  response.writeHead(302, { location: location ?? target.href, "content-length": 0 }).end();
  return true;
}

/** Sends the file or the range of it that was asked for. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  faults: Faults,
  note: Note,
): void {
  const asked = faults.noRange ? undefined : parseRange(request.headers.range, file.length);
  const from = asked && (faults.rangeFrom ?? asked.from);
  const range = asked ? { ...asked, from: from as number } : { from: 0, to: file.length };
  const part = file.subarray(range.from, range.to);
  const body = faults.emptyBody ? Buffer.alloc(0) : spoil(part, range.from, file.length, faults);
  const status = asked ? 206 : 200;
  response.statusCode = status;
  response.setHeader("content-type", "application/octet-stream");
  response.setHeader("etag", etag(file));
  if (!faults.noRange) response.setHeader("accept-ranges", "bytes");
  if (asked) {
    response.setHeader("content-range", `bytes ${range.from}-${range.to - 1}/${file.length}`);
  }
  if (faults.chunked) response.setHeader("transfer-encoding", "chunked");
  // Without length and chunks the end of the connection tells.
  else if (faults.noLength) response.removeHeader("transfer-encoding");
  else response.setHeader("content-length", body.length + (faults.lengthDelta ?? 0));
  if (faults.lengthDelta) response.shouldKeepAlive = false;
  sendBody(response, body, range, faults, (sent) => note(status, range, sent));
}

function sendBody(
  response: ServerResponse,
  body: Buffer,
  { from }: ByteRange,
  faults: Faults,
  done: (sent: number) => void,
): void {
  const { stallAfter } = faults;
  const drop = dropAt(from, faults);
  const sent = Math.min(body.length, drop ?? body.length, stallAfter ?? body.length);
  const socket = response.socket as Socket;
  response.once("close", () => done(sent));
  if (sent === body.length) {
    // In two steps, or Node would say the length by itself.
    response.write(body);
    response.end(() => {
      if (faults.lengthDelta) socket.destroySoon();
    });
    return;
  }
  // The head goes first even if no byte of the body does.
  response.flushHeaders();
  response.write(body.subarray(0, sent), () => {
    if (sent === drop) socket.destroySoon();
  });
}

/** After how many bytes of the body the connection is cut. */
function dropAt(from: number, { dropAfter, dropEvery }: Faults): number | undefined {
  const every = dropEvery === undefined ? undefined : dropEvery - (from % dropEvery);
  return dropAfter === undefined || every === undefined
    ? (dropAfter ?? every)
    : Math.min(dropAfter, every);
}
