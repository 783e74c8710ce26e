/**
 * A device without a thing model takes any names and values, as the manual's examples have them.
 * @module
 */
import { AliIot } from "../../../src/ali/aliiot.ts";
import type { AliConfig } from "../../../src/ali/config.ts";
import type { PropertySet, ServiceCall } from "../../../src/ali/thing-model.ts";

interface Reading {
  flow: number;
  at: { [place: string]: string };
}

export function use(config: AliConfig, name: string, code: number, reading: Reading): AliIot {
  const server = new AliIot(config);
  const data: { [identifier: string]: any } = { anything: [1, "two", { three: true }] };
  server.addEvent(name);
  server.addService(name);
  server.propertiesReport(data);
  server.propertiesReport({ flow: reading.flow, at: { value: 1, time: "2" } });
  server.eventReport(name, data);
  server.eventReport("leak", reading);
  server.serviceResponse(name, code, data, "1", "success");
  server.setCallback((_topic, message) => {
    const set: PropertySet = message;
    const call: ServiceCall = message;
    server.propertySetReply(set.id, set.params.anything ? 200 : 400, call.params.anything);
  });
  // expected: 'number' is not assignable to parameter of type 'string'
  server.addEvent(1);
  // expected: Expected 2 arguments, but got 1
  server.eventReport(name);
  return server;
}
