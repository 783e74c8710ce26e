/**
 * Where the platform is that a command drives, and the keys for it. Keys come from a file or the
 * environment only: arguments of a running command can be seen by everybody on the computer.
 * @module
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../../cloud/thing/alink.ts";

export interface Access {
  /** Host and port without scheme, as the official client takes it. */
  endpoint: string;
  protocol: "HTTP" | "HTTPS";
  accessKeyId: string;
  accessKeySecret: string;
  /** Products to look for a device in; empty when they are not known. */
  productKeys: string[];
}

/** What a running local platform leaves for commands. */
export interface AccessFile {
  /** URL of the OpenAPI. */
  openapi: string;
  accessKeyId: string;
  accessKeySecret: string;
  productKeys?: string[];
}

/** A command line or its surroundings that can't be used. */
export class UsageError extends Error {}

export const DEFAULT_DATA = join(".data", "cloud");
const ENV = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"] as const;

/** Where a platform with a data directory leaves its access file. */
export function accessFileOf(data: string): string {
  return join(data, "access.json");
}

/** Leaves the access of a running platform, for its owner only. */
export async function writeAccessFile(data: string, access: AccessFile): Promise<void> {
  const file = accessFileOf(data);
  // A mode is for new files only.
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Finds out where to go: the endpoint named, with the keys of the file named or of the environment;
 * or else the local platform that runs.
 * @throws UsageError that says what is missing.
 */
export async function readAccess(
  given: { endpoint?: string | undefined; keys?: string | undefined; data?: string | undefined },
  env: NodeJS.ProcessEnv,
): Promise<Access> {
  const localFile = accessFileOf(given.data ?? DEFAULT_DATA);
  const local = given.keys === undefined ? await readFileIfAny(localFile) : undefined;
  const named = given.keys === undefined ? undefined : await readFileIfAny(given.keys);
  if (given.keys !== undefined && !named) throw new UsageError(`${given.keys} does not exist`);
  const endpoint = given.endpoint ?? text(named, "openapi") ?? text(local, "openapi");
  if (endpoint === undefined) {
    throw new UsageError(
      `no platform: neither --endpoint is given nor a local one running (${localFile}); start one with npm run cloud`,
    );
  }
  const site = parseEndpoint(endpoint);
  const [id, secret] = ENV.map((name) => env[name]);
  const isLocal = local && parseEndpoint(text(local, "openapi") ?? "").endpoint === site.endpoint;
  const source = named ?? (isLocal ? local : { accessKeyId: id, accessKeySecret: secret });
  const accessKeyId = text(source, "accessKeyId");
  const accessKeySecret = text(source, "accessKeySecret");
  if (!accessKeyId || !accessKeySecret) {
    const place = given.keys ?? `environment (${ENV.join(", ")}), and no --keys FILE is given`;
    throw new UsageError(`no access key for ${site.endpoint} in ${place}`);
  }
  const products = source.productKeys;
  const productKeys = Array.isArray(products) ? products.map(String) : [];
  return { ...site, accessKeyId, accessKeySecret, productKeys };
}

/** `http://127.0.0.1:8080` or `iot.cn-shanghai.aliyuncs.com`, which stands for HTTPS. */
function parseEndpoint(endpoint: string): Pick<Access, "endpoint" | "protocol"> {
  const url = /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`;
  if (!URL.canParse(url)) {
    throw new UsageError(`--endpoint is "${endpoint}", expected a host or http://HOST:PORT`);
  }
  const { protocol, host } = new URL(url);
  return { endpoint: host, protocol: protocol === "http:" ? "HTTP" : "HTTPS" };
}

async function readFileIfAny(file: string): Promise<Record<string, unknown> | undefined> {
  let json: string;
  try {
    json = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`${file} can't be read: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the error, which must not show the file's secrets.
  }
  throw new UsageError(`${file} has to hold a JSON object with accessKeyId and accessKeySecret`);
}

function text(values: Record<string, unknown> | undefined, name: string): string | undefined {
  const value = values?.[name];
  return typeof value === "string" ? value : undefined;
}
