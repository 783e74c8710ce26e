/**
 * Answers the platform's question for present values.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { PropertyGet } from "../src/ali/services/property-get.ts";
import type { Model } from "../src/app/model.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot<Model>(settings);
  const values = new PropertyGet(server);
  values.onGet("energy", () => 87);
  server.connect().then(() => values.propertiesReport({ phone_num: "123" }));
  return { server: server };
}
