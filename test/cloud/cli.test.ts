/**
 * `npm run cloud`: what it prints, how it stops, what it refuses.
 * @module
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { program } from "../compiled/program.ts";
import { FREE_PORTS } from "./free-ports.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/cloud.ts");
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloud-cli-"));
});
after(() => rm(folder, { recursive: true }));

function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, [...program(SCRIPT), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Printed {
  mqtt: string;
  mqtts: string;
  ca: string;
  openapi: string;
  accessKeyId: string;
  accessKeySecret: string;
  products: { productKey: string; productSecret: string; devices: object[] }[];
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, "line")) as [string];
  return line;
}

async function finish(child: ChildProcess): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  child.stdout?.on("data", (data: Buffer) => {
    texts.out += data;
  });
  child.stderr?.on("data", (data: Buffer) => {
    texts.err += data;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, ...texts };
}

test("--json prints one line, SIGTERM stops, a restart has the same credentials", async () => {
  const runs: Printed[] = [];
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const child = run("--json", ...FREE_PORTS);
    const printed = JSON.parse(await firstLine(child)) as Printed;
    const [host, port] = printed.mqtt.split(":");
    const socket = connect(Number(port), host);
    await once(socket, "connect");
    const end = finish(child);
    child.kill(signal);
    const { code, out } = await end;
    assert.equal(code, 0, signal);
    assert.equal(out, "", "nothing but the one line");
    socket.destroy();
    runs.push(printed);
  }
  const [first, second] = runs;
  assert.ok(first && second);
  assert.deepEqual(Object.keys(first), [
    "mqtt",
    "mqtts",
    "x509",
    "ca",
    "auth",
    "authTls",
    "openapi",
    "files",
    "filesTls",
    "console",
    "accessKeyId",
    "accessKeySecret",
    "products",
  ]);
  assert.match(first.mqtts, /^127\.0\.0\.1:\d+$/);
  assert.match(first.openapi, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(first.ca, /^-----BEGIN CERTIFICATE-----/);
  assert.deepEqual(Object.keys(first.products[0] ?? {}), [
    "productKey",
    "productSecret",
    "devices",
  ]);
  assert.deepEqual(Object.keys(first.products[0]?.devices[0] ?? {}), [
    "deviceName",
    "deviceSecret",
  ]);
  for (const member of ["ca", "accessKeyId", "accessKeySecret", "products"] as const) {
    assert.deepEqual(second[member], first[member], member);
  }
});

test("while it runs, its access is in the data directory, for the owner alone", async () => {
  const child = run("--json", "--data", "left", ...FREE_PORTS);
  const { openapi, accessKeyId, accessKeySecret, products } = JSON.parse(
    await firstLine(child),
  ) as Printed;
  const file = join(folder, "left", "access.json");
  const productKeys = products.map(({ productKey }) => productKey);
  const expected = { openapi, accessKeyId, accessKeySecret, productKeys };
  assert.deepEqual(JSON.parse(await readFile(file, "utf8")), expected);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const end = finish(child);
  child.kill("SIGTERM");
  assert.equal((await end).code, 0);
  await assert.rejects(stat(file), { code: "ENOENT" });
});

for (const [args, expected] of [
  [["--port-mqtt", "70000"], /--port-mqtt is "70000".*0 to 65535/],
  [["--port-openapi", "x"], /--port-openapi is "x"/],
  [["--prot-mqtt", "1"], /--prot-mqtt/],
  [["--products", "none.json", "--memory", ...FREE_PORTS], /none\.json can't be read/],
  [["--data", "d", "--memory"], /exclude each other/],
] as const) {
  test(`${args.slice(0, 2).join(" ")} is refused with code 2`, async () => {
    const { code, out, err } = await finish(run(...args));
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, expected);
  });
}

test("a port in use is refused with code 2, naming it", async () => {
  const child = run("--json", "--memory", ...FREE_PORTS);
  const { mqtt } = JSON.parse(await firstLine(child)) as Printed;
  const port = mqtt.split(":")[1] as string;
  const second = await finish(run("--memory", ...FREE_PORTS, "--port-mqtt", port));
  assert.equal(second.code, 2);
  assert.match(second.err, new RegExp(`127\\.0\\.0\\.1:${port}: the port is in use`));
  const end = finish(child);
  child.kill("SIGTERM");
  await end;
});

test("without --json it prints endpoints and the credentials of a device", async () => {
  const child = run("--memory", ...FREE_PORTS);
  const lines: string[] = [];
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes("Ctrl+C")) child.kill("SIGTERM");
  }
  const text = lines.join("\n");
  assert.match(text, /MQTT {2,}127\.0\.0\.1:\d+/);
  assert.match(text, /deviceSecret +[0-9a-f]{32}/);
});

test("--help tells the options", async () => {
  const { code, out } = await finish(run("--help"));
  assert.equal(code, 0);
  for (const option of ["--products", "--data", "--port-mqtt", "--port-mqtts", "--port-openapi"]) {
    assert.ok(out.includes(option), option);
  }
});
