/**
 * Which topics a device may use, and the limits of messages and subscriptions.
 * @module
 */
import {
  PAYLOAD_MAX_BYTES,
  SUBSCRIPTIONS_MAX,
  TOPIC_MAX_BYTES,
  TOPIC_MAX_SLASHES,
} from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { Message } from "./message.ts";
import type { Session } from "./session.ts";
import { isSystemTopic, matches, type TopicClass } from "./topic.ts";
import { TopicTable } from "./topic-table.ts";

/** The console's words for a publish without permission. */
export const NO_AUTHORIZATION = "No authorization";

/** Why a message of a device is not taken, or undefined. */
export function publishRefusal(
  device: DeviceId,
  { topic, payload }: Message,
  classes: readonly TopicClass[],
): string | undefined {
  const limit = topicLimit(topic);
  if (limit !== undefined) return limit;
  if (payload.length > PAYLOAD_MAX_BYTES)
    return `payload is longer than ${PAYLOAD_MAX_BYTES} bytes`;
  return mayPublish(device, topic, classes) ? undefined : NO_AUTHORIZATION;
}

/** Why a subscription is not granted, or undefined. */
export function subscribeRefusal(
  { device, filters }: Session,
  filter: string,
  qos: number,
  classes: readonly TopicClass[],
): string | undefined {
  if (qos > 1) return "QoS 2 is not supported";
  const limit = topicLimit(filter);
  if (limit !== undefined) return limit;
  if (!maySubscribe(device, filter, classes)) return NO_AUTHORIZATION;
  if (filters.has(filter) || filters.size < SUBSCRIPTIONS_MAX) return undefined;
  return `more than ${SUBSCRIPTIONS_MAX} subscriptions`;
}

/** What a topic or filter breaks of the platform's limits, if anything. */
function topicLimit(topic: string): string | undefined {
  // Custom RRPC topics wrap another one, and system topics such as batch posts have more levels.
  if (Buffer.byteLength(topic) > TOPIC_MAX_BYTES && !topic.startsWith("/ext/rrpc/")) {
    return `topic is longer than ${TOPIC_MAX_BYTES} bytes`;
  }
  if (!isSystemTopic(topic) && topic.split("/").length - 1 > TOPIC_MAX_SLASHES) {
    return `topic has more than ${TOPIC_MAX_SLASHES} slashes`;
  }
  return undefined;
}

/** Topics below `/sys/{pk}/{dn}/` on which only the platform publishes. */
const DOWN_ONLY_FILTERS = [
  "thing/event/+/post_reply",
  "thing/event/property/+/post_reply",
  "thing/service/property/set",
  "thing/service/property/get",
  "thing/property/desired/get_reply",
  "thing/property/desired/delete_reply",
  "thing/ota/firmware/get_reply",
  "thing/file/download_reply",
  "thing/job/notify",
  "thing/job/get_reply",
  "thing/job/update_reply",
  "thing/file/upload/mqtt/init_reply",
  "thing/file/upload/mqtt/send_reply",
  "thing/file/upload/mqtt/cancel_reply",
  "thing/model/down_raw",
  "thing/model/up_raw_reply",
  "thing/config/push",
  "thing/config/get_reply",
  "thing/config/log/push",
  "thing/config/log/get_reply",
  "thing/log/post_reply",
  "thing/deviceinfo/update_reply",
  "thing/deviceinfo/delete_reply",
  "thing/deviceinfo/get_reply",
  "_thing/diag/post_reply",
  "thing/disable",
  "thing/enable",
  "thing/delete",
  "thing/topo/add_reply",
  "thing/topo/delete_reply",
  "thing/topo/get_reply",
  "thing/topo/add/notify",
  "thing/topo/change",
  "thing/list/found_reply",
  "thing/sub/register_reply",
  "thing/proxy/provisioning/product_register_reply",
  "thing/bootstrap/notify",
  "rrpc/request/+",
  "broadcast/request/+",
];
const DOWN_ONLY = new TopicTable(DOWN_ONLY_FILTERS.map((filter) => [filter, true] as const));

/** Whether a device may publish on a topic: its own ones only, and not the platform's. */
export function mayPublish(
  device: DeviceId,
  topic: string,
  classes: readonly TopicClass[],
): boolean {
  const { productKey, deviceName } = device;
  const own = `${productKey}/${deviceName}`;
  if (topic.startsWith(`/sys/${own}/`)) {
    const rest = topic.slice(`/sys/${own}/`.length);
    return !DOWN_ONLY.get(rest) && !isServiceRequest(rest);
  }
  if (topic.startsWith("/ota/device/")) {
    return ["inform", "progress", "request"].some((kind) => topic === `/ota/device/${kind}/${own}`);
  }
  if (topic.startsWith("/ext/")) {
    return (
      topic === `/ext/ntp/${own}/request` ||
      topic.startsWith("/ext/rrpc/") ||
      (topic.startsWith(`/ext/session/${own}/`) && !topic.endsWith("_reply"))
    );
  }
  if (topic === `/shadow/update/${own}`) return true;
  return hasClass(topic, own, classes, "PUB");
}

/** Whether a device may subscribe to a filter: wildcards stand below its own name only. */
export function maySubscribe(
  device: DeviceId,
  filter: string,
  classes: readonly TopicClass[],
): boolean {
  const { productKey, deviceName } = device;
  const own = `${productKey}/${deviceName}`;
  if (filter.startsWith(`/sys/${own}/`)) return true;
  if (filter === `/ota/device/upgrade/${own}` || filter === `/ota/device/request/${own}`)
    return true;
  if (filter === `/shadow/get/${own}`) return true;
  if (filter.startsWith(`/broadcast/${productKey}/`)) return true;
  if (filter.startsWith("/ext/rrpc/") || filter === "/ext/network/probe/+") return true;
  if (["ntp", "session", "error"].some((kind) => filter.startsWith(`/ext/${kind}/${own}`)))
    return true;
  if (filter.startsWith(`/${own}/`) && /[+#]/.test(filter)) {
    // A wildcard is granted where no class that it covers is for publishing only.
    const covered = classes.filter(({ name }) => matches(filter, `/${own}/${name}`));
    return covered.length > 0 && covered.every(({ right }) => right !== "PUB");
  }
  return hasClass(filter, own, classes, "SUB");
}

/** `thing/service/x` goes down; only `thing/service/x_reply` comes up. */
function isServiceRequest(rest: string): boolean {
  return /^thing\/service\/[^/]*$/.test(rest) && !rest.endsWith("_reply");
}

function hasClass(
  topic: string,
  own: string,
  classes: readonly TopicClass[],
  right: "PUB" | "SUB",
): boolean {
  return classes.some(
    (each) => topic === `/${own}/${each.name}` && (each.right === right || each.right === "ALL"),
  );
}
