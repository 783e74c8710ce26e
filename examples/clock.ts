/**
 * Reports the battery with the time when it was measured, by the platform's clock.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import type { Settings } from "../src/store/settings.ts";
import { timeOfDay } from "../src/system/clock.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  server.onStatus((online) => {
    const time = timeOfDay();
    if (online && time) server.propertiesReport({ energy: { value: 87, time: time } });
  });
  server.connect();
  return { server: server };
}
