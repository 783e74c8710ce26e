/**
 * The `espruino` tool itself on a pseudo terminal, beside ours: what it stores we read, and the other
 * way round. (Over TCP: `test/board/console.test.ts`.)
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
import { openBoard, readFile, writeFile } from "../../host/serial/index.ts";
import { closeLater, folder, start } from "../board/started.ts";
import { Wire } from "./wire.ts";

const MODULES = join(import.meta.dirname, "../../node_modules");
const TOOL = join(MODULES, "espruino/bin/espruino-cli.js");
/** Makes the tool take a port that the system does not list, as it does with pseudo terminals. */
const LISTED = `const { SerialPort } = require(${JSON.stringify(join(MODULES, "serialport"))});
SerialPort.list = async () => [{ path: process.argv[process.argv.indexOf("-p") + 1] }];`;

test("the espruino tool stores a file and prints", { skip: noPty() ?? false }, async () => {
  const virtual = await start("", { board: esp32 });
  const wire = await Wire.open(virtual);
  closeLater(wire);
  const ours = await openBoard(wire.path);
  await writeFile(ours, "ours", Buffer.from("stored by us"));
  await ours.close();

  const preload = join(folder, "listed.cjs");
  const data = join(folder, "theirs.txt");
  writeFileSync(preload, LISTED);
  writeFileSync(data, "stored by the tool ".repeat(20));
  const args = ["-r", preload, TOOL, "--no-ble", "-b", "115200", "-p", wire.path];
  const show = 'print("it holds",require("Storage").read("ours"))';
  args.push("--storage", `theirs:${data}`, "-e", show);
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  await once(child, "close");
  assert.match(out, /it holds stored by us/);

  const again = await openBoard(wire.path);
  closeLater(again);
  assert.equal(String(await readFile(again, "theirs")), "stored by the tool ".repeat(20));
});
