/**
 * Talks to the platform on topics of the product's own, and hears broadcasts to all devices.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { CustomTopics } from "../src/ali/services/custom-topics.ts";
import type { Settings } from "../src/store/settings.ts";

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const topics = new CustomTopics(server);
  topics.subscribe("user/get", (data) => topics.publish("user/update", { got: data }));
  topics.subscribe("/broadcast/" + settings.productKey + "/+", (data, topic) => {
    topics.publish("user/update", { heard: data, on: topic });
  });
  // A class that the product does not have: 30. A topic that is not the device's: 18.
  topics.subscribe("user/none", print).then((code) => print("user/none: " + code));
  topics.subscribe("/sys/other", print).then((code) => print("/sys/other: " + code));
  server.onStatus((online) => {
    if (online) topics.publish("user/update", { hello: settings.deviceName });
  });
  server.connect();
  return { server: server };
}
