/**
 * What the compiler says to a device with a thing model: nothing, but on the lines behind a comment
 * `expected:`, which holds a part of the message.
 * @module
 */
import type { AliIot } from "../../../src/ali/aliiot.ts";
import { DesiredProperties } from "../../../src/ali/services/desired-properties.ts";
import { History } from "../../../src/ali/services/history.ts";
import { ThingHandlers } from "../../../src/ali/services/thing-handlers.ts";
import type { PropertySet, ServiceCall, ServiceInput } from "../../../src/ali/thing-model.ts";
import { AliIotOTA } from "../../../src/ota/aliiotota.ts";
import type { Model as EmptyModel } from "./empty-model.ts";
import type { Model } from "./meter-model.ts";

declare const server: AliIot<Model>;

// What the thing model has.
server.propertiesReport({ flow: 0.5, valve: 1, mode: -1, read_at: "" + Date.now() });
server.propertiesReport({ flow: { value: 0.5, time: Date.now() }, "2nd_label": "left" });
server.propertiesReport({ readings: [1, 2.5], schedule: [{ from: "0", valve: 0 }] });
server.propertiesReport({ place: { floor: 2, room: "kitchen" }, "battery:level": 80 });
server.addEvent("leak");
server.addEvent("battery:low");
server.eventReport("leak", { litres: 12, since: "1718000000000" });
server.eventReport("tampered", {});
server.addService("calibrate");
server.serviceResponse("calibrate", 200, { factor: 1.01, stored: 1 }, "1", "success");
server.serviceResponse("calibrate", 100001, { factor: 1.01 }, "1", "not stored");
server.serviceResponse("reset", 200, {}, "1", "success");
new AliIotOTA("project", "firmware").setServer(server);
const withoutModel: AliIot = server;
withoutModel.disconnect();

// Names.
// expected: 'flwo' does not exist
server.propertiesReport({ flwo: 0.5 });
// expected: '"leek"' is not assignable
server.addEvent("leek");
// expected: '"leek"' is not assignable
server.eventReport("leek", {});
// expected: '"low"' is not assignable
server.addEvent("low");
// expected: '"calibrated"' is not assignable
server.addService("calibrated");
// expected: '"post"' is not assignable
server.addEvent("post");

// Types and values.
// expected: 'string' is not assignable to type 'number
server.propertiesReport({ flow: "0.5" });
// expected: 'true' is not assignable to type '0 | 1
server.propertiesReport({ valve: true });
// expected: '1' is not assignable to type '-1 | 0 | 2
server.propertiesReport({ mode: 1 });
// expected: 'number' is not assignable to type 'string
server.propertiesReport({ read_at: 1718000000000 });
// expected: 'string' is not assignable to type 'number'
server.propertiesReport({ readings: [1, "2"] });
// expected: 'string' is not assignable to type 'number'
server.propertiesReport({ flow: { value: 0.5, time: "1718000000000" } });

// Members of structs, in lists, too.
// expected: 'room' is missing
server.propertiesReport({ place: { floor: 2 } });
// expected: 'flat' does not exist
server.propertiesReport({ place: { floor: 2, room: "kitchen", flat: 1 } });
// expected: 'valve' is missing
server.propertiesReport({ schedule: [{ from: "0" }] });

// Outputs of events.
// expected: 'since' is missing
server.eventReport("leak", { litres: 12 });
// expected: 'number' is not assignable to type 'string'
server.eventReport("leak", { litres: 12, since: 0 });
// expected: 'number' is not assignable to type 'never'
server.eventReport("tampered", { by: 1 });

// Answers to services.
// expected: 'stored' is missing
server.serviceResponse("calibrate", 200, { factor: 1.01 }, "1", "success");
// expected: '2' is not assignable to type '0 | 1
server.serviceResponse("calibrate", 200, { factor: 1.01, stored: 2 }, "1", "success");
// expected: 'factory' does not exist
server.serviceResponse("calibrate", 100001, { factory: 1 }, "1", "not stored");
// expected: 'number' is not assignable to type 'never'
server.serviceResponse("reset", 200, { done: 1 }, "1", "success");

// Reading and writing: what is set is writable, and optional.
export function applySettings(message: PropertySet<Model>): void {
  const wanted = message.params;
  if (wanted.valve !== undefined) server.propertiesReport({ valve: wanted.valve });
  if (wanted["battery:saving"] === 1) server.propertySetReply(message.id, 200, "success");
  // expected: 'flow' does not exist
  wanted.flow;
  // expected: 'battery:level' does not exist
  wanted["battery:level"];
  // expected: 'undefined' is not assignable
  server.propertiesReport({ mode: wanted.mode });
}

// Inputs of services.
export function calibrate(message: ServiceCall<Model, "calibrate">): number {
  // expected: 'liters' does not exist
  message.params.liters;
  return message.params.litres;
}

export const input: ServiceInput<Model, "calibrate"> = {
  // expected: 'string' is not assignable to type 'number'
  litres: "12",
};

// All told apart, what is left takes no output.
export function answer(name: "calibrate" | "reset", id: string): void {
  if (name === "calibrate") {
    server.serviceResponse(name, 200, { factor: 1, stored: 0 }, id, "success");
  } else if (name === "reset") {
    server.serviceResponse(name, 200, {}, id, "success");
  } else {
    server.serviceResponse(name, 400, {}, id, "unknown service");
  }
}

// Handlers: names, inputs and outputs.
const handlers = new ThingHandlers(server);
handlers.onPropertySet("valve", (valve) => print(valve + 1));
handlers.onPropertySet("battery:saving", () => Promise.resolve());
handlers.onPropertySet("mode", (mode) => Promise.resolve(mode));
handlers.onService("calibrate", (call) => ({ factor: call.litres, stored: 1 }));
handlers.onService("battery:replaced", () => Promise.resolve({}));
// expected: '"flow"' is not assignable
handlers.onPropertySet("flow", () => {});
// expected: '"open"' is not assignable to type 'void | 0 | 1
handlers.onPropertySet("valve", () => "open");
// expected: '"calibrated"' is not assignable
handlers.onService("calibrated", () => ({}));
// expected: 'liters' does not exist
handlers.onService("calibrate", (call) => ({ factor: call.liters, stored: 1 }));
// expected: 'stored' is missing
handlers.onService("calibrate", () => ({ factor: 1 }));

// Several points, and wishes.
const history = new History(server);
history.batchPost({ properties: { "battery:level": [{ value: 80, time: 1 }] } });
history.historyPost({ events: { leak: [{ value: { litres: 1, since: "0" }, time: 1 }] } });
// expected: 'string' is not assignable to type 'number'
history.batchPost({ properties: { flow: [{ value: "1", time: 1 }] } });
// expected: 'leek' does not exist
history.historyPost({ events: { leek: [] } });
const desired = new DesiredProperties(server);
desired.get(["valve"]).then((wishes) => wishes?.valve && wishes.valve.version + 1);
desired.remove({ valve: 1, mode: undefined });
// expected: '"flow"' is not assignable
desired.get(["flow"]);
// expected: 'flow' does not exist
desired.remove({ flow: 1 });

// A product that has nothing takes nothing.
declare const empty: AliIot<EmptyModel>;
empty.propertiesReport({});
// expected: 'number' is not assignable to type 'Timed<never>'
empty.propertiesReport({ flow: 1 });
// expected: is not assignable to parameter of type 'never'
empty.addEvent("leak");
// expected: is not assignable to parameter of type 'never'
empty.addService("calibrate");
