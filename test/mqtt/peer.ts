/**
 * A broker by script: each connection gets the next part.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import mqttPacket, { generate, type Packet } from "mqtt-packet";

/** One connection as the script sees it. */
export class PeerConnection {
  private readonly packets: Packet[] = [];
  private wake: (() => void) | undefined;
  private closed = false;

  constructor(readonly socket: Socket) {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => {
      this.packets.push(packet);
      this.wake?.();
    });
    socket.on("data", (data) => parser.parse(data));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.wake?.();
    });
  }

  /** The client's next packet, which must be of this kind. */
  async expects<C extends Packet["cmd"]>(cmd: C): Promise<Extract<Packet, { cmd: C }>> {
    const packet = await this.next();
    if (packet?.cmd !== cmd) throw new Error(`${packet?.cmd ?? "the end"} instead of ${cmd}`);
    return packet as Extract<Packet, { cmd: C }>;
  }

  /** Takes what comes until the client ends the connection. */
  async ends(): Promise<Packet[]> {
    const taken: Packet[] = [];
    for (;;) {
      const packet = await this.next();
      if (!packet) return taken;
      taken.push(packet);
    }
  }

  says(packet: Packet | string): void {
    this.socket.write(
      typeof packet === "string" ? Buffer.from(packet, "latin1") : generate(packet),
    );
  }

  /** CONNECT and its CONNACK. */
  async logsOn(sessionPresent = false): Promise<void> {
    await this.expects("connect");
    this.says({ cmd: "connack", returnCode: 0, sessionPresent });
  }

  private async next(): Promise<Packet | undefined> {
    while (this.packets.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.packets.shift();
  }
}

export class Peer {
  port = 0;
  private readonly server: Server;
  private readonly waiting: Socket[] = [];
  private readonly all: Socket[] = [];
  private wake: (() => void) | undefined;

  constructor() {
    this.server = createServer((socket) => {
      this.waiting.push(socket);
      this.all.push(socket);
      this.wake?.();
    });
  }

  async listen(): Promise<this> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** The next connection. */
  async accepts(): Promise<PeerConnection> {
    while (this.waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return new PeerConnection(this.waiting.shift() as Socket);
  }

  async close(): Promise<void> {
    for (const socket of this.all) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
