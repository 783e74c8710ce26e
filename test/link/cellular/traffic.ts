/**
 * Traffic that shows every lost, doubled or changed byte, over connections that come and go.
 * @module
 */
import assert from "node:assert/strict";
import type { Peer } from "../../../host/modem/index.ts";
import { Client, type Simulation } from "./simulated.ts";

/** Byte at a place of the endless file that the server has; all values come, in no short period. */
const byteAt = (at: number) => (at * 7 + (at >> 8) * 13 + (at >> 16) * 3) & 255;

function slice(from: number, length: number): string {
  let bytes = "";
  for (let i = from; i < from + length; i++) bytes += String.fromCharCode(byteAt(i));
  return bytes;
}

/** A server that says nothing for so long is given up, ms, as HTTP and MQTT do. */
const SILENCE = 60_000;

/** Downloads files of a size one after the other, going on where a connection broke. */
export class Download {
  done = 0;
  connections = 0;
  bytes = 0;
  garbled = 0;
  private at = 0;
  private heardAt = 0;
  private client: Client | undefined;

  constructor(
    private readonly simulation: Simulation,
    private readonly size: number,
    /** Seconds between two attempts, and between two files. */
    private readonly pause: number,
  ) {
    simulation.network.listen("files.example", 80, (peer) => {
      let request = "";
      return {
        onData: (bytes) => {
          request += bytes;
          const from = /^GET (\d+);$/.exec(request);
          if (!from) {
            if (!/^(G|GE|GET|GET \d*)$/.test(request)) this.refuse(peer);
            return;
          }
          for (let at = Number(from[1]); at < size; at += 1000) {
            peer.send(slice(at, Math.min(1000, size - at)));
          }
          peer.close();
        },
      };
    });
    this.look();
  }

  private refuse(peer: Peer): void {
    this.garbled++;
    peer.close();
  }

  private look(): void {
    const { clock, link } = this.simulation;
    let { client } = this;
    if (!client) {
      if (!link.isUp) {
        clock.after(500, () => this.look());
        return;
      }
      client = this.client = new Client(this.simulation, "files.example", 80);
      this.connections++;
      this.heardAt = clock.now();
      client.write(`GET ${this.at};`);
    }
    const bytes = client.take();
    assert.ok(bytes === slice(this.at, bytes.length), `bytes from ${this.at} on are right`);
    this.at += bytes.length;
    this.bytes += bytes.length;
    let wait = 50;
    if (bytes) this.heardAt = clock.now();
    const isSilent = clock.now() - this.heardAt > SILENCE;
    if (this.at === this.size || client.isClosed || isSilent) {
      if (!client.isClosed) client.end();
      if (this.at === this.size) {
        this.done++;
        this.at = 0;
      }
      this.client = undefined;
      wait = this.pause * 1000;
    }
    clock.after(wait, () => this.look());
  }
}

/** Sends numbered messages one after the other until each is confirmed, as MQTT does at QoS 1. */
export class Reports {
  confirmed = 0;
  garbled = 0;
  connections = 0;
  /** Numbers in the order in which the server had them for the first time. */
  readonly arrived: number[] = [];
  private client: Client | undefined;
  private sentAt = 0;
  private received = "";
  private isWaiting = false;

  constructor(
    private readonly simulation: Simulation,
    private readonly every: number,
  ) {
    simulation.network.listen("reports.example", 1883, (peer) => {
      let text = "";
      let last = 0;
      return {
        onData: (bytes) => {
          text += bytes;
          for (let end = text.indexOf(";"); end >= 0; end = text.indexOf(";")) {
            const message = text.slice(0, end);
            text = text.slice(end + 1);
            // What was typed in search of a lost prompt may have been taken for data.
            if (!/^P\d+ x{300}$/.test(message)) {
              this.garbled++;
              peer.close();
              return;
            }
            const number = Number(message.slice(1, message.indexOf(" ")));
            // In one connection nothing is sent twice.
            assert.ok(last === 0 || number === last + 1, `${number} follows ${last}`);
            last = number;
            if (!this.arrived.includes(number)) this.arrived.push(number);
            peer.send(`A${number};`);
          }
        },
      };
    });
    this.look();
  }

  private look(): void {
    const { clock, link } = this.simulation;
    const now = clock.now();
    if (!this.client && link.isUp) {
      this.client = new Client(this.simulation, "reports.example", 1883);
      this.connections++;
      this.received = "";
      this.isWaiting = false;
    }
    const { client } = this;
    let wait = 100;
    if (client) {
      this.received += client.take();
      const answer = `A${this.confirmed + 1};`;
      if (this.isWaiting && this.received.includes(answer)) {
        this.received = "";
        this.confirmed++;
        this.isWaiting = false;
        wait = this.every * 1000;
      } else if (client.isOpen && !this.isWaiting) {
        client.write(`P${this.confirmed + 1} ${"x".repeat(300)};`);
        this.isWaiting = true;
        this.sentAt = now;
      }
      if (client.isClosed || (this.isWaiting && now - this.sentAt > SILENCE)) {
        if (!client.isClosed) client.end();
        this.client = undefined;
        wait = 3000;
      }
    }
    clock.after(wait, () => this.look());
  }
}
