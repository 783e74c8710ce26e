/**
 * The MQTT client on the interpreter: variables, and time as a ratio to a bare socket write that is
 * answered by the same peer in the same run.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { buildProgram, interpreters, noInterpreter, Run } from "../test/mqtt/interpreter.ts";
import type { Bench, Row } from "./run.ts";

export const name = "MQTT client on the interpreter";
export const uses: Bench["uses"] = ["interpreter", "interpreter32"];

const ROUNDS = 1000;

/** A peer that answers CONNECT and each PUBLISH of fixed size, however they are cut. */
async function startPeer() {
  const server = createServer((socket) => {
    let held = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      held = Buffer.concat([held, data]);
      const answers: Buffer[] = [];
      while (held.length >= 2 && held.length >= 2 + (held[1] as number)) {
        const packet = held.subarray(0, 2 + (held[1] as number));
        held = held.subarray(packet.length);
        if (packet[0] === 0x10) answers.push(Buffer.from([0x20, 2, 0, 0]));
        else if (((packet[0] as number) & 0xf0) === 0x30) {
          const at = 4 + packet.readUInt16BE(2);
          answers.push(Buffer.from([0x40, 2, packet[at] as number, packet[at + 1] as number]));
        }
      }
      socket.write(Buffer.concat(answers));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Runs the bench on each interpreter that is present. */
export async function bench(): Promise<Row[] | string> {
  if (noInterpreter) return noInterpreter;
  const script = await buildProgram(join(import.meta.dirname, "../test/mqtt/device/bench.ts"));
  // As on a board: the code stays in Storage.
  const loader = `require("Storage").write("firmware",${JSON.stringify(script)});
print("empty "+process.memory().usage);
eval(require("Storage").read("firmware"));`;
  const rows: Row[] = [{ what: "script", value: script.length, unit: "bytes" }];
  const server = await startPeer();
  try {
    for (const engine of interpreters()) {
      const { port } = server.address() as AddressInfo;
      const run = new Run(engine, loader, { port, rounds: ROUNDS });
      try {
        const figure = async (word: string) => Number(await run.line(word));
        const empty = await figure("empty");
        const loaded = (await figure("loaded")) - empty;
        const bare = await figure("bare");
        rows.push({ what: `${engine.name}: code loaded`, value: loaded, unit: "JsVars" });
        for (const [word, what] of [
          ["made", "client made"],
          ["online", "connected"],
          ["full", "outbox of 32 messages full"],
        ] as const) {
          const value = await figure(word);
          rows.push({ what: `${engine.name}: ${what}, besides the code`, value, unit: "JsVars" });
        }
        rows.push({ what: `${engine.name}: bare write and answer`, value: bare, unit: "us" });
        for (const [word, what] of [
          ["publish", "publish and PUBACK, one by one"],
          ["stream", "publish and PUBACK, sixteen under way"],
        ] as const) {
          const value = await figure(word);
          // Least: a bare write and its answer.
          rows.push({ what: `${engine.name}: ${what}`, value, unit: "us", floor: bare });
        }
      } finally {
        await run.end();
      }
    }
  } finally {
    server.close();
  }
  return rows;
}
