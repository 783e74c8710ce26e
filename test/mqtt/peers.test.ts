/**
 * The client on each engine against brokers by script: refusals, malformed packets, silence.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test, { before, type TestContext } from "node:test";
import { createRelay } from "../../host/faults/relay.ts";
import {
  BAD_GRANT,
  CONNECT_TIMEOUT,
  CONNECTION_CLOSED,
  DIAL_FAILED,
  mqttError,
  PING_TIMEOUT,
  UNEXPECTED_PACKET,
} from "../../src/mqtt/error.ts";
import { buildProgram, type Engine, engines, noInterpreter, Run } from "./interpreter.ts";
import { malformed } from "./malformed.ts";
import { Peer } from "./peer.ts";

let script = "";
before(async () => {
  script = await buildProgram(join(import.meta.dirname, "device/client.ts"));
});

async function peerFor(t: TestContext): Promise<Peer> {
  const peer = await new Peer().listen();
  t.after(() => peer.close());
  return peer;
}

function runOn(engine: Engine, t: TestContext, settings: object): Run {
  const run = new Run(engine, script, {
    clientId: "device",
    backoff: { first: 5, max: 10 },
    ...settings,
  });
  t.after(() => run.end());
  return run;
}

if (noInterpreter) test("the interpreter", { skip: noInterpreter }, () => {});

for (const engine of engines()) {
  test(`${engine.name}: every malformed packet ends the connection with its error`, {
    timeout: 90_000,
  }, async (t) => {
    const peer = await peerFor(t);
    const run = runOn(engine, t, { task: "listen", port: peer.port });
    for (const [name, bytes, code] of malformed) {
      const connection = await peer.accepts();
      await connection.logsOn();
      connection.says(bytes);
      assert.equal(await run.line("offline"), `${code} ${mqttError(code).name}`, name);
      assert.deepEqual(await connection.ends(), [], name);
    }
  });

  test(`${engine.name}: a CONNACK out of turn or something before it ends the connection`, {
    timeout: 90_000,
  }, async (t) => {
    const peer = await peerFor(t);
    const run = runOn(engine, t, { task: "listen", port: peer.port });
    const early = await peer.accepts();
    await early.expects("connect");
    early.says({ cmd: "pingresp" });
    assert.match(await run.line("offline"), new RegExp(`^${UNEXPECTED_PACKET} `));
    const twice = await peer.accepts();
    await twice.logsOn();
    twice.says("\x20\x02\x00\x00");
    assert.match(await run.line("offline"), new RegExp(`^${UNEXPECTED_PACKET} `));
  });

  test(`${engine.name}: each refusal is told by its code`, { timeout: 90_000 }, async (t) => {
    for (const returnCode of [1, 2, 3, 4, 5]) {
      const peer = await peerFor(t);
      const run = runOn(engine, t, { task: "listen", port: peer.port });
      const connection = await peer.accepts();
      await connection.expects("connect");
      connection.says({ cmd: "connack", returnCode, sessionPresent: false });
      assert.equal(await run.line("offline"), `${returnCode} ${mqttError(returnCode).name}`);
      await connection.ends();
      await run.end();
    }
  });

  test(`${engine.name}: closed, reset, refused and restored`, { timeout: 90_000 }, async (t) => {
    const peer = await peerFor(t);
    const relay = await createRelay({ target: { host: "127.0.0.1", port: peer.port } });
    t.after(() => relay.close());
    const run = runOn(engine, t, { task: "listen", port: relay.port });
    const before = await peer.accepts();
    await before.expects("connect");
    before.socket.end();
    assert.match(await run.line("offline"), new RegExp(`^${CONNECTION_CLOSED} `));
    const online = await peer.accepts();
    await online.logsOn(true);
    assert.equal(await run.line("online"), "true");
    relay.cut();
    assert.match(await run.line("offline"), new RegExp(`^${CONNECTION_CLOSED} `));
    // Node's connect does not throw; there a refusal is a close.
    const refused = engine.name === "Node" ? CONNECTION_CLOSED : DIAL_FAILED;
    assert.match(await run.line("offline"), new RegExp(`^${refused} `));
    assert.match(await run.line("offline"), new RegExp(`^${refused} `));
    await relay.restore();
    await (await peer.accepts()).logsOn();
    assert.equal(await run.line("online"), "false");
  });

  test(`${engine.name}: no CONNACK, no PINGRESP`, { timeout: 90_000 }, async (t) => {
    const peer = await peerFor(t);
    const run = runOn(engine, t, {
      task: "listen",
      port: peer.port,
      keepalive: 1,
      connectTimeout: 1,
    });
    const mute = await peer.accepts();
    await mute.expects("connect");
    assert.match(await run.line("offline"), new RegExp(`^${CONNECT_TIMEOUT} `));
    const deaf = await peer.accepts();
    await deaf.logsOn();
    await deaf.expects("pingreq");
    deaf.says({ cmd: "pingresp" });
    await deaf.expects("pingreq");
    assert.match(await run.line("offline"), new RegExp(`^${PING_TIMEOUT} `));
  });

  test(`${engine.name}: a SUBACK that does not fit`, { timeout: 90_000 }, async (t) => {
    const peer = await peerFor(t);
    const run = runOn(engine, t, { task: "talk", port: peer.port });
    const wrong = await peer.accepts();
    await wrong.logsOn();
    const { messageId } = await wrong.expects("subscribe");
    wrong.says({ cmd: "suback", messageId: messageId ?? 0, granted: [1] });
    assert.equal(await run.line("subscribed"), mqttError(BAD_GRANT).name);
    assert.match(await run.line("offline"), new RegExp(`^${BAD_GRANT} `));
    const right = await peer.accepts();
    await right.logsOn();
    const again = await right.expects("subscribe");
    right.says({ cmd: "suback", messageId: again.messageId ?? 0, granted: [1, 128] });
    assert.equal(await run.line("subscribed"), "1,128");
  });

  test(`${engine.name}: what is in flight comes again as a duplicate; a full outbox refuses`, {
    timeout: 90_000,
  }, async (t) => {
    const peer = await peerFor(t);
    const run = runOn(engine, t, { task: "flood", port: peer.port });
    // 32 messages at most; the default bytes would hold more.
    assert.match(await run.line("flood"), /^\{"taken":32,"-17":68\} .*"refused":68.*"outbox":32/);
    const first = await peer.accepts();
    await first.logsOn();
    for (let id = 1; id <= 16; id++) {
      const { messageId, dup } = await first.expects("publish");
      assert.deepEqual([messageId, dup], [id, false]);
    }
    first.says({ cmd: "puback", messageId: 1 });
    assert.equal((await first.expects("publish")).messageId, 17);
    first.socket.resetAndDestroy();
    const second = await peer.accepts();
    await second.logsOn();
    for (let id = 2; id <= 17; id++) {
      const { messageId, dup } = await second.expects("publish");
      assert.deepEqual([messageId, dup], [id, true]);
      second.says({ cmd: "puback", messageId: id });
    }
    for (let id = 18; id <= 32; id++) {
      const { messageId, dup } = await second.expects("publish");
      assert.deepEqual([messageId, dup], [id, false]);
    }
  });

  test(`${engine.name}: a message in single bytes, and many in one piece`, {
    timeout: 90_000,
  }, async (t) => {
    const peer = await peerFor(t);
    const run = runOn(engine, t, { task: "listen", port: peer.port });
    const connection = await peer.accepts();
    await connection.logsOn();
    await run.line("online");
    connection.socket.setNoDelay(true);
    for (const byte of "\x32\x08\x00\x03a/b\x00\x07x") {
      connection.says(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(await run.line("message"), "a/b 1 false 1");
    assert.equal((await connection.expects("puback")).messageId, 7);
    connection.says("\x30\x04\x00\x01tx".repeat(300));
    for (let n = 0; n < 300; n++) assert.equal(await run.line("message"), "t 0 false 1");
  });
}
