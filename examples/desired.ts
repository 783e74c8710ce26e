/**
 * Carries out, at each log-on, what the platform wished while the device was away.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { DesiredProperties } from "../src/ali/services/desired-properties.ts";
import { ThingHandlers } from "../src/ali/services/thing-handlers.ts";
import type { Model } from "../src/app/model.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot<Model>(settings);
  const handlers = new ThingHandlers(server);
  handlers.onPropertySet("power_switch", (on) => print("power " + (on ? "on" : "off")));
  handlers.onPropertySet("phone_num", (number) => {
    if (number.length > 11) throw new Error("11 digits at most");
  });
  new DesiredProperties(server).applyTo(handlers);
  server.connect();
  return { server: server };
}
