/**
 * A gateway with the sensors that its settings name in the list `app.sensors`, secrets included.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { Gateway } from "../src/ali/services/gateway.ts";
import { SubDevice } from "../src/ali/services/sub-device.ts";
import type { Settings } from "../src/store/settings.ts";

function answer(sensor: SubDevice, topic: string, data: any): void {
  if (topic.endsWith("/property/set")) sensor.propertySetReply(data.id, 200, "success");
  if (topic.endsWith("/thing/service/measure")) {
    sensor.serviceResponse("measure", 200, { temperature: 91 }, data.id, "success");
    sensor.eventReport("too_hot", { temperature: 91 });
  }
  if (topic.startsWith("/ota/")) sensor.otaDeviceInform(data.data.version, data.data.module);
}

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const gateway = new Gateway(server);
  const configs: any[] = settings.app?.sensors || [];
  const sensors = configs.map((config) => new SubDevice(gateway, config));
  gateway.setCallback(answer);
  gateway.onStatus((sensor, online) => online && sensor.propertiesReport({ temperature: 20 }));
  const logIn = () => gateway.login(sensors);
  server.onStatus((online) => online && gateway.addTopology(sensors).then(logIn));
  server.connect();
  return { server: server, gateway: gateway };
}
