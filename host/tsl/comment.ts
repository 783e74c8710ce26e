/**
 * Doc comments of generated types: what a value is, its unit and its bounds, in words.
 * @module
 */
import type { DataType, NumberSpecs } from "../cloud/thing/tsl.ts";

/** Columns of generated text, as the project's formatter has them. */
export const WIDTH = 100;

/** A doc comment of sentences or lines, on one line where it fits. */
export function comment(indent: string, lines: string[]): string[] {
  const safe = lines.flatMap((line) =>
    line
      .split(/\r?\n|\u2028|\u2029/)
      .map((part) => part.trim().replaceAll("*/", "*\\/"))
      .filter((part) => part !== ""),
  );
  const single = `${indent}/** ${safe.join(" ")} */`;
  if (safe.length === 0) return [];
  if (safe.length === 1 && single.length <= WIDTH) return [single];
  const starred = safe.flatMap((line) => wrap(line, WIDTH - indent.length - " * ".length));
  return [`${indent}/**`, ...starred.map((line) => `${indent} * ${line}`), `${indent} */`];
}

/** A type in words, e.g. `int, 0 to 100 %, in steps of 1`. */
export function typeInWords(type: DataType): string {
  switch (type.type) {
    case "int":
    case "float":
    case "double":
      return [type.type, ...range(type)].join(", ");
    case "bool":
    case "enum":
      return [type.type, ...values(type.specs).map(([key, label]) => `${key} ${label}`)].join(", ");
    case "text":
      return type.specs.length === undefined
        ? "text"
        : `text of up to ${type.specs.length} characters`;
    case "date":
      return "date, milliseconds since 1970 (UTC) as a text";
    case "struct":
      return "struct";
    case "array":
      return `list of up to ${type.specs.size}: ${typeInWords(type.specs.item)}`;
  }
}

/** Values of a bool or enum with their labels, in ascending order. */
export function values(specs: Record<string, string>): [key: string, label: string][] {
  return Object.entries(specs).sort(([a], [b]) => Number(a) - Number(b));
}

function range({ type, specs }: { type: string; specs: NumberSpecs }): string[] {
  const { min, max, step, unit, unitName } = specs;
  const words: string[] = [];
  if (min !== undefined && max !== undefined) words.push(`${min} to ${max}`);
  else if (min !== undefined) words.push(`from ${min}`);
  else if (max !== undefined) words.push(`up to ${max}`);
  const measure =
    unit && unitName && unit !== unitName ? `${unit} (${unitName})` : unit || unitName;
  if (measure) words.push(words.length === 0 ? `in ${measure}` : `${words.pop()} ${measure}`);
  if (step && !(type === "int" && Number(step) === 1)) words.push(`in steps of ${step}`);
  return words;
}

function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/\s+/)) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
