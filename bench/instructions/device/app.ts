/**
 * The firmware as the bench runs it: an application that does what it is ordered to do, and nothing
 * around that. With `settings.app.start` it reports once, and ends.
 * @module
 */
import { AliIot } from "../../../src/ali/aliiot.ts";
import type { Callback } from "../../../src/ali/port.ts";
import type { Model } from "../../../src/app/model.ts";
import type { Settings } from "../../../src/store/settings.ts";
import { mark, obey, repeat, tally, timeListeners } from "./orders.ts";

let server: AliIot<Model>;

const report = () => server.propertiesReport({ energy: 50, power_switch: 1 });
const reportEvent = () => server.eventReport("low_power_alarm", { power_level: 20 });

const answerService: Callback = (_topic, data) => {
  server
    .serviceResponse("query_phone_num", 200, { phone_num: "123456789" }, data.id, "success")
    .then(tally);
};
const answerSet: Callback = (_topic, data) => {
  server.propertySetReply(data.id, 200, "success").then(tally);
};
const answerRrpc: Callback = (topic) => {
  server.rrpcResponse(topic.substr(topic.lastIndexOf("/") + 1), { answer: 1 }).then(tally);
};
const take: Callback = (_topic, data) => tally(data.id === "1");

const hear = (callback: Callback) => () => server.setCallback(callback);

const orders = {
  report: () => repeat(report),
  event: () => repeat(reportEvent),
  service: hear(answerService),
  set: hear(answerSet),
  rrpc: hear(answerRrpc),
  receive: hear(take),
};

function onLogOn(app: any): void {
  if (app.control) {
    obey(app.control, orders);
    return;
  }
  report().then((success) => {
    if (success) mark();
    global.quit();
  });
}

export function startApp(settings: Settings) {
  server = new AliIot(settings);
  if (settings.app && settings.app.timed) {
    const logOn = server.port.logOn;
    const dial = logOn.dial;
    logOn.dial = () => timeListeners(dial());
  }
  server.addEvent("low_power_alarm");
  server.addService("query_phone_num");
  server.connect().then(() => onLogOn(settings.app));
  return { server: server };
}
