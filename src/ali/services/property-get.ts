/**
 * Answers the platform's question for the present values of properties, the older way
 * (`thing/service/property/get`): from what the application reported last, or from a function.
 * @module
 */

import { textOf } from "../../link/connection.ts";
import type { AliIot } from "../aliiot.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import type { AnyModel, PropertyReport, ThingModel } from "../thing-model.ts";
import { SERVICE } from "../topics.ts";
import { isPromise } from "./setting.ts";

const PARAMETER = 460;

/**
 * The values that the platform may ask for.
 * @public
 */
export class PropertyGet<Model extends ThingModel = AnyModel> implements Service {
  private readonly port: Port;
  private readonly topic: string;
  // Names have a prefix, for an empty object knows some already.
  private readonly values: { [name: string]: any } = {};
  private readonly readers: { [name: string]: () => any } = {};

  constructor(private readonly server: AliIot<Model>) {
    this.port = server.port;
    this.topic = this.port.topics.sys + SERVICE + "property/get";
    this.port.attach(this);
    this.port.subscribe(this.topic);
  }

  /** As `AliIot.propertiesReport`, and keeps the values for the platform's question. */
  propertiesReport(data: PropertyReport<Model>): Promise<boolean> {
    const given: any = data;
    for (const name in given) {
      const value = given[name];
      const isTimed = value && typeof value === "object" && value.time && "value" in value;
      this.values["_" + name] = isTimed ? value.value : value;
    }
    return this.server.propertiesReport(data);
  }

  /** Has a function give a property's value when it is asked for. */
  onGet<Name extends Extract<keyof Model["properties"], string>>(
    name: Name,
    reader: () => Model["properties"][Name],
  ): void {
    this.readers["_" + name] = reader;
  }

  accept(topic: string, payload: string): boolean {
    if (topic !== this.topic) return false;
    const request = decode(payload);
    const names = request && request.params;
    const data: any = {};
    let code = 200;
    let text = "success";
    let count = 0;
    try {
      for (const name of Array.isArray(names) ? names : []) {
        const reader = this.readers["_" + name];
        const value = reader ? reader() : this.values["_" + name];
        if (isPromise(value)) throw new Error(name + ": a value is expected, not a promise");
        if (value === undefined) continue;
        data[name] = value;
        count++;
      }
      if (!count) {
        code = PARAMETER;
        text =
          "no value for " +
          (Array.isArray(names) ? names.join(", ") : "params: a list of names expected");
      }
    } catch (error) {
      code = 400;
      text = textOf(error);
    }
    const id = request && request.id;
    this.port.exchange.answer(topic + "_reply", id, code, code === 200 ? data : {}, text);
    return true;
  }
}
