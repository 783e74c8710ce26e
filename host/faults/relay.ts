/**
 * A TCP relay on the loopback that misbehaves on request: cuts, refuses, stalls, delays and chops
 * the stream, with a seed where chance is involved.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Passage } from "./passage.ts";
import { seededRandom } from "./random.ts";

export interface RelayOptions {
  /** Where connections are passed on to. */
  target: { host: string; port: number };
  /** Seed of everything random; 1 by default. */
  seed?: number;
  /** Port to listen on; a free one by default. */
  port?: number;
  /** Milliseconds by which each piece of data is late, in each direction; may be changed later. */
  delay?: number;
  /** Largest piece in which data is passed on, in bytes; pieces are 1 to this, at random. */
  pieces?: number;
  /** Hears that the network is cut, and that it is back. */
  onCut?: (isCut: boolean) => void;
}

/** Random cuts: after how many bytes, both directions together, a connection is cut. */
export interface RandomCuts {
  /** Bytes from the connection's beginning, a number between these at random. */
  after: { least: number; most: number };
  /** How many connections are cut; the ones after them live. */
  times: number;
}

/** Random stalls: one piece in `1 / chance` is late by up to `most` milliseconds, and all after it. */
export interface RandomStalls {
  chance: number;
  most: number;
}

export interface Relay {
  readonly port: number;
  /** Connections open now, and connections cut so far. */
  readonly open: number;
  readonly cuts: number;
  /** Whether the network is cut now. */
  readonly isCut: boolean;
  /** Cuts the network: connections are reset and new ones refused until `restore()`. */
  cut(): void;
  /** Cuts only the connections that are open now. */
  cutOnce(): void;
  /** Ends a cut or a stall. Resolves when connections are taken again. */
  restore(): Promise<void>;
  /** From now on nothing passes in either direction, while connections stay open. */
  stall(): void;
  /** Cuts connections of the future at random. */
  cutAtRandom(cuts: RandomCuts): void;
  /** Stalls each direction for a while at random, from now on. */
  stallAtRandom(stalls: RandomStalls): void;
  /** Milliseconds by which pieces are late from now on. */
  setDelay(delay: number): void;
  close(): Promise<void>;
}

/** Starts a relay on 127.0.0.1. */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const relay = new TcpRelay(options);
  await relay.listen(options.port ?? 0);
  return relay;
}

class TcpRelay implements Relay {
  port = 0;
  cuts = 0;
  private server: Server | undefined;
  private stalled = false;
  private delay: number;
  private random: () => number;
  private randomCuts: RandomCuts | undefined;
  private randomStalls: RandomStalls | undefined;
  private readonly passages = new Set<Passage>();

  constructor(private readonly options: RelayOptions) {
    this.delay = options.delay ?? 0;
    this.random = seededRandom(options.seed ?? 1);
  }

  get open(): number {
    return this.passages.size;
  }

  get isCut(): boolean {
    return this.server === undefined;
  }

  async listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      this.accept(socket),
    );
    this.server = server;
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
  }

  cut(): void {
    // Without a listener the system refuses, as a missing network does in effect.
    this.server?.close();
    this.server = undefined;
    this.cutOnce();
    this.options.onCut?.(true);
  }

  cutOnce(): void {
    for (const passage of [...this.passages]) this.cutPassage(passage);
  }

  async restore(): Promise<void> {
    this.stalled = false;
    for (const passage of this.passages) passage.resume();
    if (this.server) return;
    await this.listen(this.port);
    this.options.onCut?.(false);
  }

  stall(): void {
    this.stalled = true;
    for (const passage of this.passages) passage.stall();
  }

  cutAtRandom(cuts: RandomCuts): void {
    this.randomCuts = { ...cuts };
  }

  stallAtRandom(stalls: RandomStalls): void {
    this.randomStalls = stalls;
  }

  setDelay(delay: number): void {
    this.delay = delay;
  }

  async close(): Promise<void> {
    for (const passage of [...this.passages]) passage.destroy();
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private accept(socket: Socket): void {
    const cutAfter = this.drawCut();
    let isDue = Number.isFinite(cutAfter);
    const passage = new Passage(socket, {
      target: this.options.target,
      pieceSize: () => {
        const { pieces } = this.options;
        return pieces ? 1 + Math.floor(this.random() * pieces) : Number.POSITIVE_INFINITY;
      },
      delay: () => this.delay + this.drawStall(),
      cutAfter,
      onCut: () => {
        isDue = false;
        this.cutPassage(passage);
      },
      onEnd: () => {
        this.passages.delete(passage);
        // One that ended otherwise leaves its cut to another.
        if (isDue && this.randomCuts) this.randomCuts.times++;
      },
    });
    this.passages.add(passage);
    if (this.stalled) passage.stall();
  }

  private cutPassage(passage: Passage): void {
    if (!this.passages.has(passage)) return;
    this.cuts++;
    passage.destroy();
  }

  private drawStall(): number {
    const stalls = this.randomStalls;
    return stalls && this.random() < stalls.chance ? this.random() * stalls.most : 0;
  }

  /** After how many bytes a new connection is to be cut. */
  private drawCut(): number {
    const cuts = this.randomCuts;
    if (!cuts || cuts.times <= 0) return Number.POSITIVE_INFINITY;
    cuts.times--;
    const { least, most } = cuts.after;
    return least + Math.floor(this.random() * (most - least + 1));
  }
}
