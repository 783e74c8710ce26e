/**
 * `npm run provision`: flags, what is printed, exit codes.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { program } from "../compiled/program.ts";
import { VirtualRig } from "./rig.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/provision.ts");
const folder = mkdtempSync(join(tmpdir(), "provision-"));
const CONFIG = join(folder, "device.json");
let rig: VirtualRig;
before(async () => {
  const settings = {
    productKey: "a1AliotDemo",
    deviceName: "demo_0001",
    deviceSecret: "d3vice-s3cret",
    server: "127.0.0.1:1",
    wifi: [{ ssid: "home", password: "w1fi-s3cret" }],
  };
  writeFileSync(CONFIG, JSON.stringify(settings));
  rig = await VirtualRig.start("esp32");
});
after(async () => {
  await rig.close();
  rmSync(folder, { recursive: true });
});

function run(
  args: string[],
  input = "",
): Promise<{ code: number | null; out: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program(SCRIPT), ...args]);
    let out = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    child.on("close", (code) => {
      for (const secret of ["s3cret", "PIN9"]) assert.ok(!`${out}${errors}`.includes(secret));
      resolve({ code, out, errors });
    });
    child.stdin.end(input);
  });
}

test("a file, then one field, then what the board has", async () => {
  const checked = await run(["--config", CONFIG, "--check", "--json"]);
  assert.deepEqual([checked.code, checked.out], [0, '{"ok":true}\n'], checked.errors);
  const all = await run(["--port", rig.port, "--config", CONFIG]);
  assert.equal(all.code, 0, all.errors);
  assert.equal(all.out, "esp32: the firmware runs with these settings\n");
  const args = [
    "--set",
    "qos=0",
    "--set",
    "deviceSecret=-",
    "--set",
    "productSecret=-",
    "--show",
    "--json",
  ];
  const some = await run(["--port", rig.port, ...args], "new-s3cret\nold-s3cret\n");
  assert.equal(some.code, 0, some.errors);
  assert.deepEqual(JSON.parse(some.out), {
    board: "esp32",
    settings: {
      productKey: "a1AliotDemo",
      deviceName: "demo_0001",
      deviceSecret: null,
      server: "127.0.0.1:1",
      wifi: [{ ssid: "home", password: null }],
      qos: 0,
      productSecret: null,
    },
  });
  assert.ok(rig.flash().includes('"deviceSecret":"new-s3cret"'));
  assert.ok(rig.flash().includes('"productSecret":"old-s3cret"'));
  assert.ok(!rig.heard().includes("s3cret"));
});

test("a command line, a file or a port that can't be used", async () => {
  const bad = join(folder, "bad.json");
  writeFileSync(bad, '{"deviceSecret":"s3cret","qos":3}');
  for (const [args, code, expected] of [
    [[], 2, /--config, --set, --unset, --ask or --show is missing/],
    [["--show", "--board", "pc"], 2, /--board pc: expected one of esp32,/],
    [
      ["--config", bad],
      1,
      /bad\.json: productKey is missing\n.*bad\.json: .*\n.*qos has to be one of 0, 1/s,
    ],
    [["--set", "deviceSecret=-"], 2, /deviceSecret=-: standard input has no line for it/],
    [["--show", "--port", "tcp://127.0.0.1:1"], 4, /127\.0\.0\.1:1/],
  ] as [string[], number, RegExp][]) {
    const { code: found, errors } = await run(args);
    assert.equal(found, code, `${args.join(" ")}\n${errors}`);
    assert.match(errors, expected);
  }
});
