/**
 * What is wrong with a thing model (TSL), each fault with its path in the JSON
 * (help.aliyun.com/document_detail/73727.html).
 * @module
 */
import { isObject } from "./alink.ts";

/** One place of a thing model that is not as a TSL has to be. */
export interface TslFault {
  /** From the document's root, e.g. `properties[2].dataType.specs.min`; empty: the root itself. */
  path: string;
  /** The property, event or service that the place belongs to, where it has a name. */
  identifier?: string;
  /** What was expected there, e.g. `a number`. */
  expected: string;
  /** What is there, undefined: nothing. */
  found: unknown;
}

const TYPES = ["int", "float", "double", "bool", "enum", "text", "date", "struct", "array"];
const WORD = "[A-Za-z0-9_]{1,50}";
/** Of a custom module's features also as they are in messages, `module:identifier`. */
const FEATURE = new RegExp(`^(${WORD}:)?${WORD}$`);
const IDENTIFIER = new RegExp(`^${WORD}$`);
const IDENTIFIER_TEXT = "1 to 50 letters, digits or underscores";
/** Levels of lists and structs; Alibaba's console makes two. */
const DEEPEST = 8;
const SHOWN = 40;

/** All faults of a thing model in the order of the document; none: it can be used. */
export function findFaults(json: unknown): TslFault[] {
  const search = new Search();
  search.model(json, "");
  return search.faults;
}

/** A fault in one line: `properties[2].dataType.specs.min ("energy"): expected a number, not "x"`. */
export function describeFault({ path, identifier, expected, found }: TslFault): string {
  const owner = identifier === undefined ? "" : ` ("${identifier}")`;
  const place = path === "" ? "the thing model" : `${path}${owner}`;
  return `${place}: expected ${expected}${found === undefined ? "" : `, not ${shown(found)}`}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

class Search {
  readonly faults: TslFault[] = [];
  /** Of the feature that is looked at. */
  #identifier: string | undefined;

  model(json: unknown, path: string): void {
    if (!isObject(json)) {
      this.#fault(path, "an object", json);
      return;
    }
    if (json.functionBlockId !== undefined) {
      this.#match(json.functionBlockId, join(path, "functionBlockId"), IDENTIFIER, IDENTIFIER_TEXT);
    }
    this.#features(json.properties, join(path, "properties"), (property, at) => {
      this.#oneOf(property.accessMode, `${at}.accessMode`, ["r", "rw", "w"]);
      this.#type(property.dataType, `${at}.dataType`);
    });
    this.#features(json.events, join(path, "events"), (event, at) => {
      this.#oneOf(event.type, `${at}.type`, ["info", "alert", "error"]);
      this.#parameters(event.outputData, `${at}.outputData`);
    });
    this.#features(json.services, join(path, "services"), (service, at) => {
      this.#oneOf(service.callType, `${at}.callType`, ["async", "sync"]);
      // Of the built-in service `get` these are identifiers, not parameters.
      if (service.identifier !== "get") this.#parameters(service.inputData, `${at}.inputData`);
      this.#parameters(service.outputData, `${at}.outputData`);
    });
    this.#list(json.functionBlocks, join(path, "functionBlocks"), (block, at) => {
      this.model(block, at);
      if (isObject(block) && block.functionBlockId === undefined) {
        this.#fault(`${at}.functionBlockId`, IDENTIFIER_TEXT, undefined);
      }
    });
  }

  #fault(path: string, expected: string, found: unknown): void {
    const identifier = this.#identifier;
    this.faults.push({
      path,
      expected,
      found,
      ...(identifier === undefined ? {} : { identifier }),
    });
  }

  #features(
    value: unknown,
    path: string,
    check: (feature: Record<string, unknown>, path: string) => void,
  ): void {
    this.#entries(value, path, FEATURE, (feature, at) => {
      this.#identifier = String(feature.identifier);
      check(feature, at);
      this.#identifier = undefined;
    });
  }

  #parameters(value: unknown, path: string, depth = 1): void {
    this.#entries(value, path, IDENTIFIER, (parameter, at) => {
      this.#type(parameter.dataType, `${at}.dataType`, depth);
    });
  }

  /** A list of objects, each with an identifier of its own; may be missing. */
  #entries(
    value: unknown,
    path: string,
    identifier: RegExp,
    check: (entry: Record<string, unknown>, path: string) => void,
  ): void {
    const seen = new Set<unknown>();
    this.#list(value, path, (entry, at) => {
      if (!isObject(entry)) {
        this.#fault(at, "an object", entry);
        return;
      }
      this.#match(entry.identifier, `${at}.identifier`, identifier, IDENTIFIER_TEXT);
      if (seen.has(entry.identifier)) {
        this.#fault(`${at}.identifier`, "one that no other has", entry.identifier);
      }
      seen.add(entry.identifier);
      check(entry, at);
    });
  }

  /** May be missing. */
  #list(value: unknown, path: string, check: (item: unknown, path: string) => void): void {
    if (value === undefined || value === null) return;
    if (!Array.isArray(value)) this.#fault(path, "a list", value);
    else for (const [index, item] of value.entries()) check(item, `${path}[${index}]`);
  }

  #type(dataType: unknown, path: string, depth = 1): void {
    if (depth > DEEPEST) {
      this.#fault(path, `types nested up to ${DEEPEST} deep`, undefined);
    } else if (!isObject(dataType)) {
      this.#fault(path, "an object", dataType);
    } else if (this.#oneOf(dataType.type, `${path}.type`, TYPES)) {
      this.#specs(dataType.type as string, dataType.specs, `${path}.specs`, depth);
    }
  }

  #specs(type: string, specs: unknown, path: string, depth: number): void {
    if (type === "struct") {
      if (Array.isArray(specs)) this.#parameters(specs, path, depth + 1);
      else this.#fault(path, "a list", specs);
    } else if (!isObject(specs)) {
      // A number without bounds, a text of the longest length, a date.
      const isOptional = type !== "array" && type !== "bool" && type !== "enum";
      if (!isOptional || (specs !== undefined && specs !== null)) {
        this.#fault(path, "an object", specs);
      }
    } else if (type === "array") {
      if (!(Number(specs.size) > 0)) this.#fault(`${path}.size`, "a number above 0", specs.size);
      this.#type(specs.item, `${path}.item`, depth + 1);
    } else if (type === "bool" || type === "enum") {
      const keys = Object.keys(specs);
      if (type === "enum" && keys.length === 0) this.#fault(path, "at least one value", undefined);
      const wrong = keys.find((key) => !/^-?\d+$/.test(key));
      if (wrong !== undefined) this.#fault(path, "whole numbers as keys", wrong);
    } else {
      this.#bounds(specs, path);
    }
  }

  #bounds(specs: Record<string, unknown>, path: string): void {
    for (const bound of ["min", "max", "length"]) {
      const limit = specs[bound];
      const isNumber = limit !== "" && limit !== null && Number.isFinite(Number(limit));
      if (limit !== undefined && !isNumber) this.#fault(`${path}.${bound}`, "a number", limit);
    }
    if (Number(specs.min) > Number(specs.max)) {
      this.#fault(`${path}.max`, `at least "min", ${specs.min}`, specs.max);
    }
  }

  #match(value: unknown, path: string, pattern: RegExp, expected: string): void {
    if (typeof value !== "string" || !pattern.test(value)) this.#fault(path, expected, value);
  }

  #oneOf(value: unknown, path: string, allowed: string[]): boolean {
    const isAllowed = allowed.includes(value as string);
    if (!isAllowed) this.#fault(path, `one of ${allowed.join(", ")}`, value);
    return isAllowed;
  }
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
