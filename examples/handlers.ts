/**
 * Answers property sets, services and RRPCs with functions: what one returns is the reply.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { ThingHandlers } from "../src/ali/services/thing-handlers.ts";
import type { Model } from "../src/app/model.ts";
import type { Settings } from "../src/store/settings.ts";

let phoneNumber = "";

export function startApp(settings: Settings) {
  const server = new AliIot<Model>(settings);
  const handlers = new ThingHandlers(server);
  handlers.onPropertySet("power_switch", (on) => print("power " + (on ? "on" : "off")));
  handlers.onPropertySet("phone_num", (number) => {
    if (number.length < 3) throw new Error("a number has 3 digits at least");
    phoneNumber = number;
  });
  handlers.onService("query_power_level", () => ({ power_level: 87 }));
  // What takes its time is a promise.
  handlers.onService("query_phone_num", () => {
    return new Promise((resolve) => setTimeout(() => resolve({ phone_num: phoneNumber }), 500));
  });
  handlers.onRrpc((request) => ({ echo: request }));
  server.connect();
  return { server: server };
}
