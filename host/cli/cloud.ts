/**
 * `npm run cloud`: runs the local platform until it is stopped.
 * @module
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Cloud,
  type CloudOptions,
  ConfigurationError,
  DataInUseError,
  startCloud,
} from "../cloud/index.ts";
import { type Console, startConsole } from "../console/index.ts";
import { messageLine, refusalLine, registrationLine, statusLine, taskLine } from "./cloud-log.ts";
import { accessFileOf, DEFAULT_DATA, UsageError, writeAccessFile } from "./ota/access.ts";
import { CONSOLE_PORT, choosePort } from "./ports.ts";

/** Taken when they are free and nothing else is asked for. */
const USUAL_PORTS = {
  mqtt: 1883,
  mqtts: 8883,
  x509: 8884,
  openapi: 8080,
  files: 8081,
  filesTls: 8443,
  auth: 8082,
  authTls: 8444,
};

const HELP = `Usage: npm run cloud -- [options]

Runs a local IoT platform that devices and programs use as they use Alibaba's.

  --products FILE      products, devices and thing models (examples/products/demo.json)
  --data DIR           where secrets, certificates and data are kept (${DEFAULT_DATA})
  --memory             keep nothing
  --host ADDRESS       address to listen on (127.0.0.1)
  --port-mqtt PORT     MQTT on TCP (${USUAL_PORTS.mqtt}, or a free port when that is taken; 0: a free one)
  --port-mqtts PORT    MQTT on TLS (${USUAL_PORTS.mqtts}, likewise)
  --port-x509 PORT     MQTT on TLS with the devices' certificates (${USUAL_PORTS.x509}, likewise)
  --port-openapi PORT  OpenAPI over HTTP (${USUAL_PORTS.openapi}, likewise)
  --port-files PORT    packages of updates over HTTP (${USUAL_PORTS.files}, likewise)
  --port-files-tls PORT  the same over HTTPS (${USUAL_PORTS.filesTls}, likewise)
  --port-auth PORT     registration and bootstrap over HTTP (${USUAL_PORTS.auth}, likewise)
  --port-auth-tls PORT  the same over HTTPS (${USUAL_PORTS.authTls}, likewise)
  --port-console PORT  the console, a page for the browser, on this computer only (${CONSOLE_PORT}, likewise)
  --no-console         no console
  --plain-registration  devices may register by MQTT without TLS, which Alibaba refuses
  --https              devices download over HTTPS rather than HTTP
  --json               print one line of JSON with endpoints and credentials, and no log
  --quiet              no log of messages
  --help               this text
`;

interface Settings {
  options: CloudOptions;
  /** Whether the data directory was asked for by name. */
  ownData: boolean;
  /** Port of the console; undefined: none. */
  console: number | undefined;
  json: boolean;
  quiet: boolean;
}

async function readSettings(args: string[]): Promise<Settings | "help"> {
  const { values } = parse(args);
  if (values.help) return "help";
  if (values["no-console"] && values["port-console"] !== undefined) {
    throw new UsageError("--no-console and --port-console exclude each other");
  }
  if (values.memory && values.data !== undefined) {
    throw new UsageError("--memory and --data exclude each other");
  }
  const host = values.host ?? "127.0.0.1";
  const port = (name: keyof typeof USUAL_PORTS, flag: `port-${string}` & keyof typeof values) =>
    choosePort(`--${flag}`, values[flag] as string | undefined, USUAL_PORTS[name], host);
  const ports = {
    mqtt: await port("mqtt", "port-mqtt"),
    mqtts: await port("mqtts", "port-mqtts"),
    x509: await port("x509", "port-x509"),
    openapi: await port("openapi", "port-openapi"),
    files: await port("files", "port-files"),
    filesTls: await port("filesTls", "port-files-tls"),
    auth: await port("auth", "port-auth"),
    authTls: await port("authTls", "port-auth-tls"),
  };
  const options: CloudOptions = {
    host,
    ports,
    ...(values["plain-registration"] ? { limits: { plainRegistration: true } } : {}),
    ...(values.https ? { downloads: { scheme: "https" } } : {}),
    ...(values.products === undefined ? {} : { products: values.products }),
    ...(values.memory ? {} : { data: values.data ?? DEFAULT_DATA }),
  };
  const { json = false, quiet = false } = values;
  const consolePort = values["no-console"]
    ? undefined
    : await choosePort("--port-console", values["port-console"], CONSOLE_PORT);
  return { options, ownData: values.data !== undefined, console: consolePort, json, quiet };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        products: { type: "string" },
        data: { type: "string" },
        memory: { type: "boolean" },
        host: { type: "string" },
        "port-mqtt": { type: "string" },
        "port-mqtts": { type: "string" },
        "port-x509": { type: "string" },
        "port-openapi": { type: "string" },
        "port-files": { type: "string" },
        "port-files-tls": { type: "string" },
        "port-auth": { type: "string" },
        "port-auth-tls": { type: "string" },
        "port-console": { type: "string" },
        "no-console": { type: "boolean" },
        "plain-registration": { type: "boolean" },
        https: { type: "boolean" },
        json: { type: "boolean" },
        quiet: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The platform, and the options that it runs with after all. */
interface Launched {
  cloud: Cloud;
  options: CloudOptions;
}

async function launch({ options, ownData }: Settings): Promise<Launched> {
  try {
    return { cloud: await startCloud(options), options };
  } catch (error) {
    if (ownData || !(error instanceof DataInUseError)) throw error;
    const { data, ...withoutData } = options;
    console.error(`${data} is in use by another platform; this one keeps nothing (see --data)`);
    return { cloud: await startCloud(withoutData), options: withoutData };
  }
}

/** The page of the platform; secrets are shown of the demo product only. */
async function openConsole(
  cloud: Cloud,
  port: number | undefined,
  { products }: CloudOptions,
): Promise<Console | undefined> {
  if (port === undefined) return undefined;
  const [demo] = products === undefined ? cloud.products : [];
  return startConsole({ cloud, port, revealed: demo ? [demo.productKey] : [] });
}

function describeJson(cloud: Cloud, page: Console | undefined): string {
  const { mqtt, mqtts, x509, ...urls } = cloud.endpoints;
  return JSON.stringify({
    mqtt: `${mqtt.host}:${mqtt.port}`,
    mqtts: `${mqtts.host}:${mqtts.port}`,
    x509: `${x509.host}:${x509.port}`,
    ca: cloud.ca,
    ...urls,
    ...(page ? { console: page.url } : {}),
    accessKeyId: cloud.accessKeyId,
    accessKeySecret: cloud.accessKeySecret,
    products: cloud.products.map(({ productKey, productSecret, devices }) => ({
      productKey,
      productSecret,
      devices,
    })),
  });
}

function describe(cloud: Cloud, options: CloudOptions, page: Console | undefined): string {
  const { mqtt, mqtts, x509, openapi, files, filesTls, auth, authTls } = cloud.endpoints;
  const [product] = cloud.products;
  const device = product?.devices[0];
  return [
    "Local IoT platform",
    ...(page ? [`  Console          ${page.url}`] : []),
    `  MQTT             ${mqtt.host}:${mqtt.port}  (securemode 3)`,
    `  MQTT on TLS      ${mqtts.host}:${mqtts.port}  (securemode 2)`,
    `  … certificates   ${x509.host}:${x509.port}`,
    ...(options.data ? [`  CA certificate   ${join(options.data, "tls", "ca.pem")}`] : []),
    `  OpenAPI          ${openapi}`,
    `  Packages         ${files}, ${filesTls}`,
    `  Registration     ${auth}, ${authTls}`,
    `  AccessKey ID     ${cloud.accessKeyId}`,
    `  AccessKey Secret ${cloud.accessKeySecret}`,
    ...(product && device
      ? [
          `A device of "${product.name}" (all devices: --json)`,
          `  productKey       ${product.productKey}`,
          `  productSecret    ${product.productSecret}`,
          `  deviceName       ${device.deviceName}`,
          `  deviceSecret     ${device.deviceSecret}`,
        ]
      : []),
    options.data ? `Kept in ${options.data}. Ctrl+C stops.` : "Kept nowhere. Ctrl+C stops.",
  ].join("\n");
}

async function main(): Promise<void> {
  const settings = await readSettings(process.argv.slice(2));
  if (settings === "help") {
    process.stdout.write(HELP);
    return;
  }
  const { cloud, options } = await launch(settings);
  const page = await openConsole(cloud, settings.console, options).catch(async (error: unknown) => {
    await cloud.close();
    throw error;
  });
  await leaveAccess(cloud, options.data);
  const stop = () => {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
    withdraw(cloud, page, options.data).catch((error: unknown) => {
      console.error(`stopping failed: ${String(error)}`);
      process.exitCode = 1;
    });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  if (settings.json) {
    console.log(describeJson(cloud, page));
    return;
  }
  console.log(describe(cloud, options, page));
  if (settings.quiet) return;
  cloud.trace.on("message", (message) => console.log(messageLine(message)));
  cloud.trace.on("status", (status) => console.log(statusLine(status)));
  cloud.trace.on("refusal", (refusal) => console.log(refusalLine(refusal)));
  cloud.trace.on("registration", (asked) => console.log(registrationLine(asked)));
  cloud.trace.on("task", (task) => console.log(taskLine(task)));
}

/** Lets commands on this computer find the platform, as long as it runs. */
async function leaveAccess(cloud: Cloud, data: string | undefined): Promise<void> {
  if (data === undefined) return;
  const { accessKeyId, accessKeySecret, endpoints, products } = cloud;
  const productKeys = products.map(({ productKey }) => productKey);
  const keys = { accessKeyId, accessKeySecret };
  await writeAccessFile(data, { openapi: reachable(endpoints.openapi), ...keys, productKeys });
}

async function withdraw(
  cloud: Cloud,
  page: Console | undefined,
  data: string | undefined,
): Promise<void> {
  if (data !== undefined) await rm(accessFileOf(data), { force: true });
  await page?.close();
  await cloud.close();
}

/** The address of a platform that listens everywhere, on this computer. */
function reachable(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|::|\[::\]):(?=\d+$)/, "//127.0.0.1:");
}

try {
  await main();
} catch (error) {
  const usage = error instanceof UsageError || error instanceof ConfigurationError;
  console.error(usage ? `cloud: ${(error as Error).message}` : error);
  if (error instanceof UsageError) console.error("Try npm run cloud -- --help");
  process.exitCode = usage ? 2 : 1;
}
