/**
 * Logs on with the X.509 certificate in Storage: `"x509": true` and `"tls": true` in the settings, no
 * secret.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import "../src/ali/services/certificate.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  server.onStatus((online) => {
    if (online) server.propertiesReport({ energy: 42 });
  });
  server.connect().then((code) => {
    if (code) print("not online yet: " + code);
  });
  return { server: server };
}
