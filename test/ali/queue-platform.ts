/**
 * A platform for driven boards that takes posts of a device, keeps what came and answers at once or
 * late. It shares no code with the firmware or the local platform.
 * @module
 */
import mqttPacket, { generate, type Packet } from "mqtt-packet";
import type { Line, Network, Peer } from "../power/network.ts";

const MQTT_PORT = 1883;

/** A value of the property `n` as it came. */
export interface Got {
  n: number;
  time: number | undefined;
  by: "post" | "history" | "event";
  /** The platform's clock when it came. */
  at: number;
}

export class QueuePlatform {
  readonly got: Got[] = [];
  /** History posts: how many points each had. */
  readonly posts: { at: number; points: number; bytes: number }[] = [];
  /** Answers to RRPCs, by id. */
  readonly answers = new Map<string, { payload: string; at: number }>();
  logOns = 0;
  /** Gives its time to devices that ask. */
  tellsTime = true;
  /** Code of the reply to a post, by what came; undefined: none is sent. */
  verdict: (by: "post" | "history", values: number[]) => number | undefined = () => 200;
  readonly #now: () => number;
  #send: ((topic: string, payload: string) => void) | undefined;

  constructor(network: Network, now: () => number) {
    this.#now = now;
    network.serve(MQTT_PORT, (line) => this.#mqtt(line));
  }

  /** Sends an RRPC to the device that is there. */
  rrpc(id: string, payload: string): void {
    this.#send?.(`/sys/a1PowerCuts/board/rrpc/request/${id}`, payload);
  }

  get history(): Got[] {
    return this.got.filter(({ by }) => by === "history");
  }

  #mqtt(line: Line): Peer {
    const parser = mqttPacket.parser();
    const send = (packet: Packet) => line.send(generate(packet));
    this.#send = (topic, payload) =>
      send({ cmd: "publish", topic, payload, qos: 0, dup: false, retain: false });
    parser.on("packet", (packet: Packet) => {
      if (packet.cmd === "connect") {
        this.logOns++;
        send({ cmd: "connack", returnCode: 0, sessionPresent: false });
      } else if (packet.cmd === "subscribe") {
        const { messageId = 0 } = packet;
        send({ cmd: "suback", messageId, granted: packet.subscriptions.map(() => 1) });
      } else if (packet.cmd === "pingreq") send({ cmd: "pingresp" });
      else if (packet.cmd === "publish") {
        if (packet.qos === 1) send({ cmd: "puback", messageId: packet.messageId ?? 0 });
        this.#publish(packet.topic, String(packet.payload));
      }
    });
    return { receive: (bytes) => void parser.parse(bytes) };
  }

  #publish(topic: string, text: string): void {
    const at = this.#now();
    if (topic.includes("/rrpc/response/")) {
      this.answers.set(topic.slice(topic.lastIndexOf("/") + 1), { payload: text, at });
      return;
    }
    const message = JSON.parse(text);
    if (topic.startsWith("/ext/ntp/")) {
      const { deviceSendTime } = message;
      const time = { deviceSendTime, serverRecvTime: `${at}`, serverSendTime: `${at}` };
      if (this.tellsTime) this.#send?.(topic.replace("request", "response"), JSON.stringify(time));
      return;
    }
    if (!topic.endsWith("/post")) return;
    const isHistory = topic.endsWith("/history/post");
    const found = isHistory ? this.#history(message.params, text.length) : [];
    if (topic.endsWith("/event/property/post")) {
      const { n } = message.params;
      const value = n?.value ?? n;
      found.push({ n: value, time: n?.time, by: "post", at });
    } else if (!isHistory)
      found.push({ n: message.params.value.n, time: message.params.time, by: "event", at });
    const code = this.verdict(
      isHistory ? "history" : "post",
      found.map(({ n }) => n),
    );
    if (code === 200) this.got.push(...found);
    if (code === undefined) return;
    this.#send?.(
      `${topic}_reply`,
      JSON.stringify({ id: message.id, code, data: {}, message: "m" }),
    );
  }

  #history(
    params: {
      properties: { n: { value: number; time?: number } }[];
      events: { fifty: { value: { n: number }; time?: number } }[];
    }[],
    bytes: number,
  ): Got[] {
    const at = this.#now();
    const [part] = params;
    if (!part || params.length > 1) throw new Error("one part was expected");
    const rows: Got[] = part.properties.map(({ n }) => ({
      n: n.value,
      time: n.time,
      by: "history",
      at,
    }));
    const events: Got[] = part.events.map(({ fifty }) => ({
      n: fifty.value.n,
      time: fifty.time,
      by: "event",
      at,
    }));
    this.posts.push({ at, points: rows.length + events.length, bytes });
    return [...rows, ...events];
  }
}
