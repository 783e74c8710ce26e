/**
 * The least application: a device that is logged on. Without `AliIotOTA` there are no updates.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  server.connect();
  return { server: server };
}
