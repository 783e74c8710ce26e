/**
 * Peers that don't keep to MQTT: the platform cuts them off and goes on serving the others.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { generate } from "mqtt-packet";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { connectOptions, TestDevice } from "./device.ts";

let cloud: Cloud;
before(async () => {
  cloud = await startCloud();
});
after(() => cloud.close());

function open(): Socket {
  const socket = connect(cloud.endpoints.mqtt.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  return socket;
}

function connectPacket(): Buffer {
  const { clientId = "", username = "", password } = connectOptions(cloud);
  return generate({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: false,
    clientId,
    username,
    password: Buffer.from(String(password)),
    keepalive: 60,
  });
}

/** The platform serves as before. */
async function assertAlive(): Promise<void> {
  const device = await TestDevice.connect(cloud, { device: 1, extension: "_ss=1" });
  const { json } = await device.request(device.sys("thing/event/property/post"), { energy: 1 });
  assert.equal(json.code, 200);
  await device.end();
}

const TOPIC = "/a1AliotDemo/demo_0001/user/update";
const AFTER_LOG_ON: [string, Buffer][] = [
  ["a second CONNECT", Buffer.from([0x10, 0])],
  ["a reserved packet type", Buffer.from([0xf0, 0])],
  ["a remaining length of five bytes", Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f])],
  ["a PUBLISH with a wildcard", Buffer.from([0x30, 3, 0, 1, 0x23])],
  ["a PUBLISH with a topic cut short", Buffer.from([0x30, 3, 0, 9, 0x61])],
  ["a PUBLISH with QoS 3", Buffer.from([0x36, 5, 0, 1, 0x61, 0, 1])],
  ["a SUBSCRIBE without filters", Buffer.from([0x82, 2, 0, 1])],
  [
    "a SUBSCRIBE with a filter that is none",
    Buffer.from([0x82, 8, 0, 1, 0, 3, 0x2f, 0x23, 0x61, 0]),
  ],
];

for (const [what, bytes] of AFTER_LOG_ON) {
  test(`${what} ends the connection`, async () => {
    const socket = open();
    socket.write(connectPacket());
    await once(socket, "data");
    const closed = once(socket, "close");
    socket.write(bytes);
    await closed;
    await assertAlive();
  });
}

test("a PUBLISH before CONNECT ends the connection", async () => {
  const socket = open();
  const closed = once(socket, "close");
  socket.write(
    generate({ cmd: "publish", topic: TOPIC, payload: "x", qos: 0, dup: false, retain: false }),
  );
  await closed;
  await assertAlive();
});

test("connections that break off anywhere do no harm", async () => {
  const session = Buffer.concat([
    connectPacket(),
    generate({
      cmd: "subscribe",
      messageId: 1,
      subscriptions: [{ topic: "/a1AliotDemo/demo_0001/user/get", qos: 1 }],
    }),
    generate({
      cmd: "publish",
      topic: "/sys/a1AliotDemo/demo_0001/thing/event/property/post",
      payload: '{"id":"1","params":{"energy":1}}',
      qos: 1,
      messageId: 2,
      dup: false,
      retain: false,
    }),
    generate({ cmd: "pingreq" }),
  ]);
  for (let length = 1; length < session.length; length += 7) {
    const socket = open();
    await once(socket, "connect");
    socket.write(session.subarray(0, length));
    socket.resetAndDestroy();
  }
  await assertAlive();
});

test("noise does no harm", async () => {
  // A fixed sequence (xorshift), so that a failure comes again.
  let state = 2463534242;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) & 0xff;
  };
  for (let round = 0; round < 200; round++) {
    const socket = open();
    await once(socket, "connect");
    const noise = Buffer.from(Array.from({ length: 64 }, random));
    socket.end(round % 2 ? Buffer.concat([connectPacket(), noise]) : noise);
    await once(socket, "close");
  }
  await assertAlive();
});

test("payloads that are no thing model do no harm", async () => {
  const device = await TestDevice.connect(cloud, { extension: "_ss=1" });
  const deep = "[".repeat(100_000);
  for (const text of [
    "",
    "null",
    "1",
    '"x"',
    deep,
    '{"id":{"a":1},"params":{"energy":1}}',
    '{"params":{"__proto__":{"a":1},"constructor":1,"toString":2}}',
    '{"id":"1","params":{"GeoLocation":{"__proto__":1}}}',
    '{"id":"1","params":null}',
    '{"id":"1","params":{"value":null,"time":{}}}',
    '{"id":"1","params":{"energy":{"value":{"value":1}}}}',
    '{"id":"1","params":[{"properties":[null,1],"events":{}}]}',
    "\u0000\uffff",
  ]) {
    for (const topic of [
      "thing/event/property/post",
      "thing/event/property/batch/post",
      "thing/event/property/history/post",
      "thing/event/low_power_alarm/post",
      "thing/service/property/set_reply",
      "thing/service/query_phone_num_reply",
      "rrpc/response/1",
      "thing/ota/firmware/get",
    ]) {
      const seen = once(cloud.trace, "message");
      await device.publish(device.sys(topic), Buffer.from(text));
      const [{ note = "" }] = await seen;
      assert.doesNotMatch(note, /platform failed/, `${topic} ${text.slice(0, 60)}`);
    }
  }
  await device.end();
  await assertAlive();
});
