/**
 * Reports every hour how well the device is connected, and at each log-on what it has measured itself.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { NetworkStatus } from "../src/ali/services/network-status.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const network = new NetworkStatus(server, 3600);
  server.onStatus((online) => {
    if (online) network.post({ snr: 30, per: 0 });
  });
  server.connect();
  return { server: server };
}
