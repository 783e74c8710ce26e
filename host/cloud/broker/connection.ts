/**
 * A connection from CONNECT on: who it is, and when messages may go out on it.
 * @module
 */
import type { Grant, LogOnRequest, Refusal } from "../auth/log-on.ts";

/** What counts of a CONNECT. */
interface Connect {
  clientId: string;
  username?: string | undefined;
  password?: Buffer | string | undefined;
  keepalive?: number | undefined;
  clean?: boolean | undefined;
}

/** The fields of a CONNECT that decide the log-on. */
export function logOnRequest(packet: Connect, tls: boolean): LogOnRequest {
  const { clientId, username, password, keepalive = 0 } = packet;
  return { clientId, username, password: password?.toString(), keepalive, tls };
}

export class Connection {
  readonly verdict: Promise<Grant | Refusal>;
  readonly clientId: string;
  readonly username: string;
  readonly clean: boolean;
  grant?: Grant;
  /** Settles when CONNACK has gone out: nothing may go before it. */
  readonly ready: Promise<void>;
  /** CONNACK has gone out, or never will. */
  answered: () => void = () => {};
  /** Why it ends, if the platform knows better than "connection lost". */
  reason?: string;

  constructor(
    verdict: Promise<Grant | Refusal>,
    { clientId, username = "", clean = true }: Connect,
  ) {
    this.verdict = verdict;
    this.clientId = clientId;
    this.username = username;
    this.clean = clean;
    this.ready = new Promise<void>((resolve) => {
      this.answered = resolve;
    });
  }
}
