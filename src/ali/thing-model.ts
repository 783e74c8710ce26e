/**
 * The thing model as the compiler sees it: what `AliIot<Model>` checks, `Model` being the interface
 * that `npm run tsl` makes from the product's TSL. Types only.
 * @module
 */

/** What a product has. */
export interface ThingModel {
  /** Types of the properties, by identifier. */
  properties: object;
  /** Identifiers of the properties that the platform may set. */
  writable: string;
  /** Output parameters of the events, by identifier. */
  events: object;
  /** Input and output parameters of the services, by identifier. */
  services: object;
}

/** Any names and any values: an `AliIot` without a model. */
export interface AnyModel {
  properties: { [identifier: string]: any };
  writable: string;
  events: { [identifier: string]: any };
  services: { [identifier: string]: { input: any; output: any } };
}

/** Identifiers of a model's events. */
export type EventName<Model extends ThingModel> = Extract<keyof Model["events"], string>;

/** Identifiers of a model's services. */
export type ServiceName<Model extends ThingModel> = Extract<keyof Model["services"], string>;

/** Identifiers of the properties that the platform may set. */
export type WritableName<Model extends ThingModel> = Extract<
  Extract<Model["writable"], keyof Model["properties"]>,
  string
>;

/** A value with the time when it was taken, milliseconds since 1970. */
export interface Timed<Value> {
  value: Value;
  time: number;
}

/** What `propertiesReport` takes: some of the properties, each with or without a time. */
export type PropertyReport<Model extends ThingModel> = {
  [Name in keyof Model["properties"]]?:
    | Model["properties"][Name]
    | Timed<Model["properties"][Name]>;
};

/** What `eventReport` takes for an event. */
export type EventOutput<Model extends ThingModel, Name> = Name extends keyof Model["events"]
  ? Model["events"][Name]
  : never;

/** Input parameters of a service. */
export type ServiceInput<Model extends ThingModel, Name> = Name extends keyof Model["services"]
  ? Model["services"][Name] extends { input: infer Input }
    ? Input
    : never
  : never;

/**
 * What `serviceResponse` takes: with code 200 the whole output, with another as much as there is. An
 * empty object for a service that the model does not have (`never`, when all others are told apart).
 */
export type ServiceOutput<Model extends ThingModel, Name, Code extends number = 200> = [
  Name,
] extends [never]
  ? { [identifier: string]: never }
  : Name extends keyof Model["services"]
    ? Model["services"][Name] extends { output: infer Output }
      ? Code extends 200
        ? Output
        : Partial<Output>
      : never
    : never;

/** What the callback gets on `…/thing/service/property/set`: read-only properties are not among it. */
export interface PropertySet<Model extends ThingModel = AnyModel> {
  id: string;
  params: {
    [Name in Extract<Model["writable"], keyof Model["properties"]>]?: Model["properties"][Name];
  };
}

/** What the callback gets on `…/thing/service/NAME`. */
export interface ServiceCall<
  Model extends ThingModel = AnyModel,
  Name extends ServiceName<Model> = ServiceName<Model>,
> {
  id: string;
  params: ServiceInput<Model, Name>;
}
