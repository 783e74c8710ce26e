import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { build } from "../../host/build/index.ts";
import { program } from "../compiled/program.ts";
import { buildFaulty } from "../trace/faulty-build.ts";

const cli = join(import.meta.dirname, "../../host/cli/board.ts");

/** Starts the command and gives all that it has printed once `wanted` is among it, or its end. */
async function output(args: string[], wanted: RegExp): Promise<string> {
  const child = spawn(process.execPath, [...program(cli), ...args]);
  let text = "";
  const ended = once(child, "close");
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      // The way out for a person.
      if (wanted.test(text)) child.stdin.write("\x04");
    });
  }
  await ended;
  return text;
}

test("a board with a modem gets a simulated one, which comes online", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "board-cli-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const { firmware } = await build({ board: "esp32-ec600n", quiet: true });
  const config = join(folder, "device.json");
  const settings = {
    productKey: "a1B2c3D4e5F",
    deviceName: "tracker",
    deviceSecret: "0".repeat(32),
  };
  writeFileSync(config, JSON.stringify({ ...settings, server: "127.0.0.1:1", cellular: {} }));
  const flash = join(folder, "espruino.flash");
  const args = ["--board", "esp32-ec600n", "--dir", dirname(firmware), "--config", config];
  const text = await output([...args, "--flash", flash], /modem: online/);
  assert.match(text, /info modem: online, 10\.\d+\.\d+\.\d+/);
});

test("its Wi-Fi finds the network of the settings, whatever it is", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "board-cli-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const { firmware } = await build({ board: "esp32", quiet: true });
  const config = join(folder, "device.json");
  const settings = {
    productKey: "a1B2c3D4e5F",
    deviceName: "tracker",
    deviceSecret: "0".repeat(32),
    wifi: [{ ssid: "home", password: "at-least-8" }],
  };
  writeFileSync(config, JSON.stringify({ ...settings, server: "127.0.0.1:1" }));
  const flash = join(folder, "espruino.flash");
  const args = ["--board", "esp32", "--dir", dirname(firmware), "--config", config];
  const text = await output([...args, "--flash", flash], /wifi: connected/);
  assert.match(text, /info wifi: connected to home/);
});

test("a trace has the places of the TypeScript", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "board-cli-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const { dir } = await buildFaulty();
  const flash = join(folder, "espruino.flash");
  const text = await output(["--board", "linux", "--dir", dir, "--flash", flash], /#END/);
  assert.match(text, /Uncaught .*'last'.*\r\n {4}at latest \(test\/trace\/device\/faulty\.ts:\d+:/);
  assert.match(text, /\r\n {6}return this\.readings\.last; \/\/ at: latest\r\n/);
});

test("a board that there is not is named, with those that there are", async () => {
  const text = await output(["--board", "esp33"], /usage/);
  assert.match(text, /--board esp33: expected one of .*esp32.*linux/);
});
