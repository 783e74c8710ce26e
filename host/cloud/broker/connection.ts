/**
 * A connection from CONNECT on: who it is, and when messages may go out on it.
 * @module
 */
import type { TLSSocket } from "node:tls";
import type { Client } from "aedes";
import type { Grant, LogOnRequest, Refusal, RegistrationGrant } from "../auth/log-on.ts";
import { REGISTRATION_MS, REGISTRATION_QOS } from "../defaults.ts";
import type { Session } from "./session.ts";

/** What counts of a CONNECT. */
interface Connect {
  clientId: string;
  username?: string | undefined;
  password?: Buffer | string | undefined;
  keepalive?: number | undefined;
  clean?: boolean | undefined;
}

/**
 * What decides a log-on: fields of CONNECT, and the connection.
 * @param isAsked whether a certificate was asked for
 */
export function logOnRequest(packet: Connect, socket: TLSSocket, isAsked: boolean): LogOnRequest {
  const { clientId, username, password, keepalive = 0 } = packet;
  const certificate = isAsked ? { certificate: certificateOf(socket) } : {};
  const tls = socket.encrypted === true;
  return { clientId, username, password: password?.toString(), keepalive, tls, ...certificate };
}

/** SHA-256 of the certificate that a device showed, in hex; `""`: none of the platform's. */
function certificateOf(socket: TLSSocket): string {
  if (!socket.authorized) return "";
  return socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
}

export class Connection {
  readonly verdict: Promise<Grant | RegistrationGrant | Refusal>;
  readonly clientId: string;
  readonly username: string;
  readonly clean: boolean;
  grant?: Grant;
  /** The device's, once it has been asked for. */
  session?: Session;
  /** What is published when CONNACK has gone out. */
  greeting?: Grant["greeting"];
  /** Settles when CONNACK has gone out: nothing may go before it. */
  readonly ready: Promise<void>;
  isAnswered = false;
  /** CONNACK has gone out, or never will. */
  answered: () => void = () => {};
  /** Why it ends, if the platform knows better than "connection lost". */
  reason?: string;

  constructor(
    verdict: Promise<Grant | RegistrationGrant | Refusal>,
    { clientId, username = "", clean = true }: Connect,
  ) {
    this.verdict = verdict;
    this.clientId = clientId;
    this.username = username;
    this.clean = clean;
    this.ready = new Promise<void>((resolve) => {
      this.answered = () => {
        this.isAnswered = true;
        resolve();
      };
    });
  }

  /** CONNACK has gone out; what follows it needs no subscription. Who only registers has its time. */
  greet(client: Client): void {
    this.answered();
    if (!this.greeting) return;
    const flags = { qos: REGISTRATION_QOS, dup: false, retain: false } as const;
    client.publish({ cmd: "publish", ...this.greeting, ...flags }, () => {});
    if (this.grant) return;
    const timer = setTimeout(() => client.close(), REGISTRATION_MS);
    client.conn.once("close", () => clearTimeout(timer));
  }
}
