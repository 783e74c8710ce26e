/**
 * One connection through a relay: two sockets and the bytes between them.
 * @module
 */
import { connect, type Socket } from "node:net";

export interface PassageOptions {
  target: { host: string; port: number };
  /** Size of the next piece, bytes. */
  pieceSize(): number;
  /** Milliseconds by which the next piece is late. */
  delay(): number;
  /** Bytes, both directions together, after which `onCut` is called. */
  cutAfter: number;
  onCut(): void;
  onEnd(): void;
}

export class Passage {
  private readonly far: Socket;
  private passed = 0;
  private stalled = false;
  private ended = false;

  constructor(
    private readonly near: Socket,
    private readonly options: PassageOptions,
  ) {
    this.far = connect({ ...options.target, allowHalfOpen: true });
    this.carry(near, this.far);
    this.carry(this.far, near);
    for (const socket of [near, this.far]) {
      socket.setNoDelay(true);
      socket.on("error", () => this.destroy());
      socket.on("close", () => this.destroy());
    }
    this.far.on("connect", () => {
      if (!this.stalled) this.resume();
    });
    this.far.pause();
  }

  /** Nothing is read any more, so nothing passes and both senders' windows fill. */
  stall(): void {
    this.stalled = true;
    this.near.pause();
    this.far.pause();
  }

  resume(): void {
    this.stalled = false;
    this.near.resume();
    this.far.resume();
  }

  /** Resets both sides. */
  destroy(): void {
    if (this.ended) return;
    this.ended = true;
    for (const socket of [this.near, this.far]) {
      // Node can't reset a socket that is shutting down: its handle would never close.
      if (socket.connecting || socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.options.onEnd();
  }

  private carry(from: Socket, to: Socket): void {
    // Pieces that are late keep their order, since they wait for the ones before.
    let last = Promise.resolve();
    const send = (piece: Buffer): void => {
      if (this.ended) return;
      const left = this.options.cutAfter - this.passed;
      this.passed += piece.length;
      const hasRoom = to.write(piece.length <= left ? piece : piece.subarray(0, left));
      if (!hasRoom) from.pause();
      if (this.passed >= this.options.cutAfter) this.options.onCut();
    };
    from.on("data", (data: Buffer) => {
      for (let at = 0; at < data.length; ) {
        const piece = data.subarray(at, at + this.options.pieceSize());
        at += piece.length;
        const delay = this.options.delay();
        if (!delay) {
          last = last.then(() => send(piece));
          continue;
        }
        const due = new Promise<void>((resolve) => setTimeout(resolve, delay));
        last = last.then(() => due).then(() => send(piece));
      }
    });
    to.on("drain", () => {
      if (!this.stalled) from.resume();
    });
    from.on("end", () => {
      last = last.then(() => {
        if (!this.ended) to.end();
      });
    });
  }
}
