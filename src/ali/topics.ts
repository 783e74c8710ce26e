/**
 * Ali's topics of one device (thing model, RRPC and OTA; "Device properties, events and services",
 * "OTA updates").
 * @module
 */
import type { AliConfig } from "./config.ts";

/** Levels below `/sys/{productKey}/{deviceName}/`. */
export const SERVICE = "thing/service/";
export const PROPERTY_SET = "thing/service/property/set";
export const RRPC_REQUEST = "rrpc/request/";
export const RRPC_RESPONSE = "rrpc/response/";
export const OTA_GET_REPLY = "thing/ota/firmware/get_reply";

/** What all topics are made of; they are put together where they are needed, for memory's sake. */
export interface Topics {
  productKey: string;
  deviceName: string;
  /** `/sys/{productKey}/{deviceName}/` */
  sys: string;
}

export function topicsOf(config: AliConfig): Topics {
  return {
    productKey: config.productKey,
    deviceName: config.deviceName,
    sys: "/sys/" + config.productKey + "/" + config.deviceName + "/",
  };
}

/** `/ota/device/{kind}/{productKey}/{deviceName}` of the device with this `sys`. */
export function otaTopic(sys: string, kind: string): string {
  return "/ota/device/" + kind + sys.substr(4, sys.length - 5);
}

/** The last level of a topic. */
export function lastLevel(topic: string): string {
  return topic.substr(topic.lastIndexOf("/") + 1);
}
