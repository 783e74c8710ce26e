/**
 * A session as a dialogue: what the broker says and how time passes go in, what the client says
 * comes out. Packets in both directions are written and read by mqtt-packet.
 * @module
 */
import "../device-globals.ts";
import mqttPacket, { generate, type Packet } from "mqtt-packet";
import { check } from "../../src/mqtt/deadlines.ts";
import type { MqttError } from "../../src/mqtt/error.ts";
import type { MqttOptions } from "../../src/mqtt/options.ts";
import { Session } from "../../src/mqtt/session.ts";
import { statsOf } from "../../src/mqtt/stats.ts";
import type { Wire } from "../../src/mqtt/wire.ts";

/** Takes bytes at any time when it is free, else only when it is let. */
class FakeWire implements Wire {
  busy: number;
  /** What was written, piece by piece, and whether the session then waits for a drain. */
  readonly pieces: { bytes: string; last: boolean }[] = [];

  constructor(readonly isFree: boolean) {
    this.busy = isFree ? 0 : 1;
  }

  write(bytes: string, last = false): void {
    this.pieces.push({ bytes, last });
    if (last || !this.isFree) this.busy = 1;
  }

  end(): void {}
  close(): void {}
}

export class Dialogue {
  now = 1000;
  /** What the application heard, a line each. */
  readonly heard: string[] = [];
  readonly faults: unknown[] = [];
  readonly session: Session;
  wire: FakeWire;
  #lost = 0;

  /** @param isFree each packet is written at once; else what waits is written by `says` */
  constructor(
    options: Partial<MqttOptions> = {},
    readonly isFree = false,
  ) {
    this.wire = new FakeWire(isFree);
    const dialogue = this;
    this.session = new Session(
      {
        dial: () => {
          throw new Error("a session has no socket");
        },
        credentials: () => ({ clientId: "client", username: "user", password: "password" }),
        keepalive: 60,
        cleanSession: false,
        maxPacket: 16384,
        ...options,
      },
      {
        onMessage: (topic, payload, qos, dup) => {
          this.heard.push(`message ${topic} ${payload} ${qos}${dup ? " dup" : ""}`);
        },
      },
      {
        loggedOn: () => {},
        lost: (error) => {
          this.#lost = error.code;
        },
        arm: () => {},
      },
      {
        now: () => this.now,
        get last() {
          return dialogue.now;
        },
      },
      (fault) => this.faults.push(fault),
    );
  }

  /** The stream is open. */
  opens(): this {
    this.wire = new FakeWire(this.isFree);
    this.session.connection = this.wire;
    this.session.onOpen();
    return this;
  }

  /** Connects and gets CONNACK 0. */
  online(sessionPresent = false): this {
    this.opens();
    this.says();
    if (this.isFree) this.drains();
    this.gets({ cmd: "connack", returnCode: 0, sessionPresent });
    return this;
  }

  /** What was written last is sent. */
  drains(): void {
    this.wire.busy = 0;
    this.session.onDrain();
  }

  /** Loses the connection. */
  drops(error: MqttError = { code: 12, name: "closed", message: "closed" }): void {
    this.session.connection = null;
    this.session.drop(error, true);
  }

  /** The broker says something; the error code with which the connection ends, or 0. */
  gets(packet: Packet): number {
    return this.getsBytes(generate(packet).toString("latin1"));
  }

  getsBytes(bytes: string): number {
    this.#lost = 0;
    this.session.onData(bytes);
    return this.#lost;
  }

  /** The next bytes that the client writes. */
  writes(): string {
    this.wire.busy = 0;
    if (this.wire.pieces.length === 0) this.session.flush(this.now);
    if (!this.isFree) this.wire.busy = 1;
    return this.wire.pieces.shift()?.bytes ?? "";
  }

  /** Everything that the client says now, a line a packet. */
  says(): string[] {
    let bytes = "";
    for (;;) {
      const piece = this.writes();
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
      const code = check(this.session, this.now);
      if (code) return { code, after, said };
      for (const packet of this.says()) said.push(`${after} s: ${packet}`);
    }
    return { code: 0, after: seconds, said };
  }

  /** A publish whose end is heard as a line. */
  publish(payload: string, qos: 0 | 1 = 1, topic = "t"): number {
    return this.session.publish(topic, payload, qos, (delivered, error) => {
      this.heard.push(`${payload} ${delivered ? "done" : error?.name}`);
    });
  }

  get stats() {
    return statsOf(this.session);
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
