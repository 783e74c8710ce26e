/**
 * What the device talks to through the modem, in memory: a broker that takes reports, and a server
 * of one file.
 * @module
 */
import mqttPacket, { generate, type Packet } from "mqtt-packet";
import type { MemoryNetwork, ModemClock, Peer, PeerEvents } from "../../../host/modem/index.ts";

const REPORT = /^report (\d+) x{200}$/;
/** A client is given up after so many of its keepalives. */
const PATIENCE = 1.5;
/** Bytes that a server hands to the network at once. */
const PIECE = 1000;

const toBytes = (data: Uint8Array) => Buffer.from(data).toString("latin1");

/** Takes numbered reports of one device, as a broker of MQTT 3.1.1 does. */
export class Broker {
  /** Numbers in the order in which they came for the first time. */
  readonly arrived: number[] = [];
  /** Reports that came again. */
  again = 0;
  /** Connections, and those that were ended for bytes that make no sense. */
  connections = 0;
  garbled = 0;
  private readonly known = new Set<number>();
  private current: Peer | undefined;

  constructor(
    private readonly clock: ModemClock,
    network: MemoryNetwork,
  ) {
    network.listen("mqtt.example", 1883, (peer) => this.accept(peer));
  }

  private accept(peer: Peer): PeerEvents {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    let keepalive = 60;
    let heardAt = this.clock.now();
    const say = (packet: Packet) => peer.send(toBytes(generate(packet)));
    const refuse = () => {
      this.garbled++;
      peer.close();
    };
    const look = () => {
      if (!peer.isOpen) return;
      if (this.clock.now() - heardAt > keepalive * 1000 * PATIENCE) peer.close();
      else this.clock.after(1000, look);
    };
    look();
    this.connections++;
    parser.on("error", refuse);
    parser.on("packet", (packet) => {
      if (!peer.isOpen) return;
      heardAt = this.clock.now();
      if (packet.cmd === "connect") {
        // One connection a client: the older one ends.
        if (this.current !== peer) this.current?.close();
        this.current = peer;
        keepalive = packet.keepalive || 60;
        say({ cmd: "connack", returnCode: 0, sessionPresent: false });
      } else if (packet.cmd === "pingreq") say({ cmd: "pingresp" });
      else if (packet.cmd === "publish" && this.take(packet.topic, packet.payload.toString())) {
        say({ cmd: "puback", messageId: packet.messageId ?? 0 });
      } else refuse();
    });
    return {
      onData: (bytes) => {
        if (peer.isOpen) parser.parse(Buffer.from(bytes, "latin1"));
      },
    };
  }

  /** False when a modem that lost bytes of it has changed the report. */
  private take(topic: string, payload: string): boolean {
    const number = Number(REPORT.exec(payload)?.[1] ?? 0);
    if (topic !== "storm/reports" || number === 0) return false;
    if (this.known.has(number)) this.again++;
    else this.arrived.push(number);
    this.known.add(number);
    return true;
  }
}

/** Serves one file, whole or from a byte on. */
export class FileServer {
  requests = 0;
  garbled = 0;

  constructor(file: Buffer, network: MemoryNetwork) {
    network.listen("files.example", 80, (peer) => {
      let head = "";
      return {
        onData: (bytes) => {
          head += bytes;
          if (!head.endsWith("\r\n\r\n") || !peer.isOpen) return;
          const request = /^GET \/file HTTP\/1\.1\r\n(?:[A-Za-z-]+: [\x20-\x7e]*\r\n)+\r\n$/.exec(
            head,
          )?.[0];
          if (!request) {
            this.garbled++;
            peer.close();
            return;
          }
          this.requests++;
          const from = Number(/^Range: bytes=(\d+)-/im.exec(request)?.[1] ?? 0);
          const range = `Content-Range: bytes ${from}-${file.length - 1}/${file.length}`;
          const status = from > 0 ? `206 Partial Content\r\n${range}` : "200 OK";
          peer.send(`HTTP/1.1 ${status}\r\nContent-Length: ${file.length - from}\r\n\r\n`);
          for (let at = from; at < file.length; at += PIECE) {
            peer.send(toBytes(file.subarray(at, at + PIECE)));
          }
          peer.close();
        },
      };
    });
  }
}
