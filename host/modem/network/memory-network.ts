/**
 * A network in memory: servers are functions, and each byte takes the latency of a driven clock.
 * @module
 */
import type { ModemClock } from "../clock.ts";
import type { Connection, ConnectionEvents, ConnectTarget, ModemNetwork } from "./network.ts";

/** What a server does with a connection. */
export interface PeerEvents {
  onData?(bytes: string): void;
  /** The module has closed. */
  onClose?(): void;
}

/** The server's end of a connection. */
export interface Peer {
  send(bytes: string): void;
  /** Ends the connection after all that was sent. */
  close(): void;
  /** Bytes sent that the module has not taken yet. */
  readonly pending: number;
  readonly isOpen: boolean;
}

/** A certificate, as far as this network knows of such things. */
export interface MemoryCertificate {
  /** Text that the module has to have as its CA. */
  ca: string;
  /** Names that it is made out to; missing: any. */
  names?: string[];
  /** Validity, ms since 1970. */
  from?: number;
  to?: number;
}

export type Server = (peer: Peer) => PeerEvents;

interface Listener {
  server: Server;
  certificate: MemoryCertificate | undefined;
}

export interface MemoryNetworkOptions {
  /** Milliseconds from one end to the other, 20. */
  latency?: number;
}

/** A network in memory. Any name that some server listens on, or `hosts` holds, can be resolved. */
export class MemoryNetwork implements ModemNetwork {
  /** While false, nothing gets through: connections time out, data waits. */
  isUp = true;
  readonly hosts: Record<string, string> = {};
  private readonly listeners = new Map<string, Listener>();
  private readonly links = new Set<Link>();
  private readonly latency: number;

  constructor(
    private readonly clock: ModemClock,
    options: MemoryNetworkOptions = {},
  ) {
    this.latency = options.latency ?? 20;
  }

  /** Lets a server answer at an address, with TLS when it has a certificate. */
  listen(host: string, port: number, server: Server, certificate?: MemoryCertificate): void {
    this.listeners.set(`${host}:${port}`, { server, certificate });
  }

  /** Takes a server away; its connections stay. */
  unlisten(host: string, port: number): void {
    this.listeners.delete(`${host}:${port}`);
  }

  /** Ends every connection, seen from the module as closed by the peer. */
  cutAll(): void {
    for (const link of [...this.links]) link.closeFromPeer();
  }

  resolve(host: string, done: (addresses: string[]) => void): void {
    this.clock.after(this.latency * 2, () => done(this.isUp ? this.addressesOf(host) : []));
  }

  connect(target: ConnectTarget, events: ConnectionEvents): Connection {
    const link = new Link(target.host, events, this.clock, this.latency, () =>
      this.links.delete(link),
    );
    this.links.add(link);
    this.clock.after(this.latency * 2, () => this.answer(target, link));
    return link;
  }

  private addressesOf(host: string): string[] {
    const known = this.hosts[host];
    if (known !== undefined) return [known];
    if (/^[\d.]+$/.test(host)) return [host];
    const isServed = [...this.listeners.keys()].some((address) => address.startsWith(`${host}:`));
    return isServed ? ["192.0.2.1"] : [];
  }

  private answer({ host, port, tls, udp }: ConnectTarget, link: Link): void {
    if (!this.isUp) return;
    const listener =
      this.listeners.get(`${host}:${port}`) ??
      this.listeners.get(`${this.hosts[host] ?? "-"}:${port}`);
    if (!listener || udp) {
      link.fail(this.addressesOf(host).length === 0 ? "name" : "refused");
      return;
    }
    const { certificate } = listener;
    if ((tls === undefined) !== (certificate === undefined)) {
      link.fail(tls ? "tls" : "refused");
      return;
    }
    if (tls?.verify && certificate) {
      const { ca, names, from = 0, to = Number.POSITIVE_INFINITY } = certificate;
      const isTrusted = tls.ca === ca;
      const isNamed = tls.serverName === undefined || (names?.includes(tls.serverName) ?? true);
      const isValid = tls.now === undefined || (tls.now >= from && tls.now <= to);
      if (!isTrusted || !isNamed || !isValid) {
        link.fail("tls");
        return;
      }
    }
    link.open(listener.server, "192.0.2.1", () => this.isUp);
  }
}

/** One connection: what the module holds of it, and by `peer` what the server does. */
class Link implements Connection {
  address: string;
  pending = 0;
  private peerEvents: PeerEvents = {};
  private isClosed = false;
  private isOpen = false;
  private isPaused = false;
  private hasPeerEnded = false;
  private isWaiting = false;
  /** What waits for the server; undefined stands for the end. */
  private readonly outgoing: (string | undefined)[] = [];
  /** What waits for the module; undefined stands for the end. */
  private readonly incoming: (string | undefined)[] = [];
  private waiting = 0;
  private isUp: () => boolean = () => true;

  constructor(
    host: string,
    private readonly events: ConnectionEvents,
    private readonly clock: ModemClock,
    private readonly latency: number,
    private readonly forget: () => void,
  ) {
    this.address = host;
  }

  open(server: Server, address: string, isUp: () => boolean): void {
    if (this.isClosed) return;
    this.isUp = isUp;
    this.address = address;
    this.isOpen = true;
    const self = this;
    const peer: Peer = {
      send: (bytes) => this.sendFromPeer(bytes),
      close: () => this.closeFromPeer(),
      get pending() {
        return self.waiting;
      },
      get isOpen() {
        return self.isOpen;
      },
    };
    this.events.onOpen();
    this.peerEvents = server(peer);
  }

  fail(reason: "name" | "refused" | "tls"): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.forget();
    this.events.onFail(reason);
  }

  send(bytes: string): void {
    if (!this.isOpen || bytes === "") return;
    this.pending += bytes.length;
    this.carry(bytes);
  }

  /** Takes bytes, or the end, to the server, in order, when the network is there. */
  private carry(item: string | undefined): void {
    this.clock.after(this.latency, () => {
      this.outgoing.push(item);
      if (this.outgoing.length === 1) this.arrive();
    });
  }

  private arrive(): void {
    for (let item = this.outgoing[0]; this.outgoing.length > 0; item = this.outgoing[0]) {
      if (!this.isUp()) {
        this.clock.after(Math.max(1, this.latency), () => this.arrive());
        return;
      }
      this.outgoing.shift();
      this.pending -= item?.length ?? 0;
      // A server that has closed hears no more.
      if (this.hasPeerEnded) continue;
      if (item === undefined) this.peerEvents.onClose?.();
      else this.peerEvents.onData?.(item);
    }
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.clock.after(0, () => this.deliver());
  }

  close(): void {
    if (this.isClosed) return;
    const wasOpen = this.isOpen;
    this.isClosed = true;
    this.isOpen = false;
    this.forget();
    if (wasOpen) this.carry(undefined);
  }

  closeFromPeer(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.hasPeerEnded = true;
    this.queue(undefined);
  }

  private sendFromPeer(bytes: string): void {
    if (!this.isOpen || bytes === "") return;
    this.waiting += bytes.length;
    this.queue(bytes);
  }

  private queue(item: string | undefined): void {
    this.clock.after(this.latency, () => {
      this.incoming.push(item);
      this.deliver();
    });
  }

  private deliver(): void {
    if (this.isWaiting) return;
    if (this.incoming.length > 0 && !this.isUp() && !this.isClosed) {
      this.isWaiting = true;
      this.clock.after(Math.max(1, this.latency), () => {
        this.isWaiting = false;
        this.deliver();
      });
      return;
    }
    while (this.incoming.length > 0 && !this.isPaused && !this.isClosed) {
      const item = this.incoming.shift();
      if (item === undefined) {
        this.isClosed = true;
        this.forget();
        this.events.onClose();
        return;
      }
      this.waiting -= item.length;
      this.events.onData(item);
    }
  }
}
