/**
 * A gateway with the sensors that its settings name in the list `app.sensors`, secrets included.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { Gateway } from "../src/ali/services/gateway.ts";
import { SubDevice, type SubDeviceConfig } from "../src/ali/services/sub-device.ts";
import type { Settings } from "../src/store/settings.ts";

function answer(sensor: SubDevice, topic: string, data: any): void {
  if (topic.endsWith("/property/set")) sensor.propertySetReply(data.id, 200, "success");
  if (topic.endsWith("/thing/service/measure")) {
    sensor.serviceResponse("measure", 200, { temperature: 91 }, data.id, "success");
    sensor.eventReport("too_hot", { temperature: 91 });
  }
  // An update: here the gateway would pass the package on to the sensor.
  if (topic.startsWith("/ota/")) sensor.otaDeviceInform(data.data.version, data.data.module);
}

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const gateway = new Gateway(server);
  const configs: SubDeviceConfig[] = (settings.app && settings.app.sensors) || [];
  const sensors = configs.map((config) => new SubDevice(gateway, config));
  gateway.setCallback(answer);
  gateway.onStatus((sensor, online) => {
    if (online) sensor.propertiesReport({ temperature: 20 });
  });
  server.onStatus((online) => {
    if (online) gateway.addTopology(sensors).then(() => gateway.login(sensors));
  });
  server.connect();
  return { server: server, gateway: gateway };
}
