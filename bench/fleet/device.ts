/**
 * One device of the load: logs on, subscribes to the answers, reports and waits for each answer. Lean on
 * purpose: what it takes is taken from the same computer as the server under test.
 * @module
 */
import { connect, type Socket } from "node:net";
import { generate, parser as makeParser, type Packet } from "mqtt-packet";
import { logOnOf, reportOf, topicOf } from "./fleet.ts";

/** Seconds; Alibaba's most. Devices report more often than that. */
const KEEPALIVE = 1200;

export class Device {
  readonly #topic: string;
  readonly #socket: Socket;
  #nextId = 1;
  #waitsFor = "";
  #postedAt = 0;
  /** Reports not yet acknowledged (PUBACK). */
  unacknowledged = 0;
  /** The answer to its report has come, after as many milliseconds. */
  onReply: (ms: number) => void = () => {};

  private constructor(index: number, socket: Socket) {
    this.#topic = topicOf(index);
    this.#socket = socket;
  }

  /** Logs on and subscribes. @throws when either is refused, or the connection ends */
  static open(index: number, host: string, port: number): Promise<Device> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      const device = new Device(index, socket);
      const parser = makeParser({ protocolVersion: 4 });
      parser.on("packet", (packet: Packet) => {
        if (packet.cmd === "publish") device.#answered(packet.messageId, packet.payload);
        else if (packet.cmd === "puback") device.unacknowledged--;
        else if (packet.cmd === "suback" && packet.granted[0] === 1) resolve(device);
        else if (packet.cmd === "connack" && packet.returnCode === 0) device.#subscribe();
        else socket.destroy(new Error(`${packet.cmd} refuses device ${index}`));
      });
      socket.on("data", (data) => parser.parse(data));
      socket.on("error", reject);
      socket.on("close", () => reject(new Error(`the connection of device ${index} has ended`)));
      const { clientId, username, password } = logOnOf(index);
      socket.write(
        generate({
          cmd: "connect",
          protocolId: "MQTT",
          protocolVersion: 4,
          clean: true,
          keepalive: KEEPALIVE,
          clientId,
          username,
          password: Buffer.from(password),
        }),
      );
    });
  }

  /** Whether the answer to its last report is still to come. */
  get waits(): boolean {
    return this.#waitsFor !== "";
  }

  /** Reports with QoS 1. */
  post(): void {
    const id = this.#nextId++;
    this.#waitsFor = String(id);
    this.#postedAt = performance.now();
    this.unacknowledged++;
    this.#socket.write(
      generate({
        cmd: "publish",
        topic: this.#topic,
        payload: reportOf(id),
        qos: 1,
        messageId: 1 + (id % 65535),
        dup: false,
        retain: false,
      }),
    );
  }

  #subscribe(): void {
    const subscriptions = [{ topic: `${this.#topic}_reply`, qos: 1 as const }];
    this.#socket.write(generate({ cmd: "subscribe", messageId: 1, subscriptions }));
  }

  #answered(messageId: number | undefined, payload: string | Buffer): void {
    if (messageId !== undefined) this.#socket.write(generate({ cmd: "puback", messageId }));
    const { id, code } = JSON.parse(payload.toString());
    if (id !== this.#waitsFor || code !== 200) return;
    this.#waitsFor = "";
    this.onReply(performance.now() - this.#postedAt);
  }
}
