/**
 * A relay before the platform on which packets come to the device one by one, each when the one before
 * has been read: how they would fall together is chance, and each piece has its price.
 * @module
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Endpoint } from "../../host/cloud/broker/listeners.ts";

/** Milliseconds before each packet, in which the device comes to rest; and between two looks. */
const REST = 40;
const LOOK = 3;
const HOST = "127.0.0.1";

export interface StillWire {
  endpoint: Endpoint;
  close(): Promise<void>;
}

export async function openStillWire(platform: Endpoint): Promise<StillWire> {
  const sockets = new Set<Socket>();
  const server = createServer((device) => {
    const line = connect(platform);
    for (const socket of [device, line]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        device.destroy();
        line.destroy();
      });
    }
    device.pipe(line);
    const packets = new Packets();
    let passing = Promise.resolve();
    line.on("data", (piece) => {
      for (const packet of packets.push(piece)) {
        passing = passing.then(() => pass(device, packet)).catch(() => {});
      }
    });
  });
  server.listen(0, HOST);
  await once(server, "listening");
  return {
    endpoint: { host: HOST, port: (server.address() as AddressInfo).port },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Sends a packet and waits until the device has read it. */
async function pass(device: Socket, packet: Buffer): Promise<void> {
  await pause(REST);
  await new Promise((resolve) => device.write(packet, resolve));
  while (!device.destroyed && unread(device) > 0) await pause(LOOK);
}

/** Bytes that the other end of a connection on this machine has not read yet (Linux, proc(5)). */
function unread({ remotePort = 0, localPort = 0 }: Socket): number {
  const hex = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of readFileSync("/proc/net/tcp", "latin1").split("\n")) {
    const [, from, to, , queues] = line.trim().split(/\s+/);
    if (from?.endsWith(hex(remotePort)) && to?.endsWith(hex(localPort)))
      return Number.parseInt(queues?.split(":")[1] ?? "0", 16);
  }
  return 0;
}

/** Cuts a stream into MQTT's packets. */
class Packets {
  #bytes = Buffer.alloc(0);

  push(piece: Buffer): Buffer[] {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    const packets: Buffer[] = [];
    for (let end = this.#end(); end > 0; end = this.#end()) {
      packets.push(this.#bytes.subarray(0, end));
      this.#bytes = this.#bytes.subarray(end);
    }
    return packets;
  }

  /** Where the first packet ends (MQTT 3.1.1, 2.2.3); 0: it is not whole yet. */
  #end(): number {
    let size = 0;
    for (let at = 1; at < this.#bytes.length && at < 5; at++) {
      const octet = this.#bytes[at] ?? 0;
      size += (octet & 127) << (7 * (at - 1));
      if (octet < 128) return this.#bytes.length > at + size ? at + 1 + size : 0;
    }
    return 0;
  }
}
