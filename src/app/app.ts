/**
 * The sample application: the manual's usage example, as a user writes it. Replace it by yours.
 * @module
 */
import { AliIot } from "../ali/aliiot.ts";
import type { PropertySet, ServiceCall, ServiceName } from "../ali/thing-model.ts";
import { AliIotOTA } from "../ota/aliiotota.ts";
import type { Settings } from "../store/settings.ts";
import { restart } from "../system/restart.ts";
import type { Model } from "./model.ts";
import { PROJECT_NAME } from "./project.ts";

/** The modem's own firmware, on boards that have one. */
const FIRMWARE_NAME = "EC600N-CNLC";

/** What a real device would read from its sensors. */
const tracker: Model["properties"] = {
  phone_num: "123456789",
  energy: 100,
  power_switch: 1,
  GeoLocation: { Longitude: 100.26, Latitude: 26.86, Altitude: 0.0, CoordinateSystem: 1 },
};

let server: AliIot<Model>;
let serverOta: AliIotOTA;
let reported = false;

function answerService(service: ServiceName<Model>, message: ServiceCall<Model>): void {
  if (service === "query_phone_num") {
    server.serviceResponse(service, 200, { phone_num: tracker.phone_num }, message.id, "success");
  } else if (service === "query_power_level") {
    server.serviceResponse(service, 200, { power_level: tracker.energy }, message.id, "success");
  } else {
    server.serviceResponse(service, 400, {}, message.id, "unknown service");
  }
}

function setProperties(message: PropertySet<Model>): void {
  const wanted = message.params;
  if (wanted.power_switch !== undefined) tracker.power_switch = wanted.power_switch;
  if (wanted.phone_num !== undefined) tracker.phone_num = wanted.phone_num;
  server.propertySetReply(message.id, 200, "success");
  // The platform shows the new value when the device reports it.
  server.propertiesReport({ power_switch: tracker.power_switch, phone_num: tracker.phone_num });
}

/** The manual's order of tests would take a property set for a service: the narrower comes first. */
function onMessage(topic: string, data: any): void {
  const last = topic.substr(topic.lastIndexOf("/") + 1);
  if (topic.endsWith("/thing/service/property/set")) {
    setProperties(data);
  } else if (topic.lastIndexOf("/thing/service/") > 0) {
    answerService(last as ServiceName<Model>, data);
  } else if (topic.lastIndexOf("/rrpc/request/") > 0) {
    server.rrpcResponse(last, { phone_num: tracker.phone_num });
  } else if (topic.startsWith("/ota/device/upgrade/") || topic.endsWith("/firmware/get_reply")) {
    installPackage(data);
  }
}

/** Progress and failures are reported on the way; success is the version after the restart. */
function installPackage(data: any): void {
  serverOta.setOtaData(data);
  // No closure, which would keep the message in memory as long as the download takes.
  serverOta.start().then(restartWhenStaged);
}

function restartWhenStaged(staged: boolean): void {
  if (staged) server.disconnect().then(restart);
}

/** At the first log-on, whichever attempt brings it. */
function report(online: boolean): void {
  if (!online || reported) return;
  reported = true;
  server
    .propertiesReport(tracker)
    .then(() => server.eventReport("low_power_alarm", { power_level: 20 }))
    .then(() => server.otaDeviceInform(serverOta.version, PROJECT_NAME))
    .then(() => server.otaFirmwareGet(PROJECT_NAME));
}

/** Starts the application; gives its objects to the REPL's `ali`. */
export function startApp(settings: Settings): { server: AliIot<Model>; ota: AliIotOTA } {
  server = new AliIot(settings);
  serverOta = new AliIotOTA(PROJECT_NAME, FIRMWARE_NAME);
  serverOta.setServer(server);
  server.setCallback(onMessage);

  server.addEvent("sos_alarm");
  server.addEvent("low_power_alarm");

  server.addService("query_phone_num");
  server.addService("query_power_level");

  server.onStatus(report);
  server.connect();
  return { server: server, ota: serverOta };
}
