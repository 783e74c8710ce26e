import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import test, { type TestContext } from "node:test";
import { createRelay, type Relay, type RelayOptions } from "../../host/faults/relay.ts";

/** A relay before an echo server; both end with the test. */
async function echoRelay(t: TestContext, options: Partial<RelayOptions> = {}): Promise<Relay> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const relay = await createRelay({ target: { host: "127.0.0.1", port }, ...options });
  t.after(async () => {
    await relay.close();
    server.close();
  });
  return relay;
}

async function dial(relay: Relay): Promise<Socket> {
  const socket = connect(relay.port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** `once` would take the reset for its own failure. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** Sends, and reads as much back. */
async function echo(socket: Socket, data: Buffer): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  let length = 0;
  socket.write(data);
  while (length < data.length) {
    const [piece] = (await once(socket, "data")) as [Buffer];
    pieces.push(piece);
    length += piece.length;
  }
  return pieces;
}

test("bytes pass both ways unchanged, late and in small pieces too", async (t) => {
  const data = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) & 255));
  for (const options of [{}, { pieces: 50 }, { delay: 5 }, { pieces: 300, delay: 2, seed: 4 }]) {
    const relay = await echoRelay(t, options);
    const socket = await dial(relay);
    assert.deepEqual(Buffer.concat(await echo(socket, data)), data);
    socket.end();
    await once(socket, "end");
  }
});

test("a cut ends connections and refuses new ones until restored on the same port", async (t) => {
  const relay = await echoRelay(t);
  const socket = await dial(relay);
  await echo(socket, Buffer.from("a"));
  const { port } = relay;
  relay.cut();
  await closed(socket);
  assert.equal(relay.open, 0);
  assert.equal(relay.cuts, 1);
  const refused = connect(port, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED");
  await relay.restore();
  assert.equal(relay.port, port);
  const again = await dial(relay);
  assert.equal(Buffer.concat(await echo(again, Buffer.from("back"))).toString(), "back");
});

test("a stall lets nothing pass and loses nothing", async (t) => {
  const relay = await echoRelay(t);
  const socket = await dial(relay);
  await echo(socket, Buffer.from("a"));
  relay.stall();
  const answer = echo(socket, Buffer.from("held"));
  // Another connection hangs as well; its connect is answered by the system.
  const other = await dial(relay);
  const first = await Promise.race([
    answer.then(() => "passed"),
    echo(other, Buffer.from("b")).then(() => "passed"),
    new Promise((resolve) => setTimeout(resolve, 50, "held")),
  ]);
  assert.equal(first, "held");
  await relay.restore();
  assert.equal(Buffer.concat(await answer).toString(), "held");
});

test("random cuts come as often as asked, alike for the same seed", async (t) => {
  const runs: number[][] = [];
  for (const seed of [5, 5, 6]) {
    const relay = await echoRelay(t, { seed });
    relay.cutAtRandom({ after: { least: 100, most: 5000 }, times: 5 });
    const passed: number[] = [];
    for (let n = 0; n < 5; n++) {
      const socket = await dial(relay);
      let sent = 0;
      const ended = closed(socket).then(() => "closed");
      for (;;) {
        const answer = echo(socket, Buffer.alloc(50)).then(
          () => "echoed",
          () => "closed",
        );
        if ((await Promise.race([answer, ended])) === "closed") break;
        sent += 50;
      }
      passed.push(sent);
    }
    assert.equal(relay.cuts, 5);
    const survivor = await dial(relay);
    await echo(survivor, Buffer.alloc(20000));
    runs.push(passed);
  }
  // To within the piece under way when the connection was reset.
  const near = (a: number[], b: number[]) => a.every((n, i) => Math.abs(n - (b[i] ?? 0)) <= 50);
  assert.ok(near(runs[0] as number[], runs[1] as number[]), `${runs}`);
  assert.ok(!near(runs[0] as number[], runs[2] as number[]), `${runs}`);
});
