import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import {
  BAD_FLAGS,
  BAD_LENGTH,
  BAD_PUBLISH_TOPIC,
  BAD_TYPE,
  BAD_UTF8,
  mqttError,
  NOT_OFFERED,
  TOO_LARGE,
  TRUNCATED,
  ZERO_PACKET_ID,
} from "../../src/mqtt/error.ts";
import { PacketReader } from "../../src/mqtt/reader.ts";
import { describe, LIMIT, randomCuts, randomServerPacket, readAll, toBytes } from "./packets.ts";
import { Random } from "./random.ts";

test("20,000 packets of mqtt-packet are read alike whole, byte by byte and at random cuts", () => {
  const random = new Random(11);
  for (let session = 0; session < 1000; session++) {
    const packets = Array.from({ length: 20 }, () => randomServerPacket(random));
    const bytes = packets.map(toBytes).join("");
    const expected = packets.map(describe);
    assert.deepEqual(readAll([bytes]), expected);
    assert.deepEqual(readAll(packets.map(toBytes)), expected);
    if (session % 4 === 0) assert.deepEqual(readAll(bytes), expected);
    assert.deepEqual(readAll(randomCuts(bytes, random, 10)), expected);
    assert.deepEqual(readAll(randomCuts(bytes, random, 1200)), expected);
  }
});

test("each length of the remaining length is read, up to the limit", () => {
  for (const size of [
    0, 1, 120, 121, 122, 123, 124, 125, 16376, 16377, 16378, 16379, 16380, 16381,
  ]) {
    const packet = {
      cmd: "publish",
      topic: "t",
      payload: Buffer.alloc(size, 7),
      qos: 0,
      dup: false,
      retain: false,
    } as const;
    assert.deepEqual(readAll([toBytes(packet)]), [describe(packet)], `${size}`);
  }
  const large = `\x30\xff\xff\xff\x7f`;
  assert.equal(new PacketReader(268435455).next(), 0);
  assert.deepEqual(readAll([large]), [`error ${TOO_LARGE}`]);
  assert.deepEqual(readAll([large], 268435455), []);
});

const malformed: [string, string, number][] = [
  ["a remaining length of five bytes", "\x30\x80\x80\x80\x80\x01", BAD_LENGTH],
  ["a fourth length byte that goes on", "\x30\xff\xff\xff\xff", BAD_LENGTH],
  ["a message over the limit", "\x30\x81\x80\x01", TOO_LARGE],
  ["a packet of type 0", "\x00\x00", BAD_TYPE],
  ["CONNECT", "\x10\x00", BAD_TYPE],
  ["PUBREC", "\x50\x02\x00\x01", BAD_TYPE],
  ["PUBREL", "\x62\x02\x00\x01", BAD_TYPE],
  ["SUBSCRIBE", "\x82\x00", BAD_TYPE],
  ["PINGREQ", "\xc0\x00", BAD_TYPE],
  ["DISCONNECT", "\xe0\x00", BAD_TYPE],
  ["type 15", "\xf0\x00", BAD_TYPE],
  ["CONNACK with flags", "\x21\x02\x00\x00", BAD_FLAGS],
  ["PUBACK with flags", "\x42\x02\x00\x01", BAD_FLAGS],
  ["SUBACK with flags", "\x92\x03\x00\x01\x00", BAD_FLAGS],
  ["UNSUBACK with flags", "\xb2\x02\x00\x01", BAD_FLAGS],
  ["PINGRESP with flags", "\xd1\x00", BAD_FLAGS],
  ["a message of QoS 3", "\x36\x05\x00\x01t\x00\x01", BAD_FLAGS],
  ["a duplicate of QoS 0", "\x38\x03\x00\x01t", BAD_FLAGS],
  ["a message of QoS 2", "\x34\x05\x00\x01t\x00\x01", NOT_OFFERED],
  ["CONNACK of 1 byte", "\x20\x01\x00", TRUNCATED],
  ["CONNACK of 3 bytes", "\x20\x03\x00\x00\x00", BAD_LENGTH],
  ["PUBACK of 0 bytes", "\x40\x00", TRUNCATED],
  ["PUBACK of 3 bytes", "\x40\x03\x00\x01\x00", BAD_LENGTH],
  ["SUBACK without a code", "\x90\x02\x00\x01", TRUNCATED],
  ["UNSUBACK of 3 bytes", "\xb0\x03\x00\x01\x00", BAD_LENGTH],
  ["PINGRESP of 1 byte", "\xd0\x01\x00", BAD_LENGTH],
  ["a message without a topic length", "\x30\x01\x00", TRUNCATED],
  ["a topic that ends after the packet", "\x30\x04\x00\x05ab", TRUNCATED],
  ["a topic into the next packet", "\x30\x03\x00\x03a\xd0\x00\xd0\x00", TRUNCATED],
  ["a message of QoS 1 without an id", "\x32\x04\x00\x02ab", TRUNCATED],
  ["a message of QoS 1 with id 0", "\x32\x05\x00\x01t\x00\x00", ZERO_PACKET_ID],
  ["PUBACK of id 0", "\x40\x02\x00\x00", ZERO_PACKET_ID],
  ["SUBACK of id 0", "\x90\x03\x00\x00\x00", ZERO_PACKET_ID],
  ["UNSUBACK of id 0", "\xb0\x02\x00\x00", ZERO_PACKET_ID],
  ["an empty topic", "\x30\x02\x00\x00", BAD_PUBLISH_TOPIC],
  ["a topic with +", "\x30\x05\x00\x03a/+", BAD_PUBLISH_TOPIC],
  ["a topic with #", "\x30\x03\x00\x01#", BAD_PUBLISH_TOPIC],
  ["a topic with NUL", "\x30\x05\x00\x03a\x00b", BAD_UTF8],
  ["a topic with a lone byte", "\x30\x05\x00\x03a\xe4b", BAD_UTF8],
  ["a topic with a surrogate", "\x30\x05\x00\x03\xed\xa0\x80", BAD_UTF8],
];

for (const [name, bytes, code] of malformed) {
  test(`${name}: ${mqttError(code).name}`, () => {
    const good = toBytes({ cmd: "puback", messageId: 9 });
    const expected = ["puback 9", `error ${code}`];
    assert.deepEqual(readAll([good + bytes]), expected);
    assert.deepEqual(readAll(good + bytes), expected);
  });
}

test("50,000 damaged streams: no exception, nothing held beyond one packet", () => {
  const random = new Random(12);
  let refused = 0;
  for (let i = 0; i < 50000; i++) {
    let bytes = "";
    for (let n = 1 + random.below(3); n > 0; n--) bytes += toBytes(randomServerPacket(random));
    for (let n = 1 + random.below(3); n > 0; n--) {
      const at = random.below(bytes.length);
      const kind = random.below(3);
      const middle = kind === 0 ? "" : random.bytes(kind === 1 ? 1 : random.below(4));
      bytes = bytes.slice(0, at) + middle + bytes.slice(at + (kind === 2 ? 0 : 1));
    }
    const reader = new PacketReader(LIMIT);
    let type = 0;
    for (const piece of randomCuts(bytes, random, 536)) {
      reader.push(piece);
      do type = reader.next();
      while (type > 0);
      if (type < 0) break;
      const held = (reader as unknown as { bytes: string }).bytes.length;
      assert.ok(held <= LIMIT + 5, `${held} bytes held`);
    }
    if (type < 0) refused++;
  }
  assert.ok(refused > 10000, `${refused} streams refused`);
});
