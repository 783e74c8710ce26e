/**
 * A lamp whose colour is set through its shadow, also while it is away.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { Shadow } from "../src/ali/services/shadow.ts";
import type { Settings } from "../src/store/settings.ts";

const lamp = { color: "white", on: 1 };

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const shadow = new Shadow(server);
  shadow.onDesired((desired) => {
    if (desired.color) lamp.color = desired.color;
    shadow.clearDesired(lamp).then((reply) => print("shadow", reply.code, lamp.color));
  });
  server.onStatus((online) => {
    if (online) shadow.update(lamp);
  });
  server.connect();
  return { server: server };
}
