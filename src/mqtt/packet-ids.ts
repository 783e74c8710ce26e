/**
 * Packet ids: 1 to 65535 in turn, never one that is in use (MQTT 3.1.1, 2.3.1). As they stand in
 * packets, two bytes.
 * @module
 */
import { word } from "./encode.ts";

/** Something that has a packet id, empty for QoS 0. */
interface Holder {
  id: string;
}

const COUNT = 65535;

export function idNumber(id: string): number {
  return (id.charCodeAt(0) << 8) | id.charCodeAt(1);
}

export class PacketIds {
  /** The last one's number. */
  last = 0;
  /** How many ids after `last` are known to be free; the holders are only looked at when it is 0. */
  private free = 0;

  constructor(
    private readonly outbox: { queue: Holder[] },
    private readonly requests: { list: Holder[] },
  ) {}

  /** Some id must be free, which the bounds of the holders see to. */
  next(): string {
    while (!this.free) this.search();
    this.free--;
    this.last = (this.last % COUNT) + 1;
    return word(this.last);
  }

  /** Counts the free ids after the last one; when the next is in use, goes past it. */
  private search(): void {
    const last = this.last;
    let free = COUNT;
    for (const { id } of this.outbox.queue.concat(this.requests.list)) {
      if (id) free = Math.min(free, (idNumber(id) - last - 1 + COUNT) % COUNT);
    }
    this.free = free;
    if (!free) this.last = (last % COUNT) + 1;
  }
}
