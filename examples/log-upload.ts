/**
 * Sends warnings and errors of the log to the platform while it wants them.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { LogUpload } from "../src/ali/services/log-upload.ts";
import { logWarn } from "../src/debug/log.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  new LogUpload(server, "warn");
  logWarn("pump", "runs dry");
  server.connect();
  return { server: server };
}
