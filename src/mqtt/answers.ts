/**
 * What a session does with a CONNACK (MQTT 3.1.1, 3.2), a SUBACK or an UNSUBACK.
 * @module
 */
import { BAD_FLAGS, BAD_RETURN_CODE, UNEXPECTED_PACKET } from "./error.ts";
import { CONNECTING, ONLINE } from "./phases.ts";
import { CONNACK, type PacketReader } from "./reader.ts";
import type { Requests } from "./requests.ts";
import type { Owner } from "./wire.ts";

/** What an answer changes in a session. */
interface Asking {
  phase: number;
  sessionPresent: boolean;
  pending: boolean;
  readonly counts: { connects: number; unexpected: number };
  readonly requests: Requests;
  readonly owner: Owner;
  readonly onFault: (error: any) => void;
}

/** One of these, or anything before CONNACK: 0, or the error code with which the connection ends. @brief */
export function takeAnswer(session: Asking, type: number, packet: PacketReader): number {
  if (session.phase === CONNECTING && type === CONNACK) return connack(session, packet.codes);
  if (session.phase === CONNECTING || type === CONNACK) return UNEXPECTED_PACKET;
  const code = session.requests.conclude(type, packet, session.onFault);
  if (code < 0) session.counts.unexpected++;
  // A look at what is next to be written finds that nothing is special any more.
  session.pending = true;
  return Math.max(code, 0);
}

function connack(session: Asking, codes: string): number {
  const flags = codes.charCodeAt(0);
  const code = codes.charCodeAt(1);
  if (flags > 1) return BAD_FLAGS;
  if (code > 5 || (code && flags)) return BAD_RETURN_CODE;
  if (code) return code;
  session.phase = ONLINE;
  session.sessionPresent = flags > 0;
  session.counts.connects++;
  session.pending = true;
  session.owner.loggedOn();
  return 0;
}
