/**
 * Answers the platform's calls on a topic of the product's own, within the seconds that it waits.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { CustomRrpc } from "../src/ali/services/custom-rrpc.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const rrpc = new CustomRrpc(server);
  rrpc.listen("user/get", (request, id) => {
    rrpc.respond(id, { asked: request, energy: 73 });
  });
  // Synchronous services come as before.
  server.addService("query_power_level");
  server.setCallback((topic, call) => {
    if (topic.endsWith("/query_power_level")) {
      server.serviceResponse("query_power_level", 200, { power_level: 73 }, call.id, "success");
    }
  });
  server.connect();
  return { server: server };
}
