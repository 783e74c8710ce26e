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
  propertyPost: string;
  propertySet: string;
  propertySetReply: string;
  rrpcRequest: string;
  rrpcResponse: string;
  otaInform: string;
  otaUpgrade: string;
  otaProgress: string;
  otaGet: string;
  otaGetReply: string;
  /** The platform's clock ("NTP service"). */
  ntpRequest: string;
  ntpResponse: string;
}

export function topicsOf(config: AliConfig): Topics {
  const device = config.productKey + "/" + config.deviceName;
  const sys = "/sys/" + device + "/";
  const service = sys + "thing/service/";
  const ntp = "/ext/ntp/" + device;
  const otaGet = sys + "thing/ota/firmware/get";
  return {
    productKey: config.productKey,
    deviceName: config.deviceName,
    sys: sys,
    service: service,
    propertyPost: eventPost(sys, "property"),
    propertySet: service + "property/set",
    propertySetReply: service + "property/set_reply",
    rrpcRequest: sys + "rrpc/request/",
    rrpcResponse: sys + "rrpc/response/",
    otaInform: "/ota/device/inform/" + device,
    otaUpgrade: "/ota/device/upgrade/" + device,
    otaProgress: "/ota/device/progress/" + device,
    otaGet: otaGet,
    otaGetReply: otaGet + "_reply",
    ntpRequest: ntp + "/request",
    ntpResponse: ntp + "/response",
  };
}

/** Where an event is posted; `property` posts properties. The reply comes on `…_reply`. */
export function eventPost(sys: string, event: string): string {
  return sys + "thing/event/" + event + "/post";
}

/** The last level of a topic. */
export function lastLevel(topic: string): string {
  return topic.substr(topic.lastIndexOf("/") + 1);
}
