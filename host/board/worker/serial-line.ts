/**
 * The worker's side of a serial port: a ring of bytes on their way to the peer. A script that writes
 * more than fits stands still until the peer has taken some.
 * @module
 */
import { PowerCut } from "../flash/nor-flash.ts";
import type { SerialLine } from "../interpreter/host.ts";

/** Bytes of the ring: of the ESP32's driver, of the interpreter's own on Linux. */
export const ringBytes = { chip: 1024, linux: 256 };

/** A transmit ring whose reader counts in shared memory what it has taken. */
export class RingLine implements SerialLine {
  private sent: number;

  /**
   * @param place where the shared memory counts the bytes taken
   * @param post sends bytes on
   */
  constructor(
    private readonly memory: Int32Array,
    private readonly place: number,
    private readonly size: number,
    private readonly post: (bytes: string) => void,
    private readonly isPowered: () => boolean,
  ) {
    this.sent = Atomics.load(memory, place);
  }

  write(bytes: string): void {
    for (let at = 0; at < bytes.length; ) {
      const taken = Atomics.load(this.memory, this.place);
      const room = this.size - ((this.sent - taken) | 0);
      if (!this.isPowered()) throw new PowerCut("switched off");
      if (room <= 0) {
        Atomics.wait(this.memory, this.place, taken, 1000);
        continue;
      }
      const part = bytes.slice(at, at + room);
      at += part.length;
      this.sent = (this.sent + part.length) | 0;
      this.post(part);
    }
  }
}
