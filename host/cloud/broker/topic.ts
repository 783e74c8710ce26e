/**
 * MQTT topics: filters, whose they are, and the classes of a product.
 * @module
 */
import type { DeviceId } from "../device-id.ts";

/** A custom topic class of a product: what follows `/{productKey}/{deviceName}/`, and its right. */
export interface TopicClass {
  /** Such as `"user/update"`; levels of letters, digits and underscores. */
  name: string;
  right: "PUB" | "SUB" | "ALL";
}

/** Names of custom classes. */
export const TOPIC_CLASS = /^user(\/[A-Za-z0-9_]+){1,6}$/;

/** The classes that every product has (help.aliyun.com/document_detail/73731.html). */
export const DEFAULT_CLASSES: readonly TopicClass[] = [
  { name: "user/update", right: "PUB" },
  { name: "user/update/error", right: "PUB" },
  { name: "user/get", right: "SUB" },
];

/** Whether an MQTT filter covers a topic. */
export function matches(filter: string, topic: string): boolean {
  return covers(filter.split("/"), topic.split("/"));
}

/** The same of levels. */
export function covers(wanted: readonly string[], levels: readonly string[]): boolean {
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

/** Where topics and filters name their device, by kind of topic. */
const OWNERS = [
  /^\/(?:sys|ext\/(?:ntp|session|error))\/([^/]+)\/([^/]+)/,
  /^\/(?:ota\/device|shadow)\/[^/]+\/([^/]+)\/([^/]+)$/,
  /^\/ext\/rrpc\/[^/]+\/{1,2}(?:sys\/)?([^/]+)\/([^/]+)\//,
  /^\/([^/]+)\/([^/]+)\//,
];

/** The device that a topic or filter names, if any. */
export function ownerOf(topic: string): DeviceId | undefined {
  for (const pattern of OWNERS) {
    const [, productKey, deviceName] = pattern.exec(topic) ?? [];
    if (productKey && deviceName) return { productKey, deviceName };
  }
  return undefined;
}
