/**
 * Values that the platform wishes properties to have, kept there while the device is away
 * (`thing/property/desired/get` and `delete`).
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import type { AliIot } from "../aliiot.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import type { AnyModel, ThingModel, WritableName } from "../thing-model.ts";
import type { Setting } from "./setting.ts";
import type { ThingHandlers } from "./thing-handlers.ts";

const PATH = "thing/property/desired/";

/** Wishes by property; those without one are missing. */
export type Desired<Model extends ThingModel = AnyModel> = {
  [Name in WritableName<Model>]?: {
    value: Model["properties"][Name];
    /** Grows by 1 with each wish. */
    version: number;
  };
};

/**
 * The device's desired values.
 * @public
 */
export class DesiredProperties<Model extends ThingModel = AnyModel> implements Service {
  private readonly port: Port;
  private handlers: ThingHandlers<Model> | undefined;

  constructor(private readonly server: AliIot<Model>) {
    this.port = server.port;
    this.port.attach(this);
    this.port.subscribe(this.port.topics.sys + PATH + "get_reply");
    this.port.subscribe(this.port.topics.sys + PATH + "delete_reply");
  }

  /** The wishes for some properties; undefined when the platform refused or did not answer. */
  get(names: WritableName<Model>[]): Promise<Desired<Model> | undefined> {
    return this.port
      .call(PATH + "get", names)
      .then((reply) => (reply.code === 200 ? reply.data : undefined));
  }

  /**
   * Withdraws wishes: of each property the one with this version, or with `undefined` whichever there
   * is. True on the platform's code 200, also when a wish had another version and stays.
   */
  remove(versions: { [Name in WritableName<Model>]?: number | undefined }): Promise<boolean> {
    const params: any = {};
    for (const name in versions) {
      const version = (versions as any)[name];
      params[name] = version === undefined ? {} : { version: version };
    }
    return this.port.call(PATH + "delete", params).then((reply) => reply.code === 200);
  }

  /**
   * From now on, at each log-on, has the handlers of property sets carry out the wishes for their
   * properties, reports the values, and withdraws what was carried out. What a handler refuses stays.
   */
  applyTo(handlers: ThingHandlers<Model>): void {
    this.handlers = handlers;
    if (this.server.status) this.online();
  }

  accept(): boolean {
    return false;
  }

  online(): void {
    const handlers = this.handlers;
    if (!handlers) return;
    const names = handlers.settable() as WritableName<Model>[];
    if (names.length === 0) return;
    this.get(names).then((desired) => {
      if (desired) this.carryOut(handlers, desired);
    });
  }

  private carryOut(handlers: ThingHandlers<Model>, desired: any): void {
    const values: any = {};
    for (const name of handlers.settable()) {
      const wish = desired[name];
      if (wish && wish.value !== undefined) values[name] = wish.value;
    }
    handlers.apply(values, (setting) => this.settle(setting, desired));
  }

  private settle(setting: Setting, desired: any): void {
    if (setting.code !== 200) logWarn("ali", "desired value not taken: " + setting.text);
    if (!setting.hasAccepted) return;
    const versions: any = {};
    for (const name in setting.accepted) versions[name] = desired[name].version;
    this.server.propertiesReport(setting.accepted as any).then((taken) => {
      if (taken) this.remove(versions);
    });
  }
}
