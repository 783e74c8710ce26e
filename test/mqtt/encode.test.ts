import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import mqttPacket, { type Packet } from "mqtt-packet";
import {
  DISCONNECT,
  encodeConnect,
  encodePublish,
  encodeSubscribe,
  encodeUnsubscribe,
  field,
  markDuplicate,
  PINGREQ,
  PUBACK_HEAD,
  word,
} from "../../src/mqtt/encode.ts";
import { randomTopic } from "./packets.ts";
import { Random } from "./random.ts";

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/** The one packet that mqtt-packet finds in a byte string. */
function parse(bytes: string): Packet {
  const found: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => found.push(packet));
  parser.on("error", (error) => {
    throw error;
  });
  const left = parser.parse(Buffer.from(bytes, "latin1"));
  assert.equal(left, 0);
  assert.equal(found.length, 1);
  return found[0] as Packet;
}

/** The named fields of a packet. */
function fields(packet: Packet, ...names: string[]): unknown[] {
  return names.map((name) => (packet as unknown as Record<string, unknown>)[name]);
}

test("5,000 publishes are what mqtt-packet reads", () => {
  const random = new Random(3);
  for (let i = 0; i < 5000; i++) {
    const topic = randomTopic(random);
    const payload = random.bytes(random.below(random.pick([1, 130, 17000])));
    const qos = random.below(2);
    const id = 1 + random.below(65535);
    const bytes = encodePublish(field(latin1(topic)), payload, qos ? word(id) : "");
    const packet = parse(bytes);
    assert.equal((packet as { payload: Buffer }).payload.toString("latin1"), payload);
    assert.deepEqual(fields(packet, "cmd", "topic", "qos", "dup", "retain"), [
      "publish",
      topic,
      qos,
      false,
      false,
    ]);
    if (qos) {
      assert.equal(packet.messageId, id);
      assert.deepEqual(fields(parse(markDuplicate(bytes)), "topic", "dup"), [topic, true]);
    }
  }
});

test("CONNECT with each flag, binary password and text that is not ASCII", () => {
  for (const cleanSession of [true, false]) {
    const packet = parse(
      encodeConnect(
        {
          clientId: latin1("客户端|securemode=3|"),
          username: "dev&pk",
          password: "\x00\xffp",
        },
        1200,
        cleanSession,
      ),
    );
    assert.deepEqual(
      fields(packet, "cmd", "protocolId", "protocolVersion", "clean", "clientId", "username"),
      ["connect", "MQTT", 4, cleanSession, "客户端|securemode=3|", "dev&pk"],
    );
    assert.equal((packet as { password: Buffer }).password.toString("latin1"), "\x00\xffp");
    assert.deepEqual(fields(packet, "keepalive", "will"), [1200, undefined]);
  }
});

test("requests and the small packets", () => {
  const topics = ["a/+", "中/#", "x"];
  const bytes = topics.map(latin1);
  const subscribe = parse(encodeSubscribe(word(300), bytes, 1));
  assert.equal(subscribe.messageId, 300);
  assert.deepEqual(
    (subscribe as { subscriptions: { topic: string; qos: number }[] }).subscriptions.map(
      ({ topic, qos }) => [topic, qos],
    ),
    topics.map((topic) => [topic, 1]),
  );
  const unsubscribe = parse(encodeUnsubscribe(word(65535), bytes));
  assert.deepEqual(fields(unsubscribe, "messageId", "unsubscriptions"), [65535, topics]);
  assert.deepEqual(fields(parse(PUBACK_HEAD + word(256)), "cmd", "messageId"), ["puback", 256]);
  assert.equal(parse(PINGREQ).cmd, "pingreq");
  assert.equal(parse(DISCONNECT).cmd, "disconnect");
});
