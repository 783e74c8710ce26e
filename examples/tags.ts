/**
 * Tags the device with where it stands, and says which tags the platform has.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { Tags } from "../src/ali/services/tags.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const tags = new Tags(server);
  server.onStatus((online) => {
    if (!online) return;
    tags.update({ site: "hall-3", floor: "2" });
    tags.remove(["floor"]);
    tags.get().then((reply) => print("tags", reply.code, JSON.stringify(reply.data)));
  });
  server.connect();
  return { server: server };
}
