/**
 * The packets of `device/floor.ts`, made beforehand and cut where an id goes in.
 * @module
 */
import { createHmac } from "node:crypto";
import { generate } from "mqtt-packet";
import type { DeviceId } from "../../host/cloud/device-id.ts";
import type { FloorSettings } from "./floor-settings.ts";

/** As many digits as the floor's ids have. */
const ID = "100000000";
/** As many as the platform's of an RRPC. */
const RRPC_ID = "1000000000000000000";
const PACKET_ID = 0x4142;
const KEEPALIVE = 300;

const bytes = (packet: Parameters<typeof generate>[0]) => generate(packet).toString("latin1");

function publish(topic: string, payload: string, qos: 0 | 1): string {
  const messageId = PACKET_ID;
  return bytes({ cmd: "publish", topic, payload, qos, dup: false, retain: false, messageId });
}

/** Where the packet id, or without one the payload, is in a message of 128 bytes or more. */
export const behindTopic = (topic: string) => 1 + 2 + 2 + topic.length;

function connect({ productKey, deviceName }: DeviceId, secret: string): string {
  const id = `${productKey}.${deviceName}`;
  const content = `clientId${id}deviceName${deviceName}productKey${productKey}`;
  return bytes({
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE,
    clientId: `${id}|securemode=3,signmethod=hmacsha256|`,
    username: `${deviceName}&${productKey}`,
    password: Buffer.from(createHmac("sha256", secret).update(content).digest("hex")),
  });
}

/** A request of the device below `sys`, as the firmware writes it. */
function request(sys: string, path: string, params: object) {
  const topic = `${sys}${path}`;
  const method = path.replaceAll("/", ".");
  const message = { id: ID, version: "1.0", sys: { ack: 1 }, params, method };
  const packet = publish(topic, JSON.stringify(message), 1);
  const at = packet.indexOf(topic) + topic.length;
  const id = packet.indexOf(ID);
  return {
    head: packet.slice(0, at),
    middle: packet.slice(at + 2, id),
    tail: packet.slice(id + ID.length),
    replyAt: behindTopic(`${topic}_reply`),
  };
}

/** The answer to a request of the platform. */
function answer(sys: string, path: string, data: object) {
  const topic = `${sys}thing/service/${path}`;
  const message = { id: ID, code: 200, data, message: "success", version: "1.0" };
  const [before = "", tail = ""] = JSON.stringify(message).split(ID);
  const length = 2 + topic.length + "_reply".length + 2 + before.length + tail.length;
  return {
    requestAt: behindTopic(topic),
    topic: `${String.fromCharCode(0, topic.length + "_reply".length)}${topic}_reply`,
    middle: before,
    tail,
    length,
  };
}

function rrpc(sys: string) {
  const payload = JSON.stringify({ answer: 1 });
  const packet = publish(`${sys}rrpc/response/${RRPC_ID}`, payload, 0);
  const incoming = publish(`${sys}rrpc/request/${RRPC_ID}`, RRPC_REQUEST, 0);
  return {
    requestAt: incoming.indexOf(RRPC_ID),
    digits: RRPC_ID.length,
    head: packet.slice(0, packet.indexOf(RRPC_ID)),
    payload,
  };
}

/** What the bench asks by RRPC. */
export const RRPC_REQUEST = JSON.stringify({ ask: 1 });

export function floorPackets(
  device: DeviceId,
  secret: string,
): Omit<FloorSettings, "control" | "timed" | "platform"> {
  const sys = `/sys/${device.productKey}/${device.deviceName}/`;
  const filters = [
    "thing/event/property/post_reply",
    "thing/event/low_power_alarm/post_reply",
    "thing/service/property/set",
    "thing/service/query_phone_num",
    "rrpc/request/+",
  ];
  const subscriptions = filters.map((filter) => ({ topic: `${sys}${filter}`, qos: 1 as const }));
  return {
    connect: connect(device, secret),
    subscribe: bytes({ cmd: "subscribe", messageId: PACKET_ID, subscriptions }),
    report: request(sys, "thing/event/property/post", { energy: 50, power_switch: 1 }),
    event: request(sys, "thing/event/low_power_alarm/post", {
      value: { power_level: 20 },
      time: Date.now(),
    }),
    service: answer(sys, "query_phone_num", { phone_num: "123456789" }),
    set: answer(sys, "property/set", {}),
    rrpc: rrpc(sys),
  };
}

/** A value as a text of the interpreter's language that holds bytes, not code points. */
export function literal(value: unknown): string {
  const hex = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return JSON.stringify(value)
    .replace(/\\u00(..)/g, "\\x$1")
    .replace(/[\x7f-\xff]/g, hex);
}
