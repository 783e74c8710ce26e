/**
 * HTTP/1.1 GET as the module does it for AT+QHTTPGET and AT+QFOTADL.
 * @module
 */
import type { Kernel } from "./kernel.ts";
import type { Connection, ConnectTarget, TlsSettings } from "./network/network.ts";

/** How it ended: the module's error number (0, or 701 to 730), and what came. */
export interface HttpResult {
  error: number;
  code: number;
  /** As announced; -1 when it was not. */
  length: number;
  headers: string;
  body: string;
}

export interface HttpRequest {
  url: string;
  /** Longest time in all, ms. */
  timeout: number;
  /** First and last byte. */
  range?: [first: number, last: number];
  headers?: string[];
  tls?: TlsSettings;
  /** Called with the share that has come, 0 to 1, when the length is known. */
  onProgress?(share: number): void;
}

const REDIRECTS = 3;

/** Gets a URL; gives the way to give up, after which nothing is told. */
export function httpGet(
  kernel: Kernel,
  request: HttpRequest,
  done: (result: HttpResult) => void,
  redirects = REDIRECTS,
): () => void {
  const result: HttpResult = { error: 0, code: 0, length: -1, headers: "", body: "" };
  const url = parseUrl(request.url);
  let connection: Connection | undefined;
  let isOver = false;
  let cancel = () => {};
  const finish = (error: number) => {
    if (isOver) return;
    isOver = true;
    cancel();
    connection?.close();
    result.error = error;
    done(result);
  };
  if (!url) {
    kernel.after(0, () => finish(711));
    return () => {
      isOver = true;
    };
  }
  cancel = kernel.after(request.timeout, () => finish(702));
  let reader: BodyReader | undefined;
  let head = "";
  const take = (bytes: string) => {
    if (isOver) return;
    if (reader) {
      reader.take(bytes);
    } else {
      head += bytes;
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      result.headers = head.slice(0, end + 2);
      result.code = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
      if (result.code === 0) {
        finish(723);
        return;
      }
      const location = header(result.headers, "location");
      if (result.code >= 301 && result.code <= 308 && location !== undefined) {
        redirect(location);
        return;
      }
      reader = new BodyReader(result);
      reader.take(head.slice(end + 4));
    }
    const length = result.length;
    if (length > 0) request.onProgress?.(result.body.length / length);
    if (reader.isComplete) finish(0);
  };
  const redirect = (location: string) => {
    if (redirects === 0 || !/^https?:\/\//i.test(location)) {
      finish(711);
      return;
    }
    isOver = true;
    cancel();
    connection?.close();
    cancelNext = httpGet(kernel, { ...request, url: location }, done, redirects - 1);
  };
  let cancelNext = () => {};
  const target: ConnectTarget = { host: url.host, port: url.port };
  if (url.secure) {
    target.tls = { ...(request.tls ?? { verify: false, version: 4 }), serverName: url.host };
  }
  connection = kernel.network.connect(target, {
    onOpen: () => connection?.send(requestText(url, request)),
    onFail: (reason) => finish(reason === "name" ? 714 : 716),
    onData: take,
    onClose: () => finish(reader?.endsAtClose || reader?.isComplete ? 0 : reader ? 719 : 717),
  });
  return () => {
    isOver = true;
    cancel();
    connection?.close();
    cancelNext();
  };
}

interface HttpUrl {
  secure: boolean;
  host: string;
  port: number;
  path: string;
}

function parseUrl(text: string): HttpUrl | undefined {
  const match = /^(https?):\/\/([^/:?#]+)(?::(\d+))?([/?][^#]*)?/i.exec(text);
  if (!match) return undefined;
  const [, scheme = "", host = "", port, path = "/"] = match;
  const secure = scheme.toLowerCase() === "https";
  return { secure, host, port: port === undefined ? (secure ? 443 : 80) : Number(port), path };
}

function requestText(url: HttpUrl, { range, headers = [] }: HttpRequest): string {
  const usual = url.port === (url.secure ? 443 : 80);
  return [
    `GET ${url.path} HTTP/1.1`,
    `Host: ${url.host}${usual ? "" : `:${url.port}`}`,
    "User-Agent: QUECTEL_MODULE",
    "Accept: */*",
    "Connection: close",
    ...(range ? [`Range: bytes=${range[0]}-${range[1]}`] : []),
    ...headers,
    "\r\n",
  ].join("\r\n");
}

function header(headers: string, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*)`, "i").exec(headers)?.[1];
}

/** Puts a body together: of a known length, in chunks, or up to the end of the connection. */
class BodyReader {
  isComplete = false;
  readonly endsAtClose: boolean;
  private readonly chunked: boolean;
  private waiting = "";

  constructor(private readonly result: HttpResult) {
    const length = header(result.headers, "content-length");
    this.chunked = /chunked/i.test(header(result.headers, "transfer-encoding") ?? "");
    if (length !== undefined) result.length = Number(length);
    this.endsAtClose = !this.chunked && length === undefined;
    if (result.code === 204 || result.code === 304) result.length = 0;
    this.isComplete = result.length === 0;
  }

  take(bytes: string): void {
    const { result } = this;
    if (this.chunked) {
      this.waiting += bytes;
      this.takeChunks();
      return;
    }
    result.body += bytes;
    if (result.length >= 0 && result.body.length >= result.length) {
      result.body = result.body.slice(0, result.length);
      this.isComplete = true;
    }
  }

  private takeChunks(): void {
    for (;;) {
      const end = this.waiting.indexOf("\r\n");
      if (end < 0) return;
      const length = Number.parseInt(this.waiting, 16);
      if (length === 0) {
        this.isComplete = true;
        return;
      }
      if (this.waiting.length < end + 4 + length) return;
      this.result.body += this.waiting.slice(end + 2, end + 2 + length);
      this.waiting = this.waiting.slice(end + 4 + length);
    }
  }
}
