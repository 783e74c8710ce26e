import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { mqttError, TOO_LARGE } from "../../src/mqtt/error.ts";
import { idNumber } from "../../src/mqtt/packet-ids.ts";
import { NO_ID, PacketReader, PUBLISH } from "../../src/mqtt/reader.ts";
import { malformed } from "./malformed.ts";
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
      reader.unread = reader.join(piece);
      do type = reader.next();
      while (type > 0);
      if (type < 0) break;
      assert.ok(reader.held <= LIMIT + 5, `${reader.held} bytes held`);
      assert.equal(reader.pieces.join("").length, reader.held);
    }
    if (type < 0) refused++;
  }
  assert.ok(refused > 10000, `${refused} streams refused`);
});

test("a chunk that is taken as a single message is what the reader finds in it, damaged or not", () => {
  const random = new Random(21);
  let taken = 0;
  for (let i = 0; i < 20000; i++) {
    const topic = random.pick(["/sys/pk/dn/thing/event/property/post_reply", "a/b", "属性"]);
    const payload = Buffer.from(
      random.bytes(random.below(random.pick([1, 90, 400, 17000]))),
      "latin1",
    );
    const packet = {
      cmd: "publish",
      topic,
      payload,
      qos: 1,
      messageId: 1 + random.below(65535),
    } as const;
    const known = toBytes({ ...packet, payload: "", dup: false, retain: false });
    let bytes = toBytes({ ...packet, dup: random.below(9) === 0, retain: false });
    if (random.below(3) === 0) {
      const at = random.below(Math.min(bytes.length, topic.length + 9));
      bytes = bytes.slice(0, at) + random.bytes(1) + bytes.slice(at + random.below(2));
    }
    const reader = new PacketReader(LIMIT);
    reader.unread = known;
    reader.next();
    if (!reader.expect(bytes) || !bytes.startsWith(reader.head)) continue;
    const { topic: at, head } = reader;
    const [id, found] = [bytes.slice(head.length, head.length + 2), bytes.slice(head.length + 2)];
    if (id === NO_ID) continue;
    taken++;
    const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");
    assert.deepEqual(readAll([bytes]), [
      `publish 1 false ${idNumber(id)} ${hex(at)} ${hex(found)}`,
    ]);
  }
  assert.ok(taken > 5000, `${taken} taken`);
});

test("the first piece of a packet as the one before is held without being read, no other", () => {
  const packet = {
    cmd: "publish",
    topic: "a/b/c",
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
  };
  const bytes = toBytes({ ...packet, payload: Buffer.alloc(900, 65) } as never);
  const other = toBytes({ ...packet, topic: "a/b/d", payload: Buffer.alloc(900, 65) } as never);
  const reader = new PacketReader(LIMIT);
  reader.unread = bytes;
  assert.equal(reader.next(), PUBLISH);
  assert.ok(reader.expect(bytes));
  const { head } = reader;
  for (const length of [head.length, head.length + 1, 536, bytes.length - 1]) {
    const piece = bytes.slice(0, length);
    assert.equal(reader.expect(piece), false);
    assert.deepEqual([reader.held, reader.need], [length, bytes.length]);
    assert.equal(reader.join(bytes.slice(length)), bytes);
    assert.deepEqual([reader.held, reader.pieces, reader.head], [0, [], head]);
  }
  for (const piece of [bytes.slice(0, head.length - 1), other.slice(0, 536)]) {
    reader.expect(piece);
    assert.equal(reader.held, 0);
    reader.expect(bytes);
  }
});
