/**
 * The doctor: with a board that is online, with faults of each kind, and with no board at all.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkCertificates, checkExpiry } from "../../host/doctor/certificates.ts";
import { checkDependencies, checkNode, checkPorts } from "../../host/doctor/computer.ts";
import { type Check, checkLines, type DoctorOptions, examine } from "../../host/doctor/index.ts";
import { openVirtual, type VirtualTarget } from "../../host/monitor/virtual.ts";
import type { Board } from "../../host/serial/index.ts";
import { program } from "../compiled/program.ts";

const folder = mkdtempSync(join(tmpdir(), "doctor-"));
let target: VirtualTarget;

before(async () => {
  target = await openVirtual("linux");
  await target.stage.watch.wait("log-on", 0, ({ kind }) => kind === "status");
});
after(async () => {
  await target.close();
  rmSync(folder, { recursive: true });
});

async function states(
  options: DoctorOptions,
): Promise<{ checks: Map<string, Check>; text: string }> {
  const checks = new Map<string, Check>();
  const lines: string[] = [];
  for await (const check of examine(options)) {
    checks.set(check.name, check);
    lines.push(...checkLines(check));
  }
  return { checks, text: lines.join("\n") };
}

/** Settings of the demo's second device, which is not online, with some changed. */
function config(name: string, changes: Record<string, unknown> = {}): string {
  const { products, endpoints } = target.stage.cloud;
  const [product] = products;
  const device = product?.devices[1] ?? product?.devices[0];
  const { host, port } = endpoints.mqtt;
  const { productKey } = product ?? {};
  const file = join(folder, name);
  const server = `${host}:${port}`;
  writeFileSync(file, JSON.stringify({ productKey, ...device, server, ...changes }));
  return file;
}

test("a board that is online has nothing to complain about", async () => {
  const { checks, text } = await states({ board: target.board });
  for (const name of [
    "node",
    "board",
    "interpreter",
    "clock",
    "firmware",
    "broker",
    "credentials",
  ]) {
    assert.equal(checks.get(name)?.state, "ok", text);
  }
  assert.match(checks.get("firmware")?.text ?? "", /version \S+ runs and is online/);
  assert.equal(checks.get("settings")?.state, "skip", text);
});

test("certificates that end within a year are warned of", async () => {
  const { cloud } = target.stage;
  const day = 24 * 60 * 60 * 1000;
  const ten = Date.now() + 3650 * day;
  const look = (pem: string, now: number) => checkExpiry("ca.pem", pem, "docs/tls.md", now);
  assert.equal(look(cloud.ca, Date.now()).state, "ok");
  assert.equal(look(cloud.ca, ten - 366 * day).state, "ok");
  assert.match(
    look(cloud.ca, ten - 300 * day).text,
    /expires on \d{4}-\d\d-\d\d, in (299|300) days/,
  );
  assert.equal(look(cloud.ca, ten - 300 * day).state, "warn");
  assert.equal(look(cloud.ca, ten + 2 * day).state, "fail");
  assert.equal(look("no certificate", ten).state, "fail");
  assert.equal(look(cloud.ca.replace(/M/, "!"), ten).state, "fail");

  // Of a board: only what is there.
  assert.deepEqual(await checkCertificates(target.board), []);
  const query = async (asked: string) => (asked.includes('"ca.pem"') ? cloud.ca : null);
  const [ca, ...others] = await checkCertificates({ query } as unknown as Board);
  assert.equal(ca?.state, "ok");
  assert.deepEqual(others, []);
});

test("settings are checked, the platform is reached, and the credentials are tried when asked", async () => {
  const good = await states({ board: target.board, config: config("good.json"), logOn: true });
  for (const name of ["settings", "broker", "credentials"]) {
    assert.equal(good.checks.get(name)?.state, "ok", good.text);
  }
  const secret = "0123456789abcdef0123456789abcdef";
  const wrong = config("wrong.json", { deviceSecret: secret });
  const bad = await states({ board: target.board, config: wrong, logOn: true });
  assert.equal(bad.checks.get("credentials")?.state, "fail", bad.text);
  assert.match(bad.checks.get("credentials")?.text ?? "", /secret is wrong/);
  assert.ok(!bad.text.includes(secret));
});

test("each fault has its next step", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const away = config("away.json", { server: `127.0.0.1:${port}` });
  const { checks, text } = await states({ port: `tcp://127.0.0.1:${port}`, config: away });
  for (const name of ["board", "broker"]) assert.equal(checks.get(name)?.state, "fail", text);
  assert.match(checks.get("broker")?.next ?? "", /npm run cloud/);
  const odd = await states({
    port: `tcp://127.0.0.1:${port}`,
    config: config("odd.json", { qos: 7 }),
  });
  assert.match(odd.checks.get("settings")?.text ?? "", /qos/);
  for (const check of [...checks.values(), ...odd.checks.values()]) {
    if (check.state === "fail" || check.state === "warn") assert.ok(check.next, check.name);
  }
});

test("this computer: Node, packages, rights on ports", async () => {
  assert.equal(checkNode("20.12.0").state, "ok");
  assert.equal(checkNode("22.1.0").state, "ok");
  assert.match(checkNode("18.20.4").text, /too old/);
  assert.equal(checkDependencies().state, "ok");
  const copy = join(folder, "project");
  const write = (file: string, value: object) => {
    mkdirSync(join(copy, file, ".."), { recursive: true });
    writeFileSync(join(copy, file), JSON.stringify(value));
  };
  const packages = {
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "1.0.0" },
  };
  write("package.json", { devDependencies: { a: "^1.0.0", b: "^1.0.0" } });
  write("package-lock.json", { packages });
  write("node_modules/a/package.json", { version: "1.0.1" });
  assert.match(checkDependencies(copy).text, /another version: a, b$/);

  const found = (...paths: string[]) =>
    checkPorts(async () => paths.map((path) => ({ path, description: "x" })));
  const file = join(folder, "good.json");
  assert.equal((await found(file)).state, "ok");
  assert.equal((await found(file, file)).state, "warn");
  assert.match((await found(join(folder, "none"))).text, /no right to use/);
  assert.equal((await found()).state, "ok");
});

test("the command gives JSON and exit codes", async () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number | null; out: string }>((resolve) => {
      const script = join(import.meta.dirname, "../../host/cli/doctor.ts");
      const command = [...program(script), ...args];
      const child = spawn(process.execPath, command, {
        cwd: folder,
        stdio: ["ignore", "pipe", "ignore"],
      });
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        out += text;
      });
      child.on("close", (code) => resolve({ code, out }));
    });
  const [failed, misused] = await Promise.all([
    run("--json", "--port", "tcp://127.0.0.1:1"),
    run("--port"),
  ]);
  assert.equal(failed.code, 1, failed.out);
  const { ok, checks } = JSON.parse(failed.out);
  assert.equal(ok, false);
  assert.equal(checks.find(({ name }: Check) => name === "board").state, "fail");
  assert.equal(misused.code, 2);
});
