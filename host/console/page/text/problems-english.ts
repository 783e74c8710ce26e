/**
 * What the platform complains of, in English.
 * @module
 */
import type { Problems, ValueProblem, ValueProblems } from "../../../cloud/problems.ts";

/** Words for each kind of a problem. */
export type ProblemWords<Kinds> = { [K in keyof Kinds]: (problem: Kinds[K]) => string };

const TYPES: Record<ValueProblems["type"]["expected"], string> = {
  int: "a whole number",
  float: "a number",
  double: "a number",
  bool: "0 or 1",
  string: "a text",
  date: "a time in milliseconds since 1970, as a text",
  struct: "an object",
  array: "a list",
};

export const valuesEnglish: ProblemWords<ValueProblems> = {
  type: ({ expected }) => `has to be ${TYPES[expected]}`,
  less: ({ min }) => `has to be at least ${min}`,
  above: ({ max }) => `has to be at most ${max}`,
  enum: ({ allowed }) => `has to be one of ${allowed}`,
  length: ({ most }) => `is longer than ${most} characters`,
  size: ({ most }) => `has more than ${most} elements`,
  unknown: () => "is not in the thing model",
  within: ({ at, problem }) => `${at}: ${valueEnglish(problem)}`,
};

function valueEnglish(problem: ValueProblem): string {
  return (valuesEnglish[problem.kind] as (problem: ValueProblem) => string)(problem);
}

export const problemsEnglish: ProblemWords<Problems> = {
  noDevice: ({ deviceName }) => `There is no device ${deviceName}.`,
  noProduct: ({ productKey }) => `There is no product ${productKey}.`,
  offline: ({ deviceName }) => `${deviceName} is offline.`,
  queueFull: ({ deviceName }) => `Too many messages wait for ${deviceName} already.`,
  noAnswer: ({ ms }) => `The device did not answer within ${ms / 1000} s.`,
  stopped: () => "The platform has stopped.",
  noProperty: () => "No property is given.",
  notInModel: ({ name }) => `${name} is not in the thing model.`,
  readOnly: ({ name }) => `${name} is read-only.`,
  noService: ({ name }) => `${name} is not a service of the thing model.`,
  value: ({ path, problem }) => `${path}: ${valueEnglish(problem)}.`,
  notAlink: () => "The device's answer is not an Alink reply.",
  rrpcTime: ({ least, most }) => `The time to wait has to be ${least / 1000} to ${most / 1000} s.`,
  topicSlash: ({ topic }) => `The topic "${topic}" has to begin with "/".`,
  noCustomRrpc: ({ deviceName }) =>
    `${deviceName} did not log on with ext=1, so it has no custom RRPC topics.`,
  noPackage: ({ id }) => `There is no package ${id}.`,
  version: ({ version }) => `Version "${version}": 1 to 64 letters, digits or . - _ are expected.`,
  module: ({ module }) => `Module "${module}": 1 to 64 letters, digits or . - _ are expected.`,
  packageName: ({ name }) =>
    `Package "${name}": at most 40 letters, digits or - _ ( ) are expected, a letter or digit first.`,
  samePackage: ({ name }) => `There is a package ${name} already.`,
  tooManyPackages: ({ most }) => `There are ${most} packages already: no more are kept.`,
  mqttPackage: ({ most }) => `Over MQTT, a package has one file of at most ${most} bytes.`,
  notVerified: ({ id }) => `Package ${id} has to be verified first.`,
  noJob: ({ id }) => `There is no update ${id}.`,
  noTask: ({ id }) => `There is no update ${id} of a device.`,
  secretsKept: () => "Secrets are shown for the demo product only.",
  noSuchThing: () => "The platform's console does not know this request.",
  noDevices: () => "No device is chosen.",
  noBoardFile: ({ interpreter }) => `There is no board file for the interpreter ${interpreter}.`,
};
