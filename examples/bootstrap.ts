/**
 * Asks the platform which instance the device belongs to, logs on there, and moves when it is sent
 * elsewhere; the setting `server` counts where nobody answers.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { Bootstrap } from "../src/ali/services/bootstrap.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const bootstrap = new Bootstrap(server, settings.authServer);
  bootstrap.connect().then((code) => print("log-on: " + code));
  return { server: server };
}
