/**
 * The TypeScript of a thing model: one interface for `AliIot<Model>`, formatted as the project's own
 * files are. The same thing model gives the same text.
 * @module
 */
import { type DataType, type Parameter, type Property, ThingModel } from "../cloud/thing/tsl.ts";
import { comment, typeInWords, values, WIDTH } from "./comment.ts";
import { productKeyOf } from "./read.ts";

/** Features that every product has and `AliIot` handles by itself. */
const BUILT_IN = ["post", "set", "get"];
/** What has no parameters takes none. */
const NOTHING = "{ [identifier: string]: never }";

const ACCESS = { r: "read-only", rw: "writable", w: "write-only" };
const CALL = {
  async: "Asynchronous: answered at any time",
  sync: "Synchronous: answered within 8 s",
};

/**
 * @param json a thing model without faults
 * @param sources names of the files it is from, for the heading
 */
export function generateTypes(json: Record<string, unknown>, sources: string[]): string {
  const model = new ThingModel(json, sources.join(", "));
  const events = [...model.events.values()].filter(({ identifier }) => isOwn(identifier));
  const services = [...model.services.values()].filter(({ identifier }) => isOwn(identifier));
  const lines = [
    ...heading(json, sources),
    "",
    "/** What the product has, for `AliIot<Model>`. */",
    "export interface Model {",
    ...block("properties", [...model.properties.values()].flatMap(property)),
    ...comment("  ", ["Properties that the platform may set."]),
    ...member("  ", "writable", writable(model)),
    ...block(
      "events",
      events.flatMap(({ identifier, name, desc, type, outputData }) => [
        ...comment("    ", [`${name}: ${type} event.`, desc ?? ""]),
        ...member("    ", identifier, parameters("    ", outputData)),
      ]),
    ),
    ...block(
      "services",
      services.flatMap(({ identifier, name, desc, callType, inputData, outputData }) => [
        ...comment("    ", [`${name}. ${CALL[callType]}.`, desc ?? ""]),
        `    ${key(identifier)}: {`,
        ...member("      ", "input", parameters("      ", inputData)),
        ...member("      ", "output", parameters("      ", outputData)),
        "    };",
      ]),
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function heading(json: Record<string, unknown>, sources: string[]): string[] {
  const productKey = productKeyOf(json);
  const product = productKey === undefined ? "a product" : `product ${productKey}`;
  return [
    ...comment("", [
      `Thing model of ${product}, made from ${sources.join(", ")} by \`npm run tsl\`.`,
      "Not to be edited: it is made again when the thing model changes.",
      "@module",
    ]),
  ];
}

function isOwn(identifier: string): boolean {
  return !BUILT_IN.includes(identifier.slice(identifier.indexOf(":") + 1));
}

/** A member of `Model` that has members; without any it has no names, and takes no values. */
function block(name: string, lines: string[]): string[] {
  if (lines.length > 0) return [`  ${name}: {`, ...lines, "  };"];
  return [`  ${name}: ${name === "properties" ? NOTHING : "object"};`];
}

function property({ identifier, name, desc, accessMode, required, dataType }: Property): string[] {
  const access = ACCESS[accessMode] + (required ? ", required" : "");
  return [
    ...comment("    ", [`${name}: ${typeInWords(dataType)}; ${access}.`, desc ?? ""]),
    ...member("    ", identifier, typeText("    ", dataType)),
  ];
}

function writable(model: ThingModel): string[] {
  const names = [...model.properties.values()].filter(({ accessMode }) => accessMode !== "r");
  return names.length === 0 ? ["never"] : names.map(({ identifier }) => JSON.stringify(identifier));
}

function parameters(indent: string, list: Parameter[]): string {
  if (list.length === 0) return NOTHING;
  const inner = `${indent}  `;
  const lines = list.flatMap(({ identifier, name, desc, dataType }) => [
    ...comment(inner, [`${name}: ${typeInWords(dataType)}.`, desc ?? ""]),
    ...member(inner, identifier, typeText(inner, dataType)),
  ]);
  return ["{", ...lines, `${indent}}`].join("\n");
}

/** A type, or the alternatives of a union. */
function typeText(indent: string, type: DataType): string | string[] {
  switch (type.type) {
    case "int":
    case "float":
    case "double":
      return "number";
    case "bool":
      return ["0", "1"];
    case "enum":
      return values(type.specs).map(([value]) => String(Number(value)));
    case "text":
    case "date":
      return "string";
    case "struct":
      return parameters(indent, type.specs);
    case "array": {
      const item = typeText(indent, type.specs.item);
      if (typeof item === "string") return `${item}[]`;
      return item.length === 1 ? `${item[0]}[]` : `(${item.join(" | ")})[]`;
    }
  }
}

/** `name: type;`, a union on a line for each alternative where it is too long for one. */
function member(indent: string, name: string, type: string | string[]): string[] {
  const start = `${indent}${key(name)}:`;
  if (typeof type === "string") return `${start} ${type};`.split("\n");
  const single = `${start} ${type.join(" | ")};`;
  if (single.length <= WIDTH || type.length === 1) return [single];
  const last = type.length - 1;
  return [start, ...type.map((one, index) => `${indent}  | ${one}${index === last ? ";" : ""}`)];
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
