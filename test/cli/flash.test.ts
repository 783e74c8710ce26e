/**
 * `./flash.sh` as a person runs it: a virtual board at a pseudo terminal, and wrong use.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import { noPty } from "../../host/modem/pty.ts";
import { closeLater, folder, printed, start } from "../board/started.ts";
import { Wire } from "../serial/wire.ts";

const SCRIPT = join(import.meta.dirname, "../../flash.sh");
const SECRET = "s".repeat(32);

function begin(...args: string[]) {
  // Not from the project's folder: paths are the caller's.
  const child = spawn("sh", [SCRIPT, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const run = { child, out: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (run.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (run.errors += text));
  return run;
}

async function flash(...args: string[]) {
  const run = begin(...args);
  const [code] = await once(run.child, "close");
  return { code, out: run.out, errors: run.errors };
}

test("flashes firmware and settings, sends nothing twice, and goes on as a monitor", {
  skip: noPty() ?? false,
}, async () => {
  const virtual = await start("", { board: esp32 });
  const wire = await Wire.open(virtual);
  closeLater(wire);
  const settings = {
    productKey: "a1b2c3d4e5f",
    productSecret: "p".repeat(16),
    deviceName: "device",
    deviceSecret: SECRET,
    server: "127.0.0.1:9",
  };
  const wifi = [{ ssid: "virtual", password: "virtual-board" }];
  writeFileSync(join(folder, "device.json"), JSON.stringify({ ...settings, wifi }));

  const first = await flash("--port", wire.path, "--config", "device.json", "--json");
  assert.equal(first.code, 0, first.errors);
  const result = JSON.parse(first.out);
  assert.deepEqual(result.sent, ["factory", "slot.a", "slot.b", ".boot0"]);
  assert.equal(result.settings, true);
  assert.match(first.errors, /suits esp32\n.*factory +\d+ of \d+ bytes, 100 %/s);
  await printed(virtual, /info wifi: connected to virtual/);

  const second = begin("--port", wire.path);
  const closed = once(second.child, "close");
  await new Promise<void>((resolve) => {
    second.child.stdout.on("data", () => {
      if (/info.*board: esp32.*done in/s.test(second.out)) resolve();
    });
    void closed.then(() => resolve());
  });
  second.child.kill("SIGINT");
  assert.deepEqual(await closed, [0, null], second.out + second.errors);
  assert.match(second.out, /holds this firmware already/);
  for (const text of [first.out, first.errors, second.out, second.errors, virtual.heard]) {
    assert.ok(!text.includes(SECRET), "a secret shows");
  }
});

test("wrong use ends with code 2, what can't be opened with 4", async () => {
  const unknown = await flash("--board", "toaster");
  assert.equal(unknown.code, 2);
  assert.match(unknown.errors, /--board toaster: expected one of esp32, .*\nusage: /);

  writeFileSync(join(folder, "bad.json"), `{"deviceSecret":"${SECRET}",`);
  const bad = await flash("--port", "tcp://127.0.0.1:1", "--config", "bad.json");
  assert.equal(bad.code, 2);
  assert.match(bad.errors, /bad\.json.*not valid JSON/);
  assert.ok(!bad.errors.includes(SECRET), "the file is quoted");

  const nobody = await flash("--port", "tcp://127.0.0.1:1");
  assert.equal(nobody.code, 4);
  assert.match(nobody.errors, /nobody listens/);
});
