import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import mqttPacket, { generate } from "mqtt-packet";
import { buildProgram, engines, noInterpreter, Run } from "../mqtt/interpreter.ts";

if (noInterpreter) console.log(`not on the interpreter: ${noInterpreter}`);

const COUNT = 100;
const ROUNDS = 3;
const script = await buildProgram(join(import.meta.dirname, "device/fallback.ts"));

/** A broker that notes the numbers of each connection. */
async function openBroker() {
  const connections: { number: number; dup: boolean }[][] = [];
  const server = createServer((socket) => {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const numbers: { number: number; dup: boolean }[] = [];
    connections.push(numbers);
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect")
        socket.write(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      if (packet.cmd !== "publish") return;
      numbers.push({ number: Number(packet.payload.toString()), dup: packet.dup });
      socket.write(generate({ cmd: "puback", messageId: packet.messageId ?? 0 }));
    });
    socket.on("data", (data) => parser.parse(data));
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, connections, close: () => server.close() };
}

for (const engine of engines().filter(({ name }) => name !== "Node")) {
  test(`over two networks in turn, each message once in order: ${engine.name}`, async (context) => {
    const broker = await openBroker();
    context.after(broker.close);
    const run = new Run(engine, script, { port: broker.port, count: COUNT, rounds: ROUNDS });
    context.after(() => run.end());
    const seconds: number[] = [];
    const changes: string[] = [];
    const follow = async (word: string, take: (rest: string) => void) => {
      for (;;) take(await run.line(word));
    };
    const ended = () => {};
    follow("second", (number) => seconds.push(Number(number))).catch(ended);
    follow("link", (up) => changes.push(up)).catch(ended);
    const counters = JSON.parse(await run.line("counters"));
    assert.equal(await run.line("done"), String(COUNT));

    // What came over each network, in its order.
    const own = broker.connections.filter((numbers) => numbers.length > 0);
    assert.equal(own.length, ROUNDS + 1);
    assert.equal(counters.switches, 2 * ROUNDS);
    assert.equal(changes.length, counters.ups + counters.downs);
    assert.ok(seconds.length >= 10 * ROUNDS, `${seconds.length} over the second network`);

    // One after the other they hold all numbers, in order of first arrival.
    const arrived = new Set<number>();
    const rest = [...seconds];
    for (const [index, numbers] of own.entries()) {
      for (const { number } of numbers) arrived.add(number);
      const next = own[index + 1]?.find(({ number }) => !rest.includes(number))?.number;
      while (rest.length > 0 && next !== undefined && (rest[0] as number) < next)
        arrived.add(rest.shift() as number);
    }
    assert.deepEqual(
      [...arrived],
      Array.from({ length: COUNT }, (_, index) => index + 1),
    );
    // Only what was sent again may come twice.
    const fresh = own.flat().filter(({ dup }) => !dup);
    assert.equal(new Set(fresh.map(({ number }) => number)).size, fresh.length);
  });
}
