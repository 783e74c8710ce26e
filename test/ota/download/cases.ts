/**
 * Downloads from a server that does wrong, and what has to become of each.
 * @module
 */
import { randomBytes } from "node:crypto";
import {
  type Answer,
  type FaultyServer,
  type Request,
  serveFile,
  status,
} from "./faulty-server.ts";

/** How a device program ends a download. */
export interface Result {
  outcome: "complete" | "stopped" | { step: number; text: string; expired?: boolean };
  position: number;
  digest: string;
  erases: number;
  written: number;
  late: number;
}

export interface DownloadCase {
  name: string;
  file: Buffer;
  serve: (request: Request, file: Buffer) => Answer | Buffer;
  /** Further members of the device program's case. */
  more?: object;
  /** Over TLS. */
  tls?: boolean;
  /** The text of the failure; the download succeeds when this is missing. */
  fails?: RegExp;
  expired?: boolean;
  /** Requests that are made. */
  requests?: number;
  /** Most bytes of bodies that the server sends, as a multiple of the file. */
  fetched?: number;
  /** What else must hold. */
  check?: (result: Result, requests: Request[]) => string | undefined;
}

const KB = 1024;
const file = (bytes: number) => randomBytes(bytes);
const small = 3000;

/** Replaces a header field's value, or with undefined leaves it out. */
function withField(answer: Answer, name: string, value: string | undefined): Answer {
  const lines = answer.head.split("\r\n").filter((line) => !line.startsWith(`${name}:`));
  if (value !== undefined) lines.splice(1, 0, `${name}: ${value}`);
  return { ...answer, head: lines.join("\r\n") };
}

/** The first answer breaks after some bytes; the rest are asked for. */
function broken(then: DownloadCase["serve"], cut = 1000): DownloadCase["serve"] {
  return (request, body) =>
    request.index === 0 ? { ...serveFile(body, request), cut } : then(request, body);
}

const lengths = (name: string, length: (size: number) => number): DownloadCase => ({
  name: `Content-Length ${name}`,
  file: file(small),
  serve: (request, body) =>
    withField(serveFile(body, request), "Content-Length", String(length(body.length))),
  fails: new RegExp(`^Content-Length is ${length(small)}: ${small} is expected$`),
  requests: 1,
});

const statuses = (line: string, text: RegExp, more: Partial<DownloadCase> = {}): DownloadCase => ({
  name: `status ${line}`,
  file: file(small),
  serve: () => status(line),
  fails: text,
  requests: 1,
  ...more,
});

export function downloadCases(server: FaultyServer): DownloadCase[] {
  const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
  return [
    // First, while the interpreter's memory has room in one piece.
    {
      name: "over TLS, broken once",
      file: file(8 * KB),
      tls: true,
      serve: broken((request, body) => serveFile(body, request), 3000),
      requests: 2,
    },
    {
      name: "as it should be",
      file: file(40 * KB),
      serve: (request, body) => serveFile(body, request),
      requests: 1,
      fetched: 1,
      check: (_result, [request]) =>
        request?.fields.host !== `127.0.0.1:${server.port}`
          ? `Host: ${request?.fields.host}`
          : request.from !== undefined
            ? "asked for a range"
            : undefined,
    },
    {
      name: "broken at each KB of 40",
      file: file(40 * KB),
      serve: (request, body) => ({
        ...serveFile(body, request),
        cut: KB,
        end: request.index % 2 ? "close" : "reset",
      }),
      requests: 40,
      fetched: 1.1,
    },
    {
      name: "broken after a few bytes, over and over",
      file: file(KB),
      serve: (request, body) => ({ ...serveFile(body, request), cut: 100 }),
      requests: 11,
      fetched: 1,
    },
    {
      name: "goes on after a power cut",
      file: file(8 * KB),
      more: { from: 4 * KB },
      serve: (request, body) => serveFile(body, request),
      requests: 1,
      fetched: 0.5,
      check: (_result, [request]) => (request?.from === 4 * KB ? undefined : "asked for all"),
    },
    {
      name: "Range ignored",
      file: file(6 * KB),
      serve: broken((_request, body) => serveFile(body, { from: undefined } as Request), 2500),
      requests: 2,
    },
    {
      name: "Range answered from another byte, then with the whole file",
      file: file(small),
      serve: broken((request, body) =>
        request.from === undefined
          ? serveFile(body, request)
          : serveFile(body, { ...request, from: request.from - 1 }),
      ),
      requests: 3,
    },
    {
      name: "Range answered from another byte, always",
      file: file(small),
      serve: broken((_request, body) => serveFile(body, { from: 7 } as Request)),
      fails: /^given up after 4 tries: the server sends from byte 7 on, asked for 0$/,
    },
    {
      name: "206 without Content-Range, then the whole file",
      file: file(small),
      serve: broken((request, body) =>
        request.from === undefined
          ? serveFile(body, request)
          : withField(serveFile(body, request), "Content-Range", undefined),
      ),
      requests: 3,
    },
    {
      name: "Content-Range of another file",
      file: file(small),
      serve: broken((request, body) =>
        withField(serveFile(body, request), "Content-Range", `bytes ${request.from}-4999/5000`),
      ),
      fails: /^the file has 5000 bytes: 3000 are expected$/,
      requests: 2,
    },
    {
      name: "Content-Range of an unknown total",
      file: file(small),
      serve: broken((request, body) =>
        withField(serveFile(body, request), "Content-Range", `bytes ${request.from}-2999/*`),
      ),
      requests: 2,
    },
    lengths("one more", (size) => size + 1),
    lengths("one less", (size) => size - 1),
    lengths("twice", (size) => size * 2),
    {
      name: "Content-Length missing",
      file: file(small),
      serve: (request, body) => withField(serveFile(body, request), "Content-Length", undefined),
      fails: /^the answer has no Content-Length$/,
      requests: 1,
    },
    {
      name: "Content-Length that is no number",
      file: file(small),
      serve: (request, body) => withField(serveFile(body, request), "Content-Length", "0xbb8"),
      fails: /^the answer has no Content-Length$/,
      requests: 1,
    },
    {
      name: "chunked body",
      file: file(small),
      serve: (request, body) => ({
        ...withField(
          withField(serveFile(body, request), "Content-Length", undefined),
          "Transfer-Encoding",
          "chunked",
        ),
        body: Buffer.concat([Buffer.from("bb8\r\n"), body, Buffer.from("\r\n0\r\n\r\n")]),
      }),
      fails: /^the body is sent chunked: Content-Length is expected$/,
      requests: 1,
    },
    {
      name: "compressed body",
      file: file(small),
      serve: (request, body) => withField(serveFile(body, request), "Content-Encoding", "gzip"),
      fails: /^the body is encoded as gzip$/,
      requests: 1,
    },
    {
      name: "empty body",
      file: file(small),
      serve: () => status("200 OK"),
      fails: /^the body is empty: 3000 bytes are expected$/,
      requests: 1,
    },
    {
      name: "body longer than announced",
      file: file(small),
      serve: (request, body) => {
        const answer = serveFile(body, request);
        return { ...answer, body: Buffer.concat([answer.body, Buffer.from("and more")]) };
      },
      requests: 1,
    },
    {
      name: "no body at all, four times",
      file: file(small),
      serve: (request, body) => ({ ...serveFile(body, request), cut: 0 }),
      fails: /^given up after 4 tries: the connection was closed/,
      requests: 4,
    },
    {
      name: "three times no body, then some, over and over",
      file: file(small),
      serve: (request, body) => ({
        ...serveFile(body, request),
        cut: request.index % 4 === 3 ? KB : 0,
      }),
      requests: 12,
    },
    {
      name: "stalls in the body",
      file: file(small),
      serve: (request, body) => ({
        ...serveFile(body, request),
        ...(request.index === 0 ? { cut: 1000, end: "stall" } : {}),
      }),
      requests: 2,
    },
    {
      name: "stalls before the head",
      file: file(small),
      serve: (request, body) =>
        request.index === 0
          ? { head: "HTTP/1.1 200 O", body: Buffer.from("K"), end: "stall" }
          : serveFile(body, request),
      requests: 2,
    },
    {
      name: "slow: a few bytes at a time",
      file: file(400),
      serve: (request, body) => ({ ...serveFile(body, request), pace: { bytes: 5, ms: 10 } }),
      requests: 1,
      fetched: 1,
    },
    {
      name: "no HTTP at all",
      file: file(small),
      serve: () => Buffer.from("SSH-2.0-OpenSSH_9.6\r\nand so on\r\n\r\n"),
      fails: /^the answer is no HTTP\/1.1$/,
      requests: 1,
    },
    {
      name: "a head that never ends",
      file: file(small),
      serve: () => ({
        head: `HTTP/1.1 200 OK\r\n${"X-More: more\r\n".repeat(700)}`,
        body: Buffer.alloc(0),
      }),
      fails: /^the answer is no HTTP: its head has more than 4096 bytes$/,
      requests: 1,
    },
    {
      name: "a long head, field names in any case",
      file: file(small),
      serve: (request, body) => {
        const answer = withField(serveFile(body, request), "X-Filler", "x".repeat(3500));
        return { ...answer, head: answer.head.replace("Content-Length", "cOnTeNt-LeNgTh") };
      },
      requests: 1,
    },
    statuses("404 Not Found", /^HTTP 404 from 127.0.0.1: there is no such file$/),
    statuses("410 Gone", /^HTTP 410 from 127.0.0.1: there is no such file$/),
    statuses("416 Range Not Satisfiable", /^HTTP 416 .*shorter than expected$/),
    statuses("403 Forbidden", /^HTTP 403 .*expired or is not allowed$/, { expired: true }),
    statuses("204 No Content", /^HTTP 204 .*200 or 206 is expected$/),
    statuses("500 Internal Server Error", /^given up after 4 tries: HTTP 500 from 127.0.0.1$/, {
      requests: 4,
    }),
    {
      name: "status 503, then as it should be",
      file: file(small),
      serve: (request, body) =>
        request.index < 2 ? status("503 Service Unavailable") : serveFile(body, request),
      requests: 3,
    },
    {
      name: "the address expires in the middle",
      file: file(small),
      serve: broken(() => status("403 Forbidden")),
      fails: /^HTTP 403 /,
      expired: true,
      requests: 2,
    },
    ...["301", "302", "303", "307", "308"].map((code) => ({
      name: `redirect ${code} to a path and to an address`,
      file: file(small),
      serve: ({ index, path, from }: Request, body: Buffer) =>
        index === 0
          ? status(`${code} Moved`, `Location: ${path}`)
          : index === 1
            ? status(`${code} Moved`, `Location: ${at(path)}`)
            : serveFile(body, { from } as Request),
      requests: 3,
    })),
    {
      name: "redirect in a circle",
      file: file(small),
      serve: ({ path }: Request) => status("302 Found", `Location: ${path}`),
      fails: /^more than 5 redirects$/,
      requests: 6,
    },
    {
      name: "redirect to nowhere",
      file: file(small),
      serve: () => status("302 Found"),
      fails: /^HTTP 302 from 127.0.0.1: redirect: the address must begin with http/,
      requests: 1,
    },
    {
      name: "the link goes down and comes back",
      file: file(8 * KB),
      more: { linkDown: { at: 2000, ms: 150 } },
      serve: (request, body) => ({
        ...serveFile(body, request),
        ...(request.index === 0 ? { cut: 4 * KB, end: "stall" as const } : {}),
      }),
      requests: 2,
    },
    {
      name: "stopped in the middle",
      file: file(40 * KB),
      more: { stopAt: 2000 },
      serve: (request, body) => serveFile(body, request),
      requests: 1,
      check: ({ outcome, late }) =>
        outcome !== "stopped" ? "not stopped" : late ? `${late} bytes after stop()` : undefined,
    },
    {
      name: "refused by the sink",
      file: file(40 * KB),
      more: { refuseAt: 2000 },
      serve: (request, body) => serveFile(body, request),
      requests: 1,
      check: ({ outcome, late }) =>
        outcome !== "complete" ? "no end" : late ? `${late} bytes after a refusal` : undefined,
    },
  ];
}
