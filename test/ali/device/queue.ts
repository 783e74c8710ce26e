/**
 * An application that reports a number a second through the queue and prints what came of it. The
 * setting `app` holds the queue's options and `every`, ms between reports.
 * @module
 */
import { AliIot } from "../../../src/ali/aliiot.ts";
import { OfflineQueue } from "../../../src/ali/services/offline-queue.ts";
import type { Settings } from "../../../src/store/settings.ts";

let n = 0;

export function startApp(settings: Settings) {
  const options: any = settings.app;
  const server = new AliIot(settings);
  const queue = new OfflineQueue(server, options);
  const told = (taken: boolean) => print("KEPT " + n + " " + taken);
  // Where the numbers begin after a restart.
  const first = require("Storage").read("first");
  if (first !== undefined) n = parseInt(first, 10);
  setInterval(() => {
    if (options.most && n >= options.most) return;
    n++;
    queue.propertiesReport({ n: n }).then(told);
    if (n % 50 === 0) queue.eventReport("fifty", { n: n });
  }, options.every || 1000);
  setInterval(() => {
    print("STATS " + JSON.stringify([queue.waiting, queue.dropped, queue.posted, queue.refused]));
    print("VARS " + process.memory().usage);
  }, options.stats || 60000);
  server.setCallback((topic, data) => {
    const id = topic.substr(topic.lastIndexOf("/") + 1);
    if (topic.lastIndexOf("/rrpc/request/") > 0) server.rrpcResponse(id, { echo: data });
  });
  server.connect();
  return { server: server };
}
