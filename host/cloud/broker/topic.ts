/**
 * MQTT topics: filters, and which of them a device may use.
 * @module
 */
import { TOPIC_MAX_BYTES, TOPIC_MAX_SLASHES } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";

/** A custom topic class of a product: what follows `/{productKey}/{deviceName}/`, and its right. */
export interface TopicClass {
  /** Such as `"user/update"`; levels of letters, digits and underscores. */
  name: string;
  right: "PUB" | "SUB" | "ALL";
}

/** The classes that every product has (help.aliyun.com/document_detail/73731.html). */
export const DEFAULT_CLASSES: readonly TopicClass[] = [
  { name: "user/update", right: "PUB" },
  { name: "user/update/error", right: "PUB" },
  { name: "user/get", right: "SUB" },
];

/** Whether an MQTT filter covers a topic. */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true;
    if (index >= levels.length) return false;
    if (level !== "+" && level !== levels[index]) return false;
  }
  return wanted.length === levels.length;
}

/** Whether a topic belongs to the platform's own services rather than to the product's classes. */
export function isSystemTopic(topic: string): boolean {
  return /^\/(sys|ota|ext|shadow)\//.test(topic);
}

/** What a topic or filter breaks of the platform's limits, if anything. */
export function topicLimit(topic: string): string | undefined {
  if (Buffer.byteLength(topic) > TOPIC_MAX_BYTES && !topic.startsWith("/ext/rrpc/")) {
    return `topic is longer than ${TOPIC_MAX_BYTES} bytes`;
  }
  if (topic.split("/").length - 1 > TOPIC_MAX_SLASHES && !topic.startsWith("/ext/rrpc/")) {
    return `topic has more than ${TOPIC_MAX_SLASHES} slashes`;
  }
  return undefined;
}

/** Topics below `/sys/{pk}/{dn}/` on which only the platform publishes. */
const DOWN_ONLY = [
  "thing/event/+/post_reply",
  "thing/event/property/+/post_reply",
  "thing/service/property/set",
  "thing/service/property/get",
  "thing/property/desired/get_reply",
  "thing/property/desired/delete_reply",
  "thing/ota/firmware/get_reply",
  "thing/model/down_raw",
  "thing/config/push",
  "thing/config/get_reply",
  "rrpc/request/+",
];

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
    return !DOWN_ONLY.some((filter) => matches(filter, rest)) && !isServiceRequest(rest);
  }
  if (topic.startsWith("/ota/device/")) {
    return ["inform", "progress", "request"].some((kind) => topic === `/ota/device/${kind}/${own}`);
  }
  if (topic.startsWith("/ext/")) {
    return (
      topic === `/ext/ntp/${own}/request` ||
      topic.startsWith("/ext/rrpc/") ||
      topic.startsWith(`/ext/session/${own}/`)
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
  if (filter.startsWith("/ext/rrpc/")) return true;
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
  return matches("thing/service/+", rest) && !rest.endsWith("_reply");
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
