/**
 * Packet ids: 1 to 65535 in turn, never one that is in use (MQTT 3.1.1, 2.3.1).
 * @module
 */

/** Something that has a packet id, two bytes, empty for QoS 0. */
interface Holder {
  id: string;
}

export const LAST_ID = 65535;

export function idNumber(id: string): number {
  return (id.charCodeAt(0) << 8) | id.charCodeAt(1);
}

/** The last of the free ids that follow `id`; itself when the next is in use, or it is the last one. */
export function freeAfter(id: number, holders: Holder[]): number {
  let end = LAST_ID;
  for (const holder of holders) {
    const used = holder.id ? idNumber(holder.id) : 0;
    if (used > id && used <= end) end = used - 1;
  }
  return end;
}
