/**
 * Where devices' connections come in: can be shut, as by a network that fails.
 * @module
 */
import type { Socket } from "node:net";

export class Gate {
  readonly #inner: (socket: Socket) => void;
  readonly #open = new Set<Socket>();
  #isCut = false;

  /** @param accept takes the connections that come through. */
  constructor(accept: (socket: Socket) => void) {
    this.#inner = accept;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Takes a new connection, or ends it at once while the network is cut. */
  readonly accept = (socket: Socket): void => {
    if (this.#isCut) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    this.#inner(socket);
  };

  /** Ends all connections, and new ones until `restore()`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  async restore(): Promise<void> {
    this.#isCut = false;
  }
}
