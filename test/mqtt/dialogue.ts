/**
 * A session as a dialogue: what the broker says and how time passes go in, what the client says
 * comes out. Packets in both directions are written and read by mqtt-packet.
 * @module
 */
import "../device-globals.ts";
import mqttPacket, { generate, type Packet } from "mqtt-packet";
import type { MqttError } from "../../src/mqtt/error.ts";
import type { MqttOptions } from "../../src/mqtt/options.ts";
import { PacketReader } from "../../src/mqtt/reader.ts";
import { Session } from "../../src/mqtt/session.ts";

export class Dialogue {
  now = 1000;
  /** What the application heard, a line each. */
  readonly heard: string[] = [];
  readonly faults: unknown[] = [];
  readonly session: Session;
  packets = new PacketReader(16384);

  constructor(options: Partial<MqttOptions> = {}) {
    this.session = new Session(
      {
        dial: () => {
          throw new Error("a session has no socket");
        },
        credentials: () => ({ clientId: "client", username: "user", password: "password" }),
        keepalive: 60,
        cleanSession: false,
        ...options,
      },
      {
        onMessage: (topic, payload, qos, dup) => {
          this.heard.push(`message ${topic} ${payload} ${qos}${dup ? " dup" : ""}`);
        },
      },
      (fault) => this.faults.push(fault),
    );
  }

  /** Connects and gets CONNACK 0. */
  online(sessionPresent = false): this {
    this.session.opened(this.now);
    this.says();
    this.gets({ cmd: "connack", returnCode: 0, sessionPresent });
    return this;
  }

  /** Loses the connection. */
  drops(error: MqttError = { code: 12, name: "closed", message: "closed" }): void {
    this.session.drop(error, true);
    this.packets = new PacketReader(16384);
  }

  /** The broker says something; the error code with which the connection ends, or 0. */
  gets(packet: Packet): number {
    return this.getsBytes(generate(packet).toString("latin1"));
  }

  getsBytes(bytes: string): number {
    const rest = this.session.take(bytes, this.packets, this.now);
    if (!rest) return 0;
    this.packets.feed(rest);
    for (;;) {
      const type = this.packets.next();
      if (type < 0) return -type;
      if (type === 0) return 0;
      const code = this.session.receive(type, this.packets, this.now);
      if (code) return code;
    }
  }

  /** Everything that the client says now, a line a packet. */
  says(): string[] {
    let bytes = "";
    for (;;) {
      const piece = this.session.next(this.now);
      if (!piece) break;
      bytes += piece;
    }
    return packetsOf(bytes);
  }

  /** Seconds pass, looked at every second; the first error code and when it came, or 0 and all. */
  passes(seconds: number): { code: number; after: number; said: string[] } {
    const said: string[] = [];
    for (let after = 1; after <= seconds; after++) {
      this.now++;
      const code = this.session.check(this.now);
      if (code) return { code, after, said };
      for (const packet of this.says()) said.push(`${after} s: ${packet}`);
    }
    return { code: 0, after: seconds, said };
  }

  /** A publish whose end is heard as a line. */
  publish(payload: string, qos: 0 | 1 = 1): number {
    return this.session.publish("t", payload, qos, (error) => {
      this.heard.push(`${payload} ${error ? error.name : "done"}`);
    });
  }
}

/** One line a packet of a client. */
export function packetsOf(bytes: string): string[] {
  const found: string[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => found.push(describe(packet)));
  parser.on("error", (error) => {
    throw error;
  });
  const left = parser.parse(Buffer.from(bytes, "latin1"));
  if (left) throw new Error(`${left} bytes of an unfinished packet`);
  return found;
}

function describe(packet: Packet): string {
  switch (packet.cmd) {
    case "publish":
      return `publish ${packet.messageId ?? "-"} ${packet.payload}${packet.dup ? " dup" : ""}`;
    case "subscribe":
      return `subscribe ${packet.messageId} ${packet.subscriptions.map((one) => one.topic)}`;
    case "unsubscribe":
      return `unsubscribe ${packet.messageId} ${packet.unsubscriptions}`;
    case "puback":
      return `puback ${packet.messageId}`;
    default:
      return packet.cmd;
  }
}
