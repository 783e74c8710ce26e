import assert from "node:assert/strict";
import test from "node:test";
import { generate, type Packet } from "mqtt-packet";
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
import { WRITE_SIZE } from "../../src/mqtt/outbox.ts";
import { CLOSED, ONLINE } from "../../src/mqtt/phases.ts";
import { UNSUBSCRIBE } from "../../src/mqtt/requests.ts";
import { Dialogue, packetsOf } from "./dialogue.ts";
import { Random } from "./random.ts";

const message = (payload: string, qos: 0 | 1, messageId: number, dup = false) =>
  ({ cmd: "publish", topic: "t", payload, qos, dup, retain: false, messageId }) as const;

test("log-on: CONNECT and nothing else until CONNACK, then what waited", () => {
  const client = new Dialogue();
  client.publish("early");
  client.opens();
  assert.deepEqual(client.says(), ["connect"]);
  assert.deepEqual(client.says(), []);
  assert.equal(client.gets({ cmd: "connack", returnCode: 0, sessionPresent: true }), 0);
  assert.equal(client.session.phase, ONLINE);
  assert.equal(client.session.sessionPresent, true);
  assert.deepEqual(client.says(), ["publish 1 early"]);
});

test("each refusal has its own code; a bad CONNACK is a protocol error", () => {
  for (const returnCode of [1, 2, 3, 4, 5]) {
    const client = new Dialogue();
    client.opens();
    assert.equal(client.gets({ cmd: "connack", returnCode, sessionPresent: false }), returnCode);
  }
  for (const [bytes, code] of [
    ["\x20\x02\x00\x06", BAD_RETURN_CODE],
    ["\x20\x02\x01\x05", BAD_RETURN_CODE],
    ["\x20\x02\x02\x00", BAD_FLAGS],
  ] as const) {
    const client = new Dialogue();
    client.opens();
    assert.equal(client.getsBytes(bytes), code);
  }
});

test("no CONNACK within 10 s, anything before it, and a second one end the connection", () => {
  const silent = new Dialogue();
  silent.opens();
  assert.deepEqual(silent.passes(60), { code: CONNECT_TIMEOUT, after: 10, said: ["1 s: connect"] });

  const early = new Dialogue();
  early.opens();
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
  assert.equal(client.stats.unexpected, 2);
  assert.equal(client.stats.outbox, 0);
  assert.equal(client.stats.outboxBytes, 0);
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
    assert.equal(client.stats.resent, 16);
    assert.equal(client.stats.sent, 18);
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
  assert.equal(client.stats.refused, 1);
  client.says();
  client.gets({ cmd: "puback", messageId: 1 });
  assert.equal(client.publish("x".repeat(990)), -OUTBOX_FULL);
  assert.equal(client.publish("x".repeat(900)), 5);
  assert.ok(client.stats.outboxBytes <= 1000);
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
  const bytes = client.writes();
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
  for (let n = 0; n < 2; n++) assert.equal(client.writes().length, WRITE_SIZE);
  client.drops();
  client.online();
  let bytes = client.writes();
  client.gets(message("in", 1, 7));
  for (let n = 0; n < 3; n++) bytes += client.writes();
  assert.ok(packetsOf(bytes)[0] === `publish ${id} ${payload} dup`);
  assert.deepEqual(client.says(), ["puback 7"]);
});

test("SUBACK answers each filter; UNSUBACK ends an UNSUBSCRIBE", () => {
  const client = new Dialogue().online();
  const answers: unknown[] = [];
  client.session.subscribeTo(["a", "b", "c"], 1, (error, codes) => {
    answers.push([error, [...codes].map((code) => code.charCodeAt(0))]);
  });
  client.session.subscribeTo(["d", "e"], UNSUBSCRIBE, (error) => answers.push(error));
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
  client.session.subscribeTo(["b"], UNSUBSCRIBE, (error) => names.push(error?.name));
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
    client.writes();
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
  assert.equal(client.session.phase, CLOSED);
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
  client.session.publish("t", "a", 1, () => client.drops(mqttError(LINK_DOWN)));
  client.says();
  const behind = generate(message("m", 1, 8)).toString("latin1");
  const chunk = generate({ cmd: "puback", messageId: 1 }).toString("latin1") + behind;
  assert.equal(client.getsBytes(chunk), 0);
  assert.deepEqual(client.heard, ["message t m 1"]);
  assert.equal(client.stats.acknowledged, 1);
});

test("what is written counts as not sent until a drain, the last PUBACK, or a new connection", () => {
  const client = new Dialogue({}, true).online();
  client.says();
  const write = (size = 400) => {
    client.publish("x".repeat(size), 1, "topic");
    return client.wire.pieces.pop()?.last;
  };
  const ends = (...ids: number[]) => {
    for (const messageId of ids) client.gets({ cmd: "puback", messageId });
  };
  assert.deepEqual([write(), write()], [false, true]);
  ends(1);
  assert.equal(write(), undefined, "it is busy");
  client.drains();
  assert.equal(client.wire.pieces.pop()?.last, false);
  assert.equal(write(), true);
  client.drains();
  ends(2, 3, 4);
  assert.deepEqual([write(), write()], [false, true]);
  client.drops();
  client.online();
  client.says();
  client.drains();
  ends(5, 6);
  assert.deepEqual([write(), write()], [false, true]);
});

test("a message that nothing is before goes out at once, whatever its size", () => {
  const client = new Dialogue({}, true).online();
  client.says();
  for (const size of [0, 1, 115, 116, 117, 118, 1058, 1059, 1060, 1061, 1062, 5000]) {
    const payload = "x".repeat(size);
    const id = client.publish(payload, 1, "some/topic");
    let bytes = "";
    for (let piece = client.wire.pieces.shift(); piece; piece = client.wire.pieces.shift()) {
      bytes += piece.bytes;
      if (piece.last) client.drains();
    }
    assert.deepEqual(packetsOf(bytes), [`publish ${id} ${payload}`]);
    client.gets({ cmd: "puback", messageId: id });
  }
  assert.equal(client.heard.length, 12);
  assert.deepEqual([client.stats.sent, client.stats.outboxBytes], [12, 0]);
});

test("written at once or when it is let, what a client says and hears is the same", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const runs = [true, false].map((isFree) => {
      const random = new Random(seed);
      // With room for all: a message of QoS 0 that is written at once needs none.
      const client = new Dialogue({ outbox: { messages: 100, bytes: 100_000 } }, isFree).online();
      const said: string[] = [];
      const flight: number[] = [];
      const listen = () => {
        for (const line of client.says()) {
          said.push(line);
          const [kind, id] = line.split(" ");
          if (kind === "publish" && id !== "-") flight.push(Number(id));
        }
      };
      listen();
      const codes: number[] = [];
      for (let step = 0; step < 60; step++) {
        const choice = random.below(10);
        const topic = random.pick(["t", "topic/of/some/length"]);
        if (choice < 5) {
          const payload = `${step}`.padEnd(random.pick([3, 100, 130, 300, 1100]), ".");
          codes.push(client.publish(payload, choice ? 1 : 0, topic));
        } else if (choice < 8 && flight.length) {
          const [messageId] = flight.splice(random.below(3) ? 0 : random.below(flight.length), 1);
          let bytes = generate({ cmd: "puback", messageId } as Packet).toString("latin1");
          if (random.below(2))
            bytes += generate(message(`${step}`, 1, 1 + step)).toString("latin1");
          const at = random.below(bytes.length);
          if (random.below(4)) client.getsBytes(bytes);
          else for (const part of [bytes.slice(0, at), bytes.slice(at)]) client.getsBytes(part);
        } else if (choice === 8)
          client.gets(message(`${step}`, random.below(2) as 0 | 1, 1 + step));
        else if (random.below(4) === 0) {
          client.drops();
          flight.length = 0;
          client.online();
        }
        listen();
      }
      // PUBACKs may go before messages or behind them.
      const of = (kind: string) => said.filter((line) => line.startsWith(kind));
      const { heard, stats } = client;
      return { messages: of("publish"), answers: of("puback"), codes, heard, stats };
    });
    assert.deepEqual(runs[0], runs[1], `seed ${seed}`);
    assert.ok((runs[0]?.messages.length ?? 0) > 10, `seed ${seed}`);
  }
});
