/**
 * What has to happen in time on a session's connection: CONNACK, acknowledgements, pings.
 * @module
 */
import { CONNECT_TIMEOUT, mqttError, NOT_ACKNOWLEDGED, PING_TIMEOUT } from "./error.ts";
import { callSafely } from "./fault.ts";
import { DEAD, PING, PROBE_TIME } from "./keepalive.ts";
import { CONNECTING, IDLE, ONLINE } from "./phases.ts";
import type { Session } from "./session.ts";

/** Seconds for a PUBACK, SUBACK or UNSUBACK on a living connection. */
const ACK_TIME = 30;

/** When `check` is to be called next, s; later than `now`, from the last call on or `onOpen`. */
export function due(session: Session, now: number): number {
  if (session.phase === CONNECTING) return session.connackBy;
  let next = session.liveness.pingDue(session.options.keepalive, now);
  const oldest = session.outgoing.unacknowledged();
  if (oldest) next = Math.min(next, Math.max(oldest.at + PROBE_TIME, now + 1));
  // A request that was not sent yet waits for the socket to take more.
  return session.requests.list.length ? Math.min(next, now + 1) : next;
}

/** When the next ping is due where nothing else is awaited, s; 0: something is. */
export function quietUntil(session: Session, now: number): number {
  if (session.phase !== ONLINE || session.outgoing.inFlight || session.requests.list.length)
    return 0;
  return session.liveness.pingDue(session.options.keepalive, now);
}

/** To be called when it is `due`: 0, or the error code with which the connection ends. @brief */
export function check(session: Session, now: number): number {
  if (session.phase === CONNECTING) return now >= session.connackBy ? CONNECT_TIMEOUT : 0;
  if (session.phase === IDLE) return 0;
  const outbox = session.outgoing;
  const oldest = outbox.unacknowledged();
  const doubtAt = oldest && now - oldest.at >= PROBE_TIME ? oldest.at : 0;
  const late = !!oldest && now - oldest.at >= ACK_TIME;
  const ping = session.liveness.judge(now, session.options.keepalive, doubtAt, late);
  if (ping === DEAD) return PING_TIMEOUT;
  if (ping === PING) session.ping();
  // A message that no answered ping followed may still be in a link that is stuck.
  if (oldest && late && session.liveness.hasProven(oldest.at)) {
    outbox.acknowledge(oldest.id);
    session.pending = true;
    session.lose(oldest, mqttError(NOT_ACKNOWLEDGED));
  }
  const request = session.requests.overdue(now - ACK_TIME);
  if (request) callSafely(request.done, mqttError(NOT_ACKNOWLEDGED), "", session.onFault);
  return 0;
}
