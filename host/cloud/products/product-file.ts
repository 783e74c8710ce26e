/**
 * Reads the file that says which products and devices the platform has, and the thing models that
 * it names.
 * @module
 */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { TOPIC_CLASS, type TopicClass } from "../broker/topic.ts";
import { DEVICE_NAME, PRODUCT_KEY } from "../device-id.ts";
import { ConfigurationError } from "../errors.ts";
import { ParseScript } from "../raw/script.ts";
import { isObject } from "../thing/alink.ts";
import { ThingModel } from "../thing/tsl.ts";

/** By what devices of a product show who they are. */
export type AuthType = "secret" | "x509";

/**
 * What the devices of a product are: a device that logs on by itself or, as a sub-device, through a
 * gateway; a gateway; a sub-device that never logs on by itself.
 */
export type NodeType = "device" | "gateway" | "sub-device";

const NODE_TYPES: readonly NodeType[] = ["device", "gateway", "sub-device"];

export interface ProductEntry {
  productKey: string;
  /** Made by the platform when absent. */
  productSecret?: string;
  name: string;
  model: ThingModel;
  nodeType: NodeType;
  /** What its devices send: Alink JSON, or raw data that a parse script reads. */
  dataFormat: DataFormat;
  script?: ParseScript;
  /** Whether its devices may register dynamically; off when absent. */
  dynamicRegistration: boolean;
  /** By what its devices log on; their secret when absent. */
  authType: AuthType;
  /** Custom topic classes besides the ones every product has. */
  topics: TopicClass[];
  devices: DeviceEntry[];
}

export type DataFormat = "alink" | "raw";

export interface DeviceEntry {
  deviceName: string;
  /** Made by the platform when absent. */
  deviceSecret?: string;
  nickname?: string;
}

/**
 * Reads and checks a product file; names of thing model files are relative to it.
 * @throws ConfigurationError that names file, product and field.
 */
export async function readProductFile(file: string): Promise<ProductEntry[]> {
  const json = await readJson(file, "product file");
  if (!isObject(json) || !Array.isArray(json.products) || json.products.length === 0) {
    throw new ConfigurationError(`${file}: expected an object with a list "products"`);
  }
  const products: ProductEntry[] = [];
  for (const [index, entry] of json.products.entries()) {
    products.push(await readProduct(entry, `${file}: products[${index}]`, dirname(file)));
  }
  unique(
    products.map(({ productKey }) => productKey),
    `${file}: productKey`,
  );
  return products;
}

async function readProduct(entry: unknown, place: string, folder: string): Promise<ProductEntry> {
  if (!isObject(entry)) throw new ConfigurationError(`${place} has to be an object`);
  const productKey = text(entry, "productKey", place);
  if (!PRODUCT_KEY.test(productKey)) {
    throw new ConfigurationError(
      `${place}: "productKey" is "${productKey}", but has to be 4 to 20 letters and digits`,
    );
  }
  const where = `${place} (product ${productKey})`;
  const tsl =
    typeof entry.tsl === "string"
      ? await readJson(resolve(folder, entry.tsl), `${where}: thing model`)
      : entry.tsl;
  if (tsl === undefined) {
    throw new ConfigurationError(
      `${where}: "tsl" is missing; expected a file name or a thing model`,
    );
  }
  const devices = list(entry, "devices", where).map((device, index) =>
    readDevice(device, `${where}: devices[${index}]`),
  );
  unique(
    devices.map(({ deviceName }) => deviceName),
    `${where}: deviceName`,
  );
  return {
    productKey,
    ...optional(entry, "productSecret", where),
    name: typeof entry.name === "string" ? entry.name : productKey,
    dynamicRegistration: flag(entry, "dynamicRegistration", where),
    authType: readAuthType(entry, where),
    model: new ThingModel(withProductKey(tsl, productKey), `product ${productKey}`),
    nodeType: readNodeType(entry, where),
    ...(await readFormat(entry, where, folder)),
    topics: list(entry, "topics", where).map((topic, index) =>
      readTopic(topic, `${where}: topics[${index}]`),
    ),
    devices,
  };
}

function readNodeType({ nodeType = "device" }: Record<string, unknown>, where: string): NodeType {
  const known = NODE_TYPES.find((each) => each === nodeType);
  if (known) return known;
  throw new ConfigurationError(`${where}: "nodeType" has to be one of ${NODE_TYPES.join(", ")}`);
}

/** Data format and, of a raw product, the parse script, whose file's name is relative to `folder`. */
async function readFormat(
  entry: Record<string, unknown>,
  where: string,
  folder: string,
): Promise<Pick<ProductEntry, "dataFormat" | "script">> {
  const { dataFormat = "alink" } = entry;
  if (dataFormat !== "alink" && dataFormat !== "raw") {
    throw new ConfigurationError(`${where}: "dataFormat" has to be "alink" or "raw"`);
  }
  const { script } = optional(entry, "script", where);
  if (script === undefined) return { dataFormat };
  if (dataFormat === "alink") {
    throw new ConfigurationError(`${where}: "script" is for the data format "raw" only`);
  }
  const file = resolve(folder, script);
  return { dataFormat, script: new ParseScript(await readText(file, `${where}: script`), file) };
}

function readDevice(device: unknown, place: string): DeviceEntry {
  if (!isObject(device)) throw new ConfigurationError(`${place} has to be an object`);
  const deviceName = text(device, "deviceName", place);
  if (!DEVICE_NAME.test(deviceName)) {
    throw new ConfigurationError(
      `${place}: "deviceName" is "${deviceName}", but has to be 4 to 32 of A-Z a-z 0-9 - _ @ . :`,
    );
  }
  return {
    deviceName,
    ...optional(device, "deviceSecret", place),
    ...optional(device, "nickname", place),
  };
}

function readAuthType({ authType = "secret" }: Record<string, unknown>, place: string): AuthType {
  if (authType === "secret" || authType === "x509") return authType;
  throw new ConfigurationError(`${place}: "authType" has to be "secret" or "x509"`);
}

function readTopic(topic: unknown, place: string): TopicClass {
  if (!isObject(topic)) throw new ConfigurationError(`${place} has to be an object`);
  const name = text(topic, "name", place);
  if (!TOPIC_CLASS.test(name)) {
    throw new ConfigurationError(
      `${place}: "name" is "${name}", but has to be "user/" and levels of letters, digits and "_"`,
    );
  }
  const { right } = topic;
  if (right !== "PUB" && right !== "SUB" && right !== "ALL") {
    throw new ConfigurationError(`${place}: "right" has to be PUB, SUB or ALL`);
  }
  return { name, right };
}

/** A thing model carries the key of its product; a file may be shared by several. */
export function withProductKey(tsl: unknown, productKey: string): unknown {
  if (!isObject(tsl)) return tsl;
  const profile = isObject(tsl.profile) ? tsl.profile : { version: "1.0" };
  return { ...tsl, profile: { ...profile, productKey } };
}

async function readJson(file: string, what: string): Promise<unknown> {
  const content = await readText(file, what);
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new ConfigurationError(`${what} ${file} is not JSON: ${(error as Error).message}`);
  }
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ConfigurationError(`${what} ${file} can't be read: ${(error as Error).message}`);
  }
}

function text(entry: Record<string, unknown>, field: string, place: string): string {
  const value = entry[field];
  if (typeof value !== "string" || value === "") {
    throw new ConfigurationError(`${place}: "${field}" has to be a text that is not empty`);
  }
  return value;
}

function optional<F extends string>(
  entry: Record<string, unknown>,
  field: F,
  place: string,
): { [key in F]?: string } {
  if (entry[field] === undefined) return {};
  return { [field]: text(entry, field, place) } as { [key in F]?: string };
}

function flag(entry: Record<string, unknown>, field: string, place: string): boolean {
  const value = entry[field] ?? false;
  if (typeof value === "boolean") return value;
  throw new ConfigurationError(`${place}: "${field}" has to be true or false`);
}

function list(entry: Record<string, unknown>, field: string, place: string): unknown[] {
  const value = entry[field] ?? [];
  if (!Array.isArray(value)) throw new ConfigurationError(`${place}: "${field}" has to be a list`);
  return value;
}

function unique(names: string[], what: string): void {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new ConfigurationError(`${what} "${twice}" occurs twice`);
}
