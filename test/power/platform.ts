/**
 * The least of a platform that an update needs, without time or threads: it answers a device's
 * requests, offers a package until its version is informed, and serves the package's files.
 * @module
 */
import { createHash } from "node:crypto";
import mqttPacket, { generate, type Packet } from "mqtt-packet";
import type { Line, Network, Peer } from "./network.ts";

export const MQTT_PORT = 1883;
const HTTP_PORT = 8080;

/** A package on offer: one image, or several files. */
export interface Offer {
  version: string;
  files: { name: string; bytes: Buffer }[];
  overMqtt?: boolean;
  md5?: boolean;
  /** Members of the push's `data` instead of the right ones. */
  data?: Record<string, unknown>;
}

/** An answer to a request for a file. */
export interface Answer {
  /** Status line and headers, without the empty line. */
  head: string;
  body: Buffer;
  /** Leave the connection open. */
  silent?: boolean;
}

const NOT_FOUND: Answer = {
  head: "HTTP/1.1 404 Not Found\r\nContent-Length: 0",
  body: Buffer.alloc(0),
};

/** The file from a byte on, as it should be. */
export function wholeAnswer(file: Buffer, from: number): Answer {
  const range = `Content-Range: bytes ${from}-${file.length - 1}/${file.length}`;
  const status = from ? `206 Partial Content\r\n${range}` : "200 OK";
  const head = `HTTP/1.1 ${status}\r\nContent-Length: ${file.length - from}`;
  return { head, body: file.subarray(from) };
}

/** A message of the device. */
interface Message {
  id: string;
  params: {
    version?: string;
    step?: string;
    desc?: string;
    fileBlock?: { size: number; offset: number };
  };
}

export class Platform {
  readonly productKey = "a1PowerCuts";
  readonly deviceName = "board";
  readonly module: string;
  /** What the device said of its updates, in order. */
  readonly informed: string[] = [];
  readonly progress: { step: number; desc: string }[] = [];
  /** Requests for files, and the bytes that were sent. */
  requests = 0;
  sent = 0;
  offer: Offer | undefined;
  /** What files are answered with; `request` counts from 1. */
  answer: (file: Buffer, from: number, request: number) => Answer = wholeAnswer;
  /** Code in the CONNACK for a user name; 0: accepted. */
  logOn: (username: string) => number = () => 0;
  #push: ((topic: string, message: object) => void) | undefined;

  constructor(network: Network, module: string) {
    this.module = module;
    network.serve(MQTT_PORT, (line) => this.#mqtt(line));
    network.serve(HTTP_PORT, (line) => this.#http(line));
  }

  /** The version that the device has informed last. */
  get version(): string | undefined {
    return this.informed.at(-1);
  }

  /** Offers a package and pushes it to a device that is there. */
  offers(offer: Offer | undefined): void {
    this.offer = offer;
    this.#pushOffer();
  }

  get #device(): string {
    return `${this.productKey}/${this.deviceName}`;
  }

  #pushOffer(): void {
    if (!this.offer) return;
    const message = { code: "1000", id: 1, message: "success", data: this.#package() };
    this.#push?.(`/ota/device/upgrade/${this.#device}`, message);
  }

  /** The package as the platform describes it ("OTA updates"). */
  #package(): object {
    const { offer } = this;
    if (!offer) return {};
    const { version, files, overMqtt = false, md5 = false } = offer;
    const signMethod = md5 ? "Md5" : "Sha256";
    const sign = (bytes: Buffer) =>
      createHash(md5 ? "md5" : "sha256")
        .update(bytes)
        .digest("hex");
    const url = (index: number) => `http://files.test:${HTTP_PORT}/${index}?Signature=x`;
    const { data } = offer;
    const common = { version, isDiff: 0, signMethod, module: this.module };
    const [only] = files;
    if (!only || files.length > 1) {
      const parts = files.map(({ name, bytes }, index) => ({
        fileName: name,
        fileSize: bytes.length,
        fileUrl: url(index),
        fileSign: sign(bytes),
      }));
      return { ...common, files: parts, ...data };
    }
    const where = overMqtt ? { dProtocol: "mqtt", streamId: 1, streamFileId: 1 } : { url: url(0) };
    return { ...common, size: only.bytes.length, sign: sign(only.bytes), ...where, ...data };
  }

  #mqtt(line: Line): Peer {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const say = (packet: Packet) => line.send(generate(packet));
    let id = 0;
    this.#push = (topic, message) => {
      id = (id % 65535) + 1;
      const payload = Buffer.isBuffer(message) ? message : JSON.stringify(message);
      say({ cmd: "publish", topic, payload, qos: 1, messageId: id, dup: false, retain: false });
    };
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect") {
        const returnCode = this.logOn(packet.username ?? "");
        say({ cmd: "connack", returnCode, sessionPresent: false });
      } else if (packet.cmd === "pingreq") say({ cmd: "pingresp" });
      else if (packet.cmd === "subscribe") {
        const granted = packet.subscriptions.map(() => 1);
        say({ cmd: "suback", messageId: packet.messageId ?? 0, granted });
      } else if (packet.cmd === "publish") {
        if (packet.qos === 1) say({ cmd: "puback", messageId: packet.messageId ?? 0 });
        this.#published(packet.topic, JSON.parse(packet.payload.toString()));
      } else if (packet.cmd === "disconnect") line.end();
    });
    return { receive: (bytes) => parser.parse(bytes) };
  }

  #published(topic: string, message: Message): void {
    const reply = (data: object) =>
      this.#push?.(`${topic}_reply`, { id: message.id, code: 200, data });
    if (topic.endsWith("/post")) reply({});
    else if (topic.startsWith("/ota/device/inform/")) this.#inform(message.params);
    else if (topic.startsWith("/ota/device/progress/")) {
      const { step, desc = "" } = message.params;
      this.progress.push({ step: Number(step), desc });
      // A failure ends the job.
      if (Number(step) < 0) this.offer = undefined;
    } else if (topic.endsWith("/thing/ota/firmware/get")) reply(this.#package());
    else if (topic.endsWith("/thing/file/download")) this.#block(topic, message);
  }

  #inform({ version = "" }: Message["params"]): void {
    this.informed.push(version);
    if (version === this.offer?.version) this.offer = undefined;
    else this.#pushOffer();
  }

  /** A block of the package's only file ("download over MQTT"). */
  #block(topic: string, { id, params }: Message): void {
    const bytes = this.offer?.files[0]?.bytes;
    const { size, offset } = params.fileBlock ?? { size: 0, offset: 0 };
    if (!bytes) return;
    const block = bytes.subarray(offset, offset + size);
    this.requests++;
    this.sent += block.length;
    const data = {
      fileToken: "default",
      fileLength: bytes.length,
      bSize: block.length,
      bOffset: offset,
    };
    const header = Buffer.from(JSON.stringify({ id, code: 200, msg: "success", data }));
    const head = Buffer.alloc(2);
    head.writeUInt16BE(header.length);
    const tail = Buffer.alloc(2);
    tail.writeUInt16LE(crc16(block));
    this.#push?.(`${topic}_reply`, Buffer.concat([head, header, block, tail]));
  }

  /** Serves `GET /INDEX`, whole or from a byte on. */
  #http(line: Line): Peer {
    let head = "";
    return {
      receive: (bytes) => {
        head += bytes.toString("latin1");
        if (!head.endsWith("\r\n\r\n")) return;
        const index = Number(/^GET \/(\d+)/.exec(head)?.[1] ?? -1);
        const from = Number(/^Range: bytes=(\d+)-/im.exec(head)?.[1] ?? 0);
        const file = this.offer?.files[index]?.bytes;
        this.requests++;
        const answer = file ? this.answer(file, from, this.requests) : NOT_FOUND;
        this.sent += answer.body.length;
        line.send(Buffer.from(`${answer.head}\r\n\r\n`));
        line.send(answer.body);
        if (!answer.silent) line.end();
      },
    };
  }
}

/** CRC-16/ARC. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
