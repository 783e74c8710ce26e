/**
 * How gateways name their sub-devices in requests, and how topics name them.
 * @module
 */
import { hmac } from "../../digest/hmac.ts";
import { toHex } from "../../text/hex.ts";
import type { Reply } from "../replies.ts";

/** A device's name on the platform. */
export interface DeviceName {
  productKey: string;
  deviceName: string;
}

/** What `register` gives. */
export interface RegisteredDevice extends DeviceName {
  deviceSecret: string;
}

/** How sub-devices sign, in the platform's spelling. */
export const METHOD = "hmacSha256";

/** Sends requests of so many each, one after the other: the last reply, or the first refusal. */
export function inTurn<T>(
  list: T[],
  most: number,
  send: (some: T[]) => Promise<Reply>,
): Promise<Reply> {
  let at = 0;
  if (list.length === 0) {
    return Promise.resolve({ id: "", code: 200, message: "nothing to do", data: [] });
  }
  return new Promise((resolve) => {
    const next = () => {
      const some = list.slice(at, at + most);
      at += most;
      send(some).then((reply) => {
        if (reply.code !== 200 || at >= list.length) resolve(reply);
        else next();
      });
    };
    next();
  });
}

export function listOf<T>(one: T | T[]): T[] {
  return Array.isArray(one) ? one : [one];
}

export function nameOf(name: DeviceName): DeviceName {
  return { productKey: name.productKey, deviceName: name.deviceName };
}

export function nameIn(name: DeviceName): string {
  return name.productKey + "/" + name.deviceName;
}

/** Signed for the form's sake: the platform does not compare it with its clock. */
const TIMESTAMP = "2524608000000";

/**
 * A device with its own signature, the name of whose method is spelled `method`. `_ss=1`: the platform
 * subscribes for it.
 */
export function signed(
  name: DeviceName,
  method: string,
  sign: (id: string, content: string) => string,
): any {
  const productKey = name.productKey;
  const deviceName = name.deviceName;
  const clientId = productKey + "." + deviceName + "|_ss=1|";
  const content = "clientId" + clientId + "deviceName" + deviceName + "productKey" + productKey;
  const entry: any = {
    productKey: productKey,
    deviceName: deviceName,
    clientId: clientId,
    timestamp: TIMESTAMP,
    sign: sign(nameIn(name), content + "timestamp" + TIMESTAMP),
  };
  entry[method] = METHOD;
  return entry;
}

/** A sub-device with a signature of its product's secret. */
export function proven(name: DeviceName, productSecret: string): object {
  const random = "" + Math.floor(Math.random() * 0x7fffffff);
  const content =
    "deviceName" + name.deviceName + "productKey" + name.productKey + "random" + random;
  return {
    productKey: name.productKey,
    deviceName: name.deviceName,
    random: random,
    sign: toHex(hmac("hmacsha256", productSecret, content)),
    signMethod: METHOD,
  };
}

/** `{productKey}/{deviceName}` of the device that a topic of the platform names. */
export function ownerOf(topic: string): string {
  let start = 1;
  if (topic.startsWith("/sys/")) start = 5;
  else if (topic.startsWith("/ota/device/upgrade/")) start = 20;
  else if (topic.startsWith("/shadow/get/")) start = 12;
  const end = topic.indexOf("/", topic.indexOf("/", start) + 1);
  return end < 0 ? topic.substr(start) : topic.substring(start, end);
}
