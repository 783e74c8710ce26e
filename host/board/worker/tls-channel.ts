/**
 * The client's side of a TLS connection, by Node's TLS over a stream that the interpreter's part
 * empties and fills.
 * @module
 */
import { createPrivateKey } from "node:crypto";
import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { toByteString } from "../interpreter/bytes.ts";
import type { TlsChannel, TlsOptions } from "../interpreter/host.ts";

/** Error numbers of the interpreter's TLS library, by the reasons of Node's. */
const failures: [RegExp, number][] = [
  [/WRONG_VERSION_NUMBER|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE/, 0x7200],
  [/ALERT/, 0x7780],
];
const handshakeFailure = 0x6e00;

/** TLS 1.2 without verification of the server, as the interpreter's. */
export class NodeTlsChannel implements TlsChannel {
  isSecure = false;
  received = "";
  outgoing = "";
  unwritten = 0;
  hasEnded = false;
  failure: number | undefined;
  private readonly carrier: Duplex;
  private readonly socket: TLSSocket;

  /** @param wake called when anything has changed */
  constructor(options: TlsOptions, wake: () => void) {
    this.carrier = new Duplex({
      read: () => {},
      write: (bytes: Buffer, _encoding, done) => {
        this.outgoing += toByteString(bytes);
        done();
        wake();
      },
    });
    this.carrier.on("error", () => {});
    this.socket = connect({
      socket: this.carrier,
      rejectUnauthorized: false,
      maxVersion: "TLSv1.2",
      ...pem("cert", "CERTIFICATE", options.cert),
      ...privateKey(options.key),
    });
    this.socket.on("secureConnect", () => {
      this.isSecure = true;
      wake();
    });
    this.socket.on("data", (bytes: Buffer) => {
      this.received += toByteString(bytes);
      wake();
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      // The network's end, not the peer's fault; `close` follows.
      if (error.code === "ECONNRESET") return;
      const reason = `${error.code} ${error.message}`;
      this.failure ??= failures.find(([pattern]) => pattern.test(reason))?.[1] ?? handshakeFailure;
      wake();
    });
    for (const event of ["end", "close"])
      this.socket.on(event, () => {
        this.hasEnded = true;
        wake();
      });
  }

  write(bytes: string): void {
    this.unwritten += bytes.length;
    this.socket.write(Buffer.from(bytes, "latin1"), () => {
      this.unwritten -= bytes.length;
    });
  }

  arrive(bytes: string): void {
    this.carrier.push(Buffer.from(bytes, "latin1"));
  }

  end(): void {
    this.carrier.push(null);
  }

  close(): void {
    this.socket.destroy();
    this.carrier.destroy();
  }
}

/** PKCS #1 and #8 alike, as the interpreter takes them. */
function privateKey(der: Uint8Array | undefined): { key?: string } {
  if (!der) return {};
  for (const type of ["pkcs8", "pkcs1", "sec1"] as const) {
    try {
      const key = createPrivateKey({ key: Buffer.from(der), format: "der", type });
      return { key: String(key.export({ format: "pem", type: "pkcs8" })) };
    } catch {
      // Another form, then.
    }
  }
  throw new Error("no private key");
}

function pem(option: string, label: string, der: Uint8Array | undefined): Record<string, string> {
  if (!der) return {};
  const lines = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n");
  return { [option]: `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n` };
}
