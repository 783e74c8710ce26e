/**
 * The command that brings an image to devices over the platform's OpenAPI, and follows its way.
 * @module
 */
import { parseArgs } from "node:util";
import { DEFAULT_DATA, readAccess, UsageError } from "./access.ts";
import { ApiError, IotApi } from "./iot-api.ts";
import { listPackages, listVersions } from "./list.ts";
import { ProgressBar, type Screen } from "./progress-bar.ts";
import {
  cancelJob,
  findProduct,
  follow,
  isFinal,
  type PushOptions,
  type PushTarget,
  startJob,
} from "./push.ts";
import { readPackage } from "./update-package.ts";

const HELP = `Usage: npm run ota -- push IMAGE... --device NAME [options]
       npm run ota -- list [--device NAME] [options]
       npm run ota -- cancel JOB [options]

push uploads an image that npm run pack has made, starts a job for the devices and shows their
progress until all have ended. Several files (a header and the entries of --split) make a
multi-file package. list shows the newest packages with their jobs, and the versions that devices
have. cancel ends all of a job that is not done yet.

  --device NAME        the device; may be given more than once
  --product-key KEY    its product (looked for on the local platform)
  --endpoint HOST      the OpenAPI: iot.cn-shanghai.aliyuncs.com, or http://HOST:PORT
                       (the local platform that npm run cloud runs)
  --instance ID        the enterprise instance
  --keys FILE          JSON with accessKeyId and accessKeySecret; otherwise the environment's
                       ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET
  --data DIR           the local platform's data directory (${DEFAULT_DATA})
  --mqtt               the device downloads over MQTT
  --md5                MD5 rather than SHA-256 as the digest
  --verify             a job that verifies the package
  --overwrite          replaces updates of the devices that have not begun
  --timeout MINUTES    the device's time from its first progress report on (none)
  --wait SECONDS       how long to follow (until all have ended); the job goes on
  --help               this text

Exit code 0 when all devices have succeeded, 1 when not, 2 for a command that can't be used.
`;

const POLL_MS = 500;

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        device: { type: "string", multiple: true },
        "product-key": { type: "string" },
        endpoint: { type: "string" },
        instance: { type: "string" },
        keys: { type: "string" },
        data: { type: "string" },
        mqtt: { type: "boolean" },
        md5: { type: "boolean" },
        verify: { type: "boolean" },
        overwrite: { type: "boolean" },
        timeout: { type: "string" },
        wait: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Where results and errors are written. */
export interface Terminal {
  out: Screen;
  err: Screen;
}

type Values = ReturnType<typeof parse>["values"];

/** @returns the exit code. */
async function push(
  paths: string[],
  values: Values,
  env: NodeJS.ProcessEnv,
  { out }: Terminal,
): Promise<number> {
  const devices = [...new Set(values.device ?? [])];
  const [first] = devices;
  if (first === undefined) throw new UsageError("which device? Name it with --device");
  const timeout = wholeNumber("--timeout", values.timeout, 1440);
  const wait = wholeNumber("--wait", values.wait, 7 * 24 * 3600);
  const update = await readPackage(paths);
  if (values.mqtt && update.files.length > 1) {
    throw new UsageError("--mqtt takes an image in one file");
  }
  const access = await readAccess(values, env);
  const api = new IotApi(access);
  const productKey = values["product-key"] ?? (await findProduct(api, access.productKeys, first));
  if (productKey === undefined) throw unknownProduct(first, access.productKeys);
  const target: PushTarget = { productKey, devices, instance: values.instance };
  const options: PushOptions = {
    signMethod: values.md5 ? "MD5" : "SHA256",
    mqtt: values.mqtt ?? false,
    verify: values.verify ?? false,
    overwrite: values.overwrite ?? false,
    timeout,
  };
  const { module, version, board, signed, files } = update;
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const kind = signed ? "signed" : "unsigned";
  out.write(`${module} ${version} for ${board}, ${size} bytes, ${kind} → ${devices.join(", ")}\n`);
  const jobId = await startJob(api, target, update, options);
  out.write(`Job ${jobId} on ${access.endpoint}\n`);
  const bar = new ProgressBar(out);
  const limits = { pollMs: POLL_MS, waitMs: wait === undefined ? Infinity : wait * 1000 };
  const tasks = await follow(api, target, jobId, limits, (now) => bar.show(now));
  const good = tasks.filter(({ status }) => status === "SUCCEEDED").length;
  const open = tasks.filter((task) => !isFinal(task)).length;
  const rest = open > 0 ? `; ${open} not done yet (npm run ota -- cancel ${jobId})` : "";
  out.write(`${good} of ${devices.length} updated to ${version}${rest}\n`);
  return good === devices.length ? 0 : 1;
}

async function list(
  positionals: string[],
  values: Values,
  env: NodeJS.ProcessEnv,
  { out }: Terminal,
): Promise<void> {
  if (positionals.length > 0) throw new UsageError(`list takes no "${positionals[0]}"`);
  const access = await readAccess(values, env);
  const api = new IotApi(access);
  const { instance } = values;
  const given = values["product-key"];
  for (const line of await listPackages(api, { productKey: given, instance })) {
    out.write(`${line}\n`);
  }
  for (const device of new Set(values.device ?? [])) {
    const productKey = given ?? (await findProduct(api, access.productKeys, device));
    if (productKey === undefined) throw unknownProduct(device, access.productKeys);
    for (const line of await listVersions(api, { productKey, instance }, device)) {
      out.write(`${line}\n`);
    }
  }
}

function unknownProduct(device: string, productKeys: string[]): UsageError {
  const places = productKeys.join(", ") || "no product is known";
  return new UsageError(`which product has ${device}? Name it with --product-key (${places})`);
}

async function cancel(
  positionals: string[],
  values: Values,
  env: NodeJS.ProcessEnv,
  { out }: Terminal,
): Promise<void> {
  const [jobId] = positionals;
  if (jobId === undefined || positionals.length > 1) {
    throw new UsageError("which job? Name it by the id that push prints");
  }
  const access = await readAccess(values, env);
  await cancelJob(new IotApi(access), jobId, values.instance);
  out.write(`Job ${jobId}: what was not done yet is cancelled\n`);
}

function wholeNumber(flag: string, given: string | undefined, max: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= 1 && value <= max) return value;
  throw new UsageError(`${flag} is "${given}", but has to be a whole number from 1 to ${max}`);
}

/**
 * Runs a command line.
 * @param env where keys may be.
 * @returns the exit code.
 */
export async function otaCommand(
  args: string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [verb, ...rest] = positionals;
    if (values.help) terminal.out.write(HELP);
    else if (verb === "push") return await push(rest, values, env, terminal);
    else if (verb === "list") await list(rest, values, env, terminal);
    else if (verb === "cancel") await cancel(rest, values, env, terminal);
    else {
      throw new UsageError(`${verb ? `"${verb}"` : "no command"}: push, list or cancel expected`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ApiError)) throw error;
    terminal.err.write(`ota: ${error.message}\n`);
    if (error instanceof ApiError) return 1;
    terminal.err.write("Try npm run ota -- --help\n");
    return 2;
  }
}
