/**
 * What the platform complains of, for programs that put it into words of their own: the OpenAPI's codes
 * stand for several things each.
 * @module
 */

/** Kinds of problems, each with what its words need. */
export interface Problems {
  /** Of devices and products. */
  noDevice: { deviceName: string };
  noProduct: { productKey: string };
  offline: { deviceName: string };
  queueFull: { deviceName: string };
  noAnswer: { ms: number };
  stopped: object;
  /** Of what is asked of a device. */
  noProperty: object;
  notInModel: { name: string };
  readOnly: { name: string };
  noService: { name: string };
  /** A value that does not fit; `path` is its place, such as `"GeoLocation.Longitude"`. */
  value: { path: string; problem: ValueProblem };
  notAlink: object;
  rrpcTime: { least: number; most: number };
  topicSlash: { topic: string };
  noCustomRrpc: { deviceName: string };
  /** Of packages. */
  noPackage: { id: string };
  version: { version: string };
  module: { module: string };
  packageName: { name: string };
  samePackage: { name: string };
  tooManyPackages: { most: number };
  mqttPackage: { most: number };
  notVerified: { id: string };
  /** Of jobs. */
  noJob: { id: string };
  noTask: { id: string };
  /** Of requests to the console. */
  secretsKept: object;
  noSuchThing: object;
  noDevices: object;
  noBoardFile: { interpreter: string };
}

export type Problem = { [K in keyof Problems]: { kind: K } & Problems[K] }[keyof Problems];

/** What can be wrong with a value. */
export interface ValueProblems {
  type: { expected: "int" | "float" | "double" | "bool" | "string" | "date" | "struct" | "array" };
  less: { min: string };
  above: { max: string };
  enum: { allowed: string };
  length: { most: number };
  size: { most: number };
  unknown: object;
  /** Within a struct or an array. */
  within: { at: string; problem: ValueProblem };
}

export type ValueProblem = {
  [K in keyof ValueProblems]: { kind: K } & ValueProblems[K];
}[keyof ValueProblems];
