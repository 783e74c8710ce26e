/**
 * A device that knows its product's secret only: with `productSecret` and an empty `deviceSecret` in
 * the settings it registers at its first start, and keeps what it is given.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import "../src/ali/services/registration.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  server.onStatus((online) => {
    if (online) server.propertiesReport({ energy: 61 });
  });
  server.connect().then((code) => {
    // 0: registered and online. 4, 5, or 6288 and others over HTTPS: the log says what to do.
    if (code) print("not online yet: " + code);
  });
  return { server: server };
}
