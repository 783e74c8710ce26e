/**
 * What the bench downloads from: a file server, and a peer that hands out a file's blocks over MQTT
 * ("download over MQTT": header length, header, bytes, CRC-16/ARC).
 * @module
 */
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import mqttPacket, { generate } from "mqtt-packet";

export interface Server {
  port: number;
  close(): void;
}

/** Serves each file at its index: `/0`, `/1`, …; anew each time, whole. */
export async function serveFiles(files: Buffer[]): Promise<Server> {
  const server = createHttpServer((request, response) => {
    const file = files[Number(request.url?.slice(1))];
    response.writeHead(file ? 200 : 404, {
      "Content-Length": file?.length ?? 0,
      Connection: "close",
    });
    response.end(file);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

function reply(file: Buffer, offset: number, size: number): Buffer {
  const block = file.subarray(offset, offset + size);
  const data = {
    fileToken: "default",
    fileLength: file.length,
    bSize: block.length,
    bOffset: offset,
  };
  const header = Buffer.from(JSON.stringify({ id: "1", code: 200, msg: "success", data }));
  const ends = Buffer.alloc(4);
  ends.writeUInt16BE(header.length, 0);
  const crc = block.reduce((sum, byte) => (sum >> 8) ^ (crcTable[(sum ^ byte) & 255] as number), 0);
  ends.writeUInt16LE(crc, 2);
  return Buffer.concat([ends.subarray(0, 2), header, block, ends.subarray(2)]);
}

/** Answers requests for blocks; a request's `id` is the file's index. */
export async function serveBlocks(files: Buffer[]): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect") {
        socket.write(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      }
      if (packet.cmd !== "publish") return;
      const { id, fileBlock } = JSON.parse(String(packet.payload));
      const payload = reply(files[id] as Buffer, fileBlock.offset, fileBlock.size);
      const rest = { topic: "reply", qos: 0, dup: false, retain: false } as const;
      socket.write(generate({ cmd: "publish", payload, ...rest }));
    });
    socket.on("data", (data) => parser.parse(data));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
