/**
 * What a driven board with two links talks to: a platform that notes reports, reached over the Wi-Fi
 * or through the computer at the end of a serial line.
 * @module
 */
import mqttPacket, { generate, type Packet } from "mqtt-packet";
import type { Companion, SerialPeer } from "../../host/board/index.ts";
import type { Line, Network, Peer } from "../power/network.ts";

/** A report as the platform received it. */
export interface Received {
  number: number;
  dup: boolean;
  over: "wifi" | "line";
}

/** Receives reports of the property `energy`, and answers each. */
export class ReportPlatform {
  readonly received: Received[] = [];
  logOns = 0;
  /** Set by whoever is about to open a connection. */
  over: Received["over"] = "wifi";
  /** Of so many reports the answer gets lost. */
  deafTo = 0;
  private online: Line | undefined;

  constructor(network: Network, port: number) {
    network.serve(port, (line) => this.accept(line));
  }

  /** The platform's side of a new connection. */
  accept(line: Line): Peer {
    const { over } = this;
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const say = (packet: Packet) => line.send(generate(packet));
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect") {
        // The device may have one connection.
        if (this.online !== line) this.online?.end();
        this.online = line;
        this.logOns++;
        say({ cmd: "connack", returnCode: 0, sessionPresent: false });
      } else if (packet.cmd === "pingreq") say({ cmd: "pingresp" });
      else if (packet.cmd === "subscribe") {
        const granted = packet.subscriptions.map(() => 1);
        say({ cmd: "suback", messageId: packet.messageId ?? 0, granted });
      } else if (packet.cmd === "publish") {
        const { id, params } = JSON.parse(packet.payload.toString());
        const number = params?.energy;
        if (typeof number === "number") this.received.push({ number, dup: packet.dup, over });
        if (this.deafTo > 0) {
          this.deafTo--;
          return;
        }
        if (packet.qos === 1) say({ cmd: "puback", messageId: packet.messageId ?? 0 });
        if (!packet.topic.endsWith("/post")) return;
        const payload = JSON.stringify({ id, code: 200, data: {} });
        const topic = `${packet.topic}_reply`;
        say({ cmd: "publish", topic, payload, qos: 0, dup: false, retain: false });
      } else if (packet.cmd === "disconnect") line.end();
    });
    return { receive: (bytes) => parser.parse(bytes) };
  }
}

/** Milliseconds between two looks at what came for the board. */
const TICK = 20;

/** The computer at the line's other end; see `device/dual/line-link.ts`. */
export class LendingComputer implements SerialPeer, Companion {
  /** Whether it has a network to lend. */
  lends = true;
  /** Whether the board has asked for it. */
  asked = false;
  /** The board's ids of open sockets, and the network's. */
  readonly sockets = new Map<string, number>();
  private send: (bytes: string) => void = () => {};
  private text = "";
  private time = 0;
  private told = false;

  constructor(
    private readonly network: Network,
    private readonly opening: () => void,
  ) {}

  connect(send: (bytes: string) => void): void {
    this.send = send;
  }

  receive(bytes: string): void {
    const lines = (this.text + bytes).split("\n");
    this.text = lines.pop() ?? "";
    for (const line of lines) this.obey(line.split(" "));
  }

  next(): number {
    return this.asked ? this.time + TICK : Number.POSITIVE_INFINITY;
  }

  advance(to: number): void {
    if (to < this.time + TICK) return;
    this.time = to;
    const up = this.asked && this.lends;
    if (up !== this.told) this.send(up ? "up\n" : "down\n");
    this.told = up;
    if (up) for (const [id, own] of this.sockets) this.deliver(id, own);
  }

  private obey([word = "", id = "", rest = ""]: string[]): void {
    if (word === "up") this.asked = true;
    else if (word === "down") this.asked = this.told = false;
    else if (word === "open") {
      this.opening();
      const own = this.network.create(undefined, Number(rest));
      if (typeof own === "number") this.sockets.set(id, own);
    } else if (word === "send" && this.lends) {
      this.network.send(this.sockets.get(id) ?? -1, Buffer.from(rest, "base64").toString("latin1"));
    } else if (word === "close") {
      this.network.close(this.sockets.get(id) ?? -1);
      this.sockets.delete(id);
    }
  }

  private deliver(id: string, own: number): void {
    for (;;) {
      const bytes = this.network.receive(own, 256);
      if (bytes === "") return;
      if (typeof bytes === "number") {
        this.send(`end ${id}\n`);
        this.sockets.delete(id);
        return;
      }
      this.send(`data ${id} ${Buffer.from(bytes, "latin1").toString("base64")}\n`);
    }
  }
}
