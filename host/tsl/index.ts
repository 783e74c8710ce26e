/**
 * From a product's thing model (TSL) to TypeScript, and what the platform would say to a message.
 * @module
 */
export { checkSample, type Verdict } from "./check.ts";
export { generateTypes } from "./generate.ts";
export { ModelError, mergeModules, missingModules, readModel } from "./read.ts";
