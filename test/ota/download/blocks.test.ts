/**
 * Downloads over MQTT blocks into a slot, from a platform with every fault, on the virtual boards and
 * on the interpreters.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import mqttPacket, { generate } from "mqtt-packet";
import { Run } from "../../mqtt/interpreter.ts";
import { blockCases } from "./block-cases.ts";
import { boardEngines, buildProgram, wifi } from "./engines.ts";

/** Answers as the case that a request names tells it to. */
class Platform {
  readonly offsets: number[][] = blockCases.map(() => []);
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.accept(socket));

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => {});
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect")
        socket.write(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      if (packet.cmd === "publish") this.answer(socket, String(packet.payload));
    });
    socket.on("data", (data) => parser.parse(data));
  }

  private answer(socket: Socket, text: string): void {
    const { id, fileBlock } = JSON.parse(text);
    const one = blockCases[id];
    const seen = this.offsets[id];
    if (!one || !seen) throw new Error(`no case ${id}`);
    const answer = one.serve({ ...fileBlock, index: seen.length }, one.file);
    seen.push(fileBlock.offset);
    if (answer === "cut") socket.destroy();
    else
      for (const payload of answer)
        socket.write(
          generate({ cmd: "publish", topic: "reply", payload, qos: 0, dup: false, retain: false }),
        );
  }
}

describe("download over MQTT", { concurrency: 2 }, () => {
  for (const engine of boardEngines()) {
    test(engine.name, async (t) => {
      const program = await buildProgram("blocks", engine.board);
      const platform = new Platform();
      const run = new Run(engine, program, {
        port: await platform.listen(),
        wifi,
        answer: 10000,
        slotBytes: 32 << 10,
        cases: blockCases.map(({ file, blockBytes, more }) => ({
          size: file.length,
          blockBytes,
          ...more,
        })),
      });
      try {
        for (const [index, one] of blockCases.entries()) {
          await t.test(one.name, async () => {
            const result = JSON.parse(await run.line(`case ${index}`));
            if (one.fails) {
              assert.match(result.failure?.text ?? "no failure", one.fails);
            } else {
              assert.equal(result.failure, null);
              if (!one.name.includes("refuses")) {
                assert.equal(result.position, one.file.length);
                const digest = createHash("sha256").update(one.file).digest("hex");
                assert.equal(result.digest, digest);
              }
            }
            if (one.offsets) assert.deepEqual(platform.offsets[index], one.offsets);
            if (process.env.SHOW) console.log(one.name, result.memory);
          });
        }
        await run.line("end");
      } finally {
        await run.end();
        await platform.close();
      }
    });
  }
});
