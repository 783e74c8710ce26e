/**
 * A gateway with as many sensors as its settings say: adds them, logs them on, reports for each, and
 * says what they take.
 * @module
 */
import { AliIot } from "../../../src/ali/aliiot.ts";
import { Gateway } from "../../../src/ali/services/gateway.ts";
import { SubDevice } from "../../../src/ali/services/sub-device.ts";
import type { Settings } from "../../../src/store/settings.ts";

export function startApp(settings: Settings) {
  const count: number = settings.app ? settings.app.count : 0;
  const server = new AliIot(settings);
  const gateway = new Gateway(server);
  const sensors: SubDevice[] = [];
  for (let i = 0; i < count; i++) {
    const name = "sensor_" + (1000 + i);
    sensors.push(
      new SubDevice(gateway, {
        productKey: "a1AliotNode",
        deviceName: name,
        // As long as the platform's.
        deviceSecret: "0123456789abcdef01234" + name,
      }),
    );
  }
  let reported = 0;
  function report(): void {
    if (reported < sensors.length) {
      const sensor = sensors[reported++];
      sensor.propertiesReport({ temperature: reported }).then(report);
      return;
    }
    print("all reported, " + process.memory().usage + " JsVars");
  }
  server.onStatus((online) => {
    if (!online) return;
    gateway.addTopology(sensors).then((reply) => {
      print("added, code " + reply.code);
      gateway.login(sensors).then((all) => {
        print("logged on, " + all);
        report();
      });
    });
  });
  server.connect();
  return { server: server, gateway: gateway };
}
