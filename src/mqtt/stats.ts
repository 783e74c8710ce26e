/**
 * A session's counters, for whoever wants to know.
 * @module
 */
import type { MqttStats } from "./options.ts";
import type { Session } from "./session.ts";

/** @brief */
export function statsOf(session: Session): MqttStats {
  const counts = session.counts;
  const outbox = session.outgoing;
  let sent = outbox.gone + counts.acknowledged;
  for (const entry of outbox.queue) if (entry.at >= 0) sent++;
  return Object.assign({}, counts, {
    sent: sent,
    resent: outbox.resent,
    outbox: outbox.queue.length,
    outboxBytes: outbox.limits.bytes - outbox.room,
  });
}
