/**
 * Reports once a second whatever the network does: without a connection the reports are kept, and
 * posted with their times when it is back.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { OfflineQueue } from "../src/ali/services/offline-queue.ts";
import type { Model } from "../src/app/model.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot<Model>(settings);
  const queue = new OfflineQueue(server);
  let energy = 100;
  setInterval(() => {
    energy = energy > 0 ? energy - 1 : 100;
    queue.propertiesReport({ energy: energy });
    if (energy === 20) queue.eventReport("low_power_alarm", { power_level: energy });
  }, 1000);
  server.connect();
  return { server: server, queue: queue };
}
