/**
 * Ali's topics of one device (thing model, RRPC and OTA; "Device properties, events and services",
 * "OTA updates").
 * @module
 */
import type { AliConfig } from "./config.ts";

export interface Topics {
  productKey: string;
  deviceName: string;
  /** `/sys/{productKey}/{deviceName}/` */
  sys: string;
  /** `/sys/{productKey}/{deviceName}/thing/service/` */
  service: string;
  propertySet: string;
  propertySetReply: string;
  rrpcRequest: string;
  rrpcResponse: string;
  otaUpgrade: string;
  otaProgress: string;
  otaGetReply: string;
}

export function topicsOf(config: AliConfig): Topics {
  const device = config.productKey + "/" + config.deviceName;
  const sys = "/sys/" + device + "/";
  const service = sys + "thing/service/";
  return {
    productKey: config.productKey,
    deviceName: config.deviceName,
    sys: sys,
    service: service,
    propertySet: service + "property/set",
    propertySetReply: service + "property/set_reply",
    rrpcRequest: sys + "rrpc/request/",
    rrpcResponse: sys + "rrpc/response/",
    otaUpgrade: otaTopic(sys, "upgrade"),
    otaProgress: otaTopic(sys, "progress"),
    otaGetReply: sys + "thing/ota/firmware/get_reply",
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
