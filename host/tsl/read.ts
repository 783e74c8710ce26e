/**
 * Reads thing models as Alibaba's console exports them: one file for the default module, one for
 * each custom module.
 * @module
 */
import { readFileSync } from "node:fs";
import { describeFault, findFaults, type TslFault } from "../cloud/thing/tsl-faults.ts";

/** A thing model that can't be used: all of its faults, with their paths. */
export class ModelError extends Error {
  readonly file: string;
  readonly faults: TslFault[];

  constructor(file: string, faults: TslFault[]) {
    super(faults.map((fault) => `${file}: ${describeFault(fault)}`).join("\n"));
    this.file = file;
    this.faults = faults;
  }
}

/**
 * Reads and checks one file.
 * @throws ModelError that lists what is wrong with it
 * @throws Error when it can't be read or is no JSON
 */
export function readModel(file: string): Record<string, unknown> {
  const text = readFileSync(file, "utf8");
  let json: unknown;
  try {
    // Exports of Windows' editors begin with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
  const faults = findFaults(json);
  if (faults.length > 0) throw new ModelError(file, faults);
  return json as Record<string, unknown>;
}

/**
 * One thing model of several files. A custom module's file has a `functionBlockId`.
 * @throws Error when two files are the same module, or are of different products
 */
export function mergeModules(
  parts: { file: string; json: Record<string, unknown> }[],
): Record<string, unknown> {
  const isCustom = ({ json }: { json: Record<string, unknown> }) =>
    json.functionBlockId !== undefined && json.functionBlockId !== "default";
  const defaults = parts.filter((part) => !isCustom(part));
  const customs = parts.filter(isCustom);
  if (defaults.length > 1) {
    const files = defaults.map(({ file }) => file).join(" and ");
    throw new Error(`${files} both are the default module: a product has one`);
  }
  const main = defaults[0]?.json ?? { profile: customs[0]?.json.profile };
  const blocks = new Map<unknown, Record<string, unknown>>();
  // The default module names the custom ones; their features are in files of their own.
  for (const block of (main.functionBlocks ?? []) as Record<string, unknown>[]) {
    blocks.set(block.functionBlockId, block);
  }
  const seen = new Set<unknown>();
  for (const { file, json } of customs) {
    const id = json.functionBlockId;
    if (seen.has(id)) throw new Error(`${file}: module "${id}" is in another file, too`);
    seen.add(id);
    blocks.set(id, json);
  }
  const keys = new Set(parts.map(({ json }) => productKeyOf(json)).filter(Boolean));
  if (keys.size > 1) throw new Error(`these are of different products: ${[...keys].join(", ")}`);
  return blocks.size === 0 ? main : { ...main, functionBlocks: [...blocks.values()] };
}

/** Modules that a thing model names without their features: their files were not given. */
export function missingModules(json: Record<string, unknown>): string[] {
  const blocks = (json.functionBlocks ?? []) as Record<string, unknown>[];
  return blocks
    .filter((block) => !block.properties && !block.events && !block.services)
    .map((block) => String(block.functionBlockId));
}

/** The product that a thing model is of; undefined: it does not say. */
export function productKeyOf(json: Record<string, unknown>): string | undefined {
  const key = (json.profile as { productKey?: unknown } | undefined)?.productKey;
  return typeof key === "string" ? key : undefined;
}
