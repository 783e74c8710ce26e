import assert from "node:assert/strict";
import test from "node:test";
import { generate } from "mqtt-packet";
import {
  BAD_FLAGS,
  BAD_GRANT,
  BAD_RETURN_CODE,
  BAD_TOPIC,
  CONNECT_TIMEOUT,
  DISCONNECTED,
  FLOOD,
  LINK_DOWN,
  mqttError,
  NOT_OFFERED,
  OFFLINE,
  OUTBOX_FULL,
  UNEXPECTED_PACKET,
} from "../../src/mqtt/error.ts";
import { CLOSED, ONLINE, WRITE_SIZE } from "../../src/mqtt/session.ts";
import { Dialogue, packetsOf } from "./dialogue.ts";

const message = (payload: string, qos: 0 | 1, messageId: number, dup = false) =>
  ({ cmd: "publish", topic: "t", payload, qos, dup, retain: false, messageId }) as const;

test("log-on: CONNECT and nothing else until CONNACK, then what waited", () => {
  const client = new Dialogue();
  client.publish("early");
  client.session.opened(client.now);
  assert.deepEqual(client.says(), ["connect"]);
  assert.deepEqual(client.says(), []);
  assert.equal(client.gets({ cmd: "connack", returnCode: 0, sessionPresent: true }), 0);
  assert.equal(client.session.state, ONLINE);
  assert.equal(client.session.sessionPresent, true);
  assert.deepEqual(client.says(), ["publish 1 early"]);
});

test("each refusal has its own code; a bad CONNACK is a protocol error", () => {
  for (const returnCode of [1, 2, 3, 4, 5]) {
    const client = new Dialogue();
    client.session.opened(client.now);
    assert.equal(client.gets({ cmd: "connack", returnCode, sessionPresent: false }), returnCode);
  }
  for (const [bytes, code] of [
    ["\x20\x02\x00\x06", BAD_RETURN_CODE],
    ["\x20\x02\x01\x05", BAD_RETURN_CODE],
    ["\x20\x02\x02\x00", BAD_FLAGS],
  ] as const) {
    const client = new Dialogue();
    client.session.opened(client.now);
    assert.equal(client.getsBytes(bytes), code);
  }
});

test("no CONNACK within 10 s, anything before it, and a second one end the connection", () => {
  const silent = new Dialogue();
  silent.session.opened(silent.now);
  assert.deepEqual(silent.passes(60), { code: CONNECT_TIMEOUT, after: 10, said: ["1 s: connect"] });

  const early = new Dialogue();
  early.session.opened(early.now);
  assert.equal(early.gets(message("x", 0, 0)), UNEXPECTED_PACKET);

  const twice = new Dialogue().online();
  assert.equal(
    twice.gets({ cmd: "connack", returnCode: 0, sessionPresent: false }),
    UNEXPECTED_PACKET,
  );
});

test("publishes end once each, at their PUBACK, in any order", () => {
  const client = new Dialogue().online();
  const ids = ["a", "b", "c"].map((payload) => client.publish(payload));
  assert.equal(client.publish("zero", 0), 0);
  assert.deepEqual(client.says(), [
    `publish ${ids[0]} a`,
    `publish ${ids[1]} b`,
    `publish ${ids[2]} c`,
    "publish - zero",
  ]);
  assert.deepEqual(client.heard, ["zero done"]);
  for (const messageId of [ids[1], ids[0], ids[1], ids[2], 999]) {
    assert.equal(client.gets({ cmd: "puback", messageId: messageId as number }), 0);
  }
  assert.deepEqual(client.heard, ["zero done", "b done", "a done", "c done"]);
  assert.equal(client.session.stats.unexpected, 2);
  assert.equal(client.session.stats.outbox, 0);
  assert.equal(client.session.stats.outboxBytes, 0);
});

test("after a loss what was sent comes again in order as a duplicate, the rest as new", () => {
  for (const sessionPresent of [true, false]) {
    const client = new Dialogue({ outbox: { messages: 40, bytes: 8192 } }).online();
    for (let n = 1; n <= 18; n++) client.publish(`m${n}`);
    // The window is 16.
    assert.equal(client.says().length, 16);
    client.gets({ cmd: "puback", messageId: 2 });
    assert.deepEqual(client.says(), ["publish 17 m17"]);
    client.publish("lost", 0);
    client.drops();
    assert.deepEqual(client.heard, ["m2 done", "lost closed"]);
    client.online(sessionPresent);
    const again = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17];
    assert.deepEqual(
      client.says(),
      again.map((n) => `publish ${n} m${n} dup`),
    );
    client.gets({ cmd: "puback", messageId: 1 });
    assert.deepEqual(client.says(), ["publish 18 m18"]);
    assert.equal(client.session.stats.resent, 16);
    assert.equal(client.session.stats.sent, 18);
  }
});

test("offline: QoS 1 waits, QoS 0 and requests are refused", () => {
  const client = new Dialogue();
  assert.equal(client.publish("one"), 1);
  assert.equal(client.publish("zero", 0), -OFFLINE);
  assert.equal(
    client.session.subscribeTo(["t"], 1, () => assert.fail("called")),
    -OFFLINE,
  );
  assert.deepEqual(client.heard, []);
});

test("the outbox refuses beyond its messages and its bytes, and takes again when acknowledged", () => {
  const client = new Dialogue({ outbox: { messages: 4, bytes: 1000 } }).online();
  for (const payload of ["1", "2", "3", "4"]) assert.ok(client.publish(payload) > 0);
  assert.equal(client.publish("5"), -OUTBOX_FULL);
  assert.equal(client.session.stats.refused, 1);
  client.says();
  client.gets({ cmd: "puback", messageId: 1 });
  assert.equal(client.publish("x".repeat(990)), -OUTBOX_FULL);
  assert.equal(client.publish("x".repeat(900)), 5);
  assert.ok(client.session.stats.outboxBytes <= 1000);
  assert.deepEqual(client.heard, ["1 done"]);
});

test("QoS 2 and illegal topics are refused with their own codes", () => {
  const client = new Dialogue().online();
  const publish = (topic: string, qos: number) => client.session.publish(topic, "", qos, undefined);
  assert.equal(publish("t", 2), -NOT_OFFERED);
  assert.equal(
    client.session.subscribeTo(["t"], 2, () => {}),
    -NOT_OFFERED,
  );
  for (const topic of ["", "a/+", "#", "a\0b", "\xff", "x".repeat(65536)]) {
    assert.equal(publish(topic, 1), -BAD_TOPIC, topic.slice(0, 10));
  }
});

test("a message of QoS 1 is acknowledged once for each time it comes; of QoS 0 never", () => {
  const client = new Dialogue().online();
  client.gets(message("a", 1, 7));
  client.gets(message("b", 0, 0));
  client.gets(message("a", 1, 7, true));
  assert.deepEqual(client.heard, ["message t a 1", "message t b 0", "message t a 1 dup"]);
  assert.deepEqual(client.says(), ["puback 7", "puback 7"]);
});

test("acknowledgements wait for one write and then share it with messages", () => {
  const client = new Dialogue().online();
  for (let id = 1; id <= 50; id++) client.gets(message("in", 1, id));
  for (let n = 0; n < 5; n++) client.publish("out");
  const bytes = client.session.next(client.now);
  assert.ok(bytes.length <= WRITE_SIZE);
  assert.equal(packetsOf(bytes).length, 55);
});

test("a peer that sends but never reads ends with an error before memory does", () => {
  const client = new Dialogue().online();
  let code = 0;
  let count = 0;
  while (!code && count < 2000) code = client.gets(message("in", 1, 1 + count++));
  assert.equal(code, FLOOD);
  assert.ok(count < 300, `${count} messages`);
});

test("a large message goes out in pieces, nothing in between, and again from the start", () => {
  const client = new Dialogue().online();
  const payload = "abcdefghij".repeat(400);
  const id = client.publish(payload);
  for (let n = 0; n < 2; n++) assert.equal(client.session.next(client.now).length, WRITE_SIZE);
  client.drops();
  client.online();
  let bytes = client.session.next(client.now);
  client.gets(message("in", 1, 7));
  for (let n = 0; n < 3; n++) bytes += client.session.next(client.now);
  assert.ok(packetsOf(bytes)[0] === `publish ${id} ${payload} dup`);
  assert.deepEqual(client.says(), ["puback 7"]);
});

test("SUBACK answers each filter; UNSUBACK ends an UNSUBSCRIBE", () => {
  const client = new Dialogue().online();
  const answers: unknown[] = [];
  client.session.subscribeTo(["a", "b", "c"], 1, (error, codes) => {
    answers.push([error, [...codes].map((code) => code.charCodeAt(0))]);
  });
  client.session.unsubscribeFrom(["d", "e"], (error) => answers.push(error));
  assert.deepEqual(client.says(), ["subscribe 1 a,b,c", "unsubscribe 2 d,e"]);
  assert.equal(client.gets({ cmd: "suback", messageId: 1, granted: [1, 0, 128] }), 0);
  // Of another kind or unknown: no answer.
  assert.equal(client.gets({ cmd: "suback", messageId: 2, granted: [1] }), 0);
  assert.equal(client.gets({ cmd: "unsuback", messageId: 3, granted: [] }), 0);
  assert.deepEqual(answers, [[null, [1, 0, 128]]]);
  assert.equal(client.gets({ cmd: "unsuback", messageId: 2, granted: [] }), 0);
  assert.deepEqual(answers, [[null, [1, 0, 128]], null]);
});

test("a SUBACK that does not fit ends the request and the connection", () => {
  for (const granted of [[1], [1, 1, 1], [1, 2], [1, 3]]) {
    const client = new Dialogue().online();
    const names: (string | undefined)[] = [];
    client.session.subscribeTo(["a", "b"], 1, (error) => names.push(error?.name));
    client.says();
    assert.equal(client.gets({ cmd: "suback", messageId: 1, granted }), BAD_GRANT);
    assert.deepEqual(names, ["protocol error: SUBACK does not fit the request"]);
  }
});

test("requests under way end with the error of a lost connection, and are not sent again", () => {
  const client = new Dialogue().online();
  const names: (string | undefined)[] = [];
  client.session.subscribeTo(["a"], 1, (error) => names.push(error?.name));
  client.says();
  client.session.unsubscribeFrom(["b"], (error) => names.push(error?.name));
  client.drops();
  assert.deepEqual(names, ["closed", "closed"]);
  client.online();
  assert.deepEqual(client.says(), []);
});

test("packet ids go round without one that is in use", () => {
  const client = new Dialogue().online();
  const kept = client.publish("kept");
  const waiting = new Set<number>();
  client.session.subscribeTo(["a"], 1, () => assert.fail("answered"));
  client.says();
  let last = 0;
  for (let n = 0; n < 140000; n++) {
    const id = client.session.publish("t", "", 1, undefined);
    assert.ok(id >= 1 && id <= 65535 && id !== kept && id !== 2 && !waiting.has(id), `${id}`);
    waiting.add(id);
    client.session.next(client.now);
    last = id;
    // Three stay in flight, so that a run of ids is in use when the numbers begin anew.
    if (waiting.size > 3) {
      const [oldest] = waiting;
      waiting.delete(oldest as number);
      client.gets({ cmd: "puback", messageId: oldest as number });
    }
  }
  assert.notEqual(last, 0);
});

test("finishing: what is queued, then its PUBACKs, then DISCONNECT; nothing new is taken", () => {
  const client = new Dialogue().online();
  client.publish("last");
  client.session.finish();
  assert.equal(client.publish("too late"), -DISCONNECTED);
  assert.deepEqual(client.says(), ["publish 1 last"]);
  client.gets(message("in", 1, 9));
  assert.deepEqual(client.says(), ["puback 9"]);
  client.gets({ cmd: "puback", messageId: 1 });
  assert.deepEqual(client.says(), ["disconnect"]);
  assert.equal(client.session.state, CLOSED);
  assert.deepEqual(client.heard, ["message t in 1", "last done"]);
});

test("a session that is given up settles every publish with the reason", () => {
  const client = new Dialogue().online();
  client.publish("sent");
  client.says();
  client.publish("queued");
  client.session.drop({ code: DISCONNECTED, name: "disconnected", message: "" }, false);
  assert.deepEqual(client.heard, ["sent disconnected", "queued disconnected"]);
  client.online();
  assert.deepEqual(client.says(), []);
});

test("a callback that throws harms neither the others nor the session", () => {
  const client = new Dialogue().online();
  client.session.publish("t", "a", 1, () => {
    throw new Error("from the application");
  });
  client.publish("b");
  client.says();
  client.getsBytes(
    ["\x40\x02\x00\x01", generate({ cmd: "puback", messageId: 2 }).toString("latin1")].join(""),
  );
  assert.deepEqual(client.heard, ["b done"]);
  assert.equal((client.faults[0] as Error).message, "from the application");
});

test("whoever hears of a PUBACK may give up the connection: the message behind it is left", () => {
  const client = new Dialogue().online();
  client.gets(message("m", 1, 7));
  client.session.publish("t", "a", 1, () => client.session.drop(mqttError(LINK_DOWN), true));
  client.says();
  const behind = generate(message("m", 1, 8)).toString("latin1");
  const chunk = generate({ cmd: "puback", messageId: 1 }).toString("latin1") + behind;
  const rest = client.session.take(chunk, client.packets, client.now);
  assert.equal(rest, behind);
  assert.deepEqual(client.heard, ["message t m 1"]);
});

test("bytes count as not sent until the last PUBACK, or a new connection", () => {
  const client = new Dialogue().online();
  client.says();
  const { session } = client;
  session.unsent = 0;
  const ids = [client.publish("a"), client.publish("b")] as [number, number];
  client.says();
  const written = session.unsent;
  assert.ok(written > 10, `${written}`);
  client.gets({ cmd: "puback", messageId: ids[0] });
  assert.equal(session.unsent, written);
  client.gets({ cmd: "puback", messageId: ids[1] });
  assert.equal(session.unsent, 0);
  client.publish("c", 0);
  client.says();
  assert.ok(session.unsent > 5);
  client.drops();
  session.opened(client.now);
  assert.equal(session.unsent, 0);
});
