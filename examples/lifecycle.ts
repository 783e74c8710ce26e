/**
 * Switches a lamp off while the platform has disabled the device.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { Lifecycle } from "../src/ali/services/lifecycle.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  new Lifecycle(server, (notice) => {
    print(notice === "enable" ? "lamp on" : "lamp off");
  });
  server.connect();
  return { server: server };
}
