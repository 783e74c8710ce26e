/**
 * A form posted over HTTPS, and the JSON that answers it, as registration and bootstrap exchange them.
 * One attempt; whoever asks tries again.
 * @module
 */
import { Connection, dial, textOf } from "../link/connection.ts";
import { link } from "../link/index.ts";
import { DIAL_FAILED } from "../mqtt/error.ts";
import { parseJson } from "../text/json.ts";

/** A host, with scheme and port or without: TLS unless it begins with `http://`. */
export interface Address {
  host: string;
  port: number;
  tls: boolean;
}

/** `code`: Ali's, 200 is success; below 100 as in `mqtt/error`; of HTTP, where it is not 200. */
export type FormDone = (code: number, answer: any, text: string) => void;

/** Bytes of an answer; what was seen has 300. */
const LONGEST = 4096;
const TIME_MS = 20000;
const LENGTH = "\r\ncontent-length:";

/** Throws an Error that names the setting. */
export function authAddress(server: string): Address {
  const slashes = server.indexOf("://");
  const scheme = slashes < 0 ? "https" : server.substr(0, slashes);
  const place = slashes < 0 ? server : server.substr(slashes + 3);
  const colon = place.indexOf(":");
  const host = colon < 0 ? place : place.substr(0, colon);
  const tls = scheme === "https";
  const port = colon < 0 ? (tls ? 443 : 80) : parseInt(place.substr(colon + 1), 10);
  if ((!tls && scheme !== "http") || !/^[A-Za-z0-9.-]+$/.test(host) || !(port > 0)) {
    throw new Error('AliIot: "authServer" must be a host, host:port or http://host:port');
  }
  return { host: host, port: port, tls: tls };
}

/** One question; `done` is called once, not before the constructor returns, unless it is stopped. */
export class FormRequest {
  private readonly connection: Connection;
  private readonly pieces: string[] = [];
  private bytes = 0;
  private timer: number;

  constructor(
    private readonly at: Address,
    private readonly path: string,
    private readonly form: string,
    private done: FormDone | undefined,
  ) {
    this.connection = new Connection(this);
    this.timer = setTimeout(() => this.end("no answer within 20 s"), TIME_MS);
    setTimeout(() => this.open(), 0);
  }

  /** Ends it; nothing is called back. */
  stop(): void {
    this.done = undefined;
    this.end("");
  }

  private open(): void {
    if (!this.done) return;
    try {
      this.connection.open({ dial: () => dial(this.at.tls, this.at) });
    } catch (error) {
      this.end(textOf(error));
    }
  }

  onOpen(): void {
    // HTTP/1.0, so that the answer is not chunked.
    this.connection.write(
      "POST " +
        this.path +
        " HTTP/1.0\r\nHost: " +
        this.at.host +
        "\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
        "Content-Length: " +
        this.form.length +
        "\r\n\r\n" +
        this.form,
    );
  }

  onData(bytes: string): void {
    this.bytes += bytes.length;
    if (this.bytes > LONGEST) {
      this.end("an answer of more than " + LONGEST + " bytes");
      return;
    }
    this.pieces.push(bytes);
    const text = this.pieces.join("");
    const head = text.indexOf("\r\n\r\n") + 4;
    const field = text.substr(0, head).toLowerCase().indexOf(LENGTH);
    if (field < 0) return;
    const length = parseInt(text.substr(field + LENGTH.length, 8).trim(), 10);
    if (text.length >= head + length) this.onClose("");
  }

  onDrain(): void {}

  onClose(reason: string): void {
    const text = this.pieces.join("");
    const head = text.indexOf("\r\n\r\n");
    const status = /^HTTP\/1\.. ([0-9]+)/.exec(text);
    if (head < 0 || !status) {
      this.end(reason || "closed without an answer");
      return;
    }
    let answer: any;
    try {
      answer = parseJson(text.substr(head + 4));
    } catch (_error) {
      answer = undefined;
    }
    if (answer && typeof answer.code === "number") {
      this.settle(answer.code, answer, "" + answer.message);
    } else this.settle(parseInt(status[1], 10), answer, "HTTP " + status[1]);
  }

  private end(text: string): void {
    const failed = !!this.done;
    this.settle(DIAL_FAILED, undefined, text);
    if (failed) link.look();
  }

  private settle(code: number, answer: any, text: string): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    this.connection.close();
    const done = this.done;
    this.done = undefined;
    if (done) done(code, answer, text);
  }
}
