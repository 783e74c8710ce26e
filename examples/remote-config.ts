/**
 * Takes its period from the product's configuration: the one that was in force last, until the
 * platform has another.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { RemoteConfig } from "../src/ali/services/remote-config.ts";
import type { Settings } from "../src/store/settings.ts";

let period = 60;

function apply(config: any): boolean {
  if (!(config.period >= 1)) return false;
  period = config.period;
  print("period", period);
  return true;
}

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const remote = new RemoteConfig(server, apply);
  const last = remote.kept();
  if (last) apply(last.config);
  server.connect();
  return { server: server };
}
