import assert from "node:assert/strict";
import test from "node:test";
import { PING_TIMEOUT } from "../../src/mqtt/error.ts";
import { Dialogue } from "./dialogue.ts";

const received = {
  cmd: "publish",
  topic: "t",
  payload: "in",
  qos: 0,
  dup: false,
  retain: false,
} as const;

test("quiet in both directions: a ping before the keepalive, no second one before its answer", () => {
  const client = new Dialogue({ keepalive: 60 }).online();
  const quiet = client.passes(58);
  assert.deepEqual(quiet.said, ["55 s: pingreq"]);
  client.gets({ cmd: "pingresp" });
  assert.deepEqual(client.passes(54).said, ["52 s: pingreq"]);
});

for (const keepalive of [2, 30, 60, 300, 1200]) {
  const limit = Math.min(keepalive * 1.5, keepalive + 10);
  test(`keepalive ${keepalive} s: a dead peer is found within ${limit} s, whatever the traffic`, () => {
    const silent = new Dialogue({ keepalive }).online();
    const found = silent.passes(2000);
    assert.equal(found.code, PING_TIMEOUT);
    assert.ok(found.after <= limit, `${found.after} s`);

    // The application goes on sending at QoS 0.
    const talker = new Dialogue({ keepalive }).online();
    let seconds = 0;
    let code = 0;
    while (!code && seconds < 2000) {
      talker.publish("x", 0);
      talker.says();
      code = talker.passes(1).code;
      seconds++;
    }
    assert.equal(code, PING_TIMEOUT);
    assert.ok(seconds <= limit, `${seconds} s`);
  });
}

test("a client that only receives pings all the same, within the keepalive", () => {
  const client = new Dialogue({ keepalive: 30 }).online();
  const pings: number[] = [];
  for (let second = 1; second <= 120; second++) {
    client.gets(received);
    const { code, said } = client.passes(1);
    assert.equal(code, 0);
    if (said.length) {
      pings.push(second);
      client.gets({ cmd: "pingresp" });
    }
  }
  assert.deepEqual(pings, [25, 50, 75, 100]);
});

test("without PUBACK for 10 s the peer is asked, for a dead one is found long before a keepalive", () => {
  const dead = new Dialogue({ keepalive: 1200 }).online();
  dead.publish("m");
  dead.says();
  assert.deepEqual(dead.passes(100), { code: PING_TIMEOUT, after: 20, said: ["10 s: pingreq"] });
  assert.deepEqual(dead.heard, []);
});

test("a peer that died after it was heard: the publish is kept, for the peer may not have had it", () => {
  const client = new Dialogue({ keepalive: 1200 }).online();
  client.publish("m");
  client.says();
  client.passes(2);
  client.gets(received);
  assert.deepEqual(client.passes(100), { code: PING_TIMEOUT, after: 38, said: ["28 s: pingreq"] });
  assert.deepEqual(client.heard, ["message t in 0"]);
});

test("a publish is given up only after the answer to a ping that followed it", () => {
  const client = new Dialogue({ keepalive: 1200 }).online();
  client.publish("m");
  client.says();
  client.passes(2);
  client.gets(received);
  assert.deepEqual(client.passes(35).said, ["28 s: pingreq"]);
  assert.deepEqual(client.heard, ["message t in 0"]);
  client.gets({ cmd: "pingresp" });
  assert.equal(client.passes(1).code, 0);
  assert.deepEqual(client.heard, ["message t in 0", "m not acknowledged"]);
});

test("a peer that lives but does not acknowledge: the publish ends after 30 s, the rest goes on", () => {
  const client = new Dialogue({ keepalive: 1200 }).online();
  client.publish("ignored");
  let answered: string | undefined = "";
  client.session.subscribeTo(["a"], 1, (error) => {
    answered = error?.name;
  });
  client.says();
  client.passes(10);
  client.gets({ cmd: "pingresp" });
  assert.equal(client.passes(19).code, 0);
  assert.deepEqual(client.heard, []);
  assert.equal(client.passes(1).code, 0);
  assert.deepEqual(client.heard, ["ignored not acknowledged"]);
  assert.equal(answered, "not acknowledged");
  client.gets({ cmd: "puback", messageId: 1 });
  assert.deepEqual(client.heard, ["ignored not acknowledged"]);
  assert.equal(client.stats.outbox, 0);
});
