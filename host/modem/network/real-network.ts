/**
 * The computer's own network: names, TCP, UDP and TLS as Node has them.
 * @module
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns";
import { isIP, type Socket, createConnection as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { isTrusted } from "./certificates.ts";
import type {
  Connection,
  ConnectionEvents,
  ConnectTarget,
  ModemNetwork,
  TlsSettings,
} from "./network.ts";

export interface RealNetworkOptions {
  /** Addresses of names, before the computer is asked for them. */
  hosts?: Record<string, string>;
}

export class RealNetwork implements ModemNetwork {
  private readonly hosts: Record<string, string>;

  constructor(options: RealNetworkOptions = {}) {
    this.hosts = options.hosts ?? {};
  }

  resolve(host: string, done: (addresses: string[]) => void): void {
    const known = isIP(host) ? host : this.hosts[host];
    if (known !== undefined) {
      setImmediate(() => done([known]));
      return;
    }
    lookup(host, { family: 4, all: true }, (error, found) =>
      done(error ? [] : found.map(({ address }) => address)),
    );
  }

  connect(target: ConnectTarget, events: ConnectionEvents): Connection {
    return target.udp
      ? new UdpConnection(target, events, this)
      : new TcpConnection(target, events, this);
  }
}

class TcpConnection implements Connection {
  address: string;
  private socket: Socket | undefined;
  private isOver = false;
  private isOpen = false;
  private isPaused = false;

  constructor(
    private readonly target: ConnectTarget,
    private readonly events: ConnectionEvents,
    network: ModemNetwork,
  ) {
    this.address = target.host;
    network.resolve(target.host, ([address]) => {
      if (this.isOver) return;
      if (address === undefined) this.end(() => events.onFail("name"));
      else this.dial(address);
    });
  }

  get pending(): number {
    return this.socket?.writableLength ?? 0;
  }

  send(bytes: string): void {
    if (this.isOpen) this.socket?.write(bytes, "latin1");
  }

  pause(): void {
    this.isPaused = true;
    this.socket?.pause();
  }

  resume(): void {
    this.isPaused = false;
    if (this.isOpen) this.socket?.resume();
  }

  close(): void {
    this.isOver = true;
    this.socket?.end();
    // A peer that does not end its half must not hold this one.
    this.socket?.destroySoon();
  }

  private dial(address: string): void {
    this.address = address;
    const { port, tls } = this.target;
    const socket = tcpConnect({ host: address, port });
    socket.setNoDelay(true);
    this.socket = socket;
    socket.once("error", (error: NodeJS.ErrnoException) =>
      this.end(() => this.events.onFail(error.code === "ETIMEDOUT" ? "timeout" : "refused")),
    );
    socket.once("connect", () => {
      if (tls) this.secure(socket, tls);
      else this.opened(socket);
    });
  }

  private secure(plain: Socket, settings: TlsSettings): void {
    plain.removeAllListeners("error");
    if (settings.version < 3) {
      plain.destroy();
      this.end(() => this.events.onFail("tls"));
      return;
    }
    const { serverName, certificate, key } = settings;
    const fail = () => this.end(() => this.events.onFail("tls"));
    let socket: ReturnType<typeof tlsConnect>;
    try {
      socket = tlsConnect({
        socket: plain,
        // The chain is judged below: by the module's files and clock, not by the computer's.
        rejectUnauthorized: false,
        maxVersion: "TLSv1.2",
        ...(serverName !== undefined && !isIP(serverName) ? { servername: serverName } : {}),
        ...(certificate === undefined ? {} : { cert: Buffer.from(certificate, "latin1") }),
        ...(key === undefined ? {} : { key: Buffer.from(key, "latin1") }),
      });
    } catch {
      plain.destroy();
      fail();
      return;
    }
    this.socket = socket;
    socket.once("error", fail);
    socket.once("close", fail);
    socket.once("secureConnect", () => {
      if (this.isOver) return;
      if (settings.verify && !isTrusted(socket.getPeerCertificate(true), settings)) {
        socket.destroy();
        fail();
        return;
      }
      this.opened(socket);
    });
  }

  private opened(socket: Socket): void {
    if (this.isOver) return;
    this.isOpen = true;
    const over = () => {
      this.isOpen = false;
      this.end(() => this.events.onClose());
    };
    socket.removeAllListeners("error");
    socket.removeAllListeners("close");
    socket.on("error", over);
    socket.on("end", over);
    socket.on("close", over);
    socket.on("data", (bytes: Buffer) => {
      if (!this.isOver) this.events.onData(bytes.toString("latin1"));
    });
    this.events.onOpen();
    if (this.isPaused) socket.pause();
  }

  private end(tell: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket?.on("error", () => {});
    this.socket?.destroySoon();
    tell();
  }
}

class UdpConnection implements Connection {
  address: string;
  readonly pending = 0;
  private readonly socket = createSocket("udp4");
  private isOver = false;

  constructor(target: ConnectTarget, events: ConnectionEvents, network: ModemNetwork) {
    this.address = target.host;
    this.socket.unref();
    this.socket.on("error", () => {});
    this.socket.on("message", (bytes) => events.onData(bytes.toString("latin1")));
    network.resolve(target.host, ([address]) => {
      if (this.isOver) return;
      if (address === undefined) {
        events.onFail("name");
        return;
      }
      this.address = address;
      this.socket.connect(target.port, address, () => {
        if (!this.isOver) events.onOpen();
      });
    });
  }

  send(bytes: string): void {
    if (!this.isOver) this.socket.send(Buffer.from(bytes, "latin1"));
  }

  pause(): void {}

  resume(): void {}

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket.close();
  }
}
