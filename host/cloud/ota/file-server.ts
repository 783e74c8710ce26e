/**
 * The file server of packages, over HTTP and HTTPS: downloads by signed addresses, uploads by form,
 * as on Alibaba's object storage.
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type Endpoint, listenError, tlsOptions } from "../broker/listeners.ts";
import type { Certificates } from "../certificate/authority.ts";
import { UPLOAD_MAX_BYTES } from "../defaults.ts";
import { FILE_KEY, type FileStore } from "../store/file-store.ts";
import type { Trace } from "../trace.ts";
import type { Addresses, Denial } from "./addresses.ts";
import type { FaultSwitches } from "./faults.ts";
import { etag, sendFile, sendRedirect } from "./file-response.ts";
import { parseForm } from "./multipart.ts";

export interface FileServerParts {
  files: FileStore;
  addresses: Addresses;
  faults: FaultSwitches;
  trace: Trace;
  /** The package that a file belongs to. */
  ownerOf(fileKey: string): string | undefined;
}

export class FileServer {
  readonly endpoint: Endpoint;
  readonly #server: Server;

  private constructor(server: Server, endpoint: Endpoint) {
    this.#server = server;
    this.endpoint = endpoint;
  }

  /** @param certificates makes it HTTPS. */
  static async start(
    endpoint: Endpoint,
    parts: FileServerParts,
    certificates?: Certificates,
  ): Promise<FileServer> {
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      serve(request, response, parts).catch((error: unknown) => {
        deny(response, { status: 500, code: "InternalError", message: String(error) });
      });
    };
    const server = certificates
      ? createTlsServer(tlsOptions(certificates), answer)
      : createServer(answer);
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError(error, endpoint)));
      server.listen(endpoint.port, endpoint.host, resolve);
    });
    const { port } = server.address() as { port: number };
    return new FileServer(server, { host: endpoint.host, port });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: FileServerParts,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://files");
  if (request.method === "POST" && pathname === "/") return upload(request, response, parts);
  const key = pathname.slice(1);
  const firmwareId = parts.ownerOf(key);
  const note = (status: number, range?: { from: number; to: number }, sent = 0) => {
    const { method = "" } = request;
    parts.trace.emit("download", {
      at: Date.now(),
      file: key,
      ...(firmwareId === undefined ? {} : { firmwareId }),
      method,
      status,
      ...range,
      sent,
    });
  };
  const refuse = (denial: Failure) => {
    note(denial.status);
    deny(response, denial);
  };
  const denial = FILE_KEY.test(key)
    ? parts.addresses.check(request.method ?? "", key, searchParams, Date.now())
    : ({ status: 403, code: "AccessDenied", message: "No such address." } as const);
  if (denial) return refuse(denial);
  const bytes = await parts.files.get(key);
  if (!bytes) return refuse({ status: 404, code: "NoSuchKey", message: "The file is gone." });
  const faults = parts.faults.take(firmwareId);
  if (faults.expired) {
    return refuse({ status: 403, code: "AccessDenied", message: "Request has expired." });
  }
  if (faults.status !== undefined) {
    return refuse({ status: faults.status, code: "InternalError", message: "Try again later." });
  }
  if (sendRedirect(request, response, searchParams, faults)) return note(302);
  sendFile(request, response, bytes, faults, note);
}

async function upload(
  request: IncomingMessage,
  response: ServerResponse,
  { files, addresses }: FileServerParts,
): Promise<void> {
  const body = await readBody(request, UPLOAD_MAX_BYTES);
  if (!body) {
    const message = `The form has more than ${UPLOAD_MAX_BYTES} bytes.`;
    return deny(response, { status: 400, code: "EntityTooLarge", message });
  }
  const form = parseForm(request.headers["content-type"] ?? "", body);
  const file = form?.get("file");
  if (!form || !file) {
    const message = "A form (multipart/form-data) with the field file is expected.";
    return deny(response, { status: 400, code: "MalformedPOSTRequest", message });
  }
  const text = (name: string) => form.get(name)?.toString("utf8") ?? "";
  const key = text("key");
  const fields = {
    key,
    policy: text("policy"),
    OSSAccessKeyId: text("OSSAccessKeyId"),
    // Browsers' forms and Alibaba's sample spell it differently.
    signature: text("signature") || text("Signature"),
  };
  const denial = addresses.checkForm(fields, file.length, Date.now());
  if (denial) return deny(response, denial);
  await files.put(key, Buffer.from(file));
  const status = ["200", "201"].includes(text("success_action_status"))
    ? Number(text("success_action_status"))
    : 204;
  response.writeHead(status, { etag: etag(file), "content-length": 0 }).end();
}

/** Reads a body; undefined when it is too long. */
async function readBody(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= most) chunks.push(chunk);
  }
  return length <= most ? Buffer.concat(chunks) : undefined;
}

type Failure = Omit<Denial, "status"> & { status: number };

/** Answers as the object storage does: XML with a code. */
function deny(response: ServerResponse, { status, code, message }: Failure): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const escaped = message.replace(/[<>&]/g, " ");
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`;
  const headers = { "content-type": "application/xml", "content-length": Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
