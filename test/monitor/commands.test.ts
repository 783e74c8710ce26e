/**
 * `npm run monitor` and `npm run repl` as programs: exit codes, JSON, use without a terminal.
 * @module
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as linux from "../../boards/linux.ts";
import { ConsoleServer, createVirtualBoard, type VirtualBoard } from "../../host/board/index.ts";
import { program } from "../compiled/program.ts";

const folder = mkdtempSync(join(tmpdir(), "commands-"));
let machine: VirtualBoard;
let server: ConsoleServer;
let port: string;

before(async () => {
  machine = createVirtualBoard({ board: linux, flash: join(folder, "espruino.flash") });
  await machine.powerOn();
  server = new ConsoleServer(machine);
  port = `tcp://127.0.0.1:${await server.listen()}`;
});
after(async () => {
  await server.close();
  await machine.close();
  rmSync(folder, { recursive: true });
});

function start(command: string, ...args: string[]): ChildProcess & { heard: { text: string } } {
  const script = join(import.meta.dirname, `../../host/cli/${command}.ts`);
  const child = spawn(process.execPath, [...program(script), ...args]);
  const heard = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      heard.text += text;
      child.emit("heard");
    });
  }
  return Object.assign(child, { heard });
}

async function run(input: string, command: string, ...args: string[]) {
  const child = start(command, ...args);
  child.stdin?.end(input);
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, text: child.heard.text };
}

test("the REPL evaluates for scripts, and tells by its exit code how it went", async () => {
  const [value, thrown, lines, nobody, misused] = await Promise.all([
    run("", "repl", "--port", port, "--eval", "({a:[1,2]})"),
    run("", "repl", "--port", port, "--eval", "nothing()"),
    run("1+1\nnothing()\n", "repl", "--port", port),
    run("", "repl", "--port", "tcp://127.0.0.1:1", "--eval", "1"),
    run("", "repl", "--virtual", "--port", port),
  ]);
  assert.deepEqual([value.code, value.text], [0, '{"a":[1,2]}\n']);
  assert.equal(thrown.code, 1);
  assert.match(thrown.text, /^Uncaught .*nothing/);
  assert.equal(lines.code, 1);
  assert.match(lines.text, /^= 2\nUncaught ReferenceError: "nothing" is not defined\n/);
  assert.equal(nobody.code, 4, nobody.text);
  assert.equal(misused.code, 2);
  assert.match(misused.text, /exclude each other/);
});

test("the monitor ends with 0 on Ctrl-C, and has written its file", async () => {
  const log = join(folder, "board.log");
  machine.type('\x10setInterval(()=>print("7.5 info app: here"),100)\n');
  const child = start("monitor", "--port", port, "--json", "--log", log);
  const ended = new Promise((resolve) => child.on("close", resolve));
  // Until the monitor listens, nothing of this is heard. The board says it by itself: what was typed
  // here could come into the middle of what the monitor types.
  await new Promise<void>((resolve) => {
    child.on("heard", () => {
      if (child.heard.text.includes('"app"')) resolve();
    });
  });
  child.kill("SIGINT");
  assert.equal(await ended, 0);
  const [line = ""] = child.heard.text.split("\n");
  const { at: _, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, { seconds: 7.5, level: "info", part: "app", text: "here" });
  assert.match(readFileSync(log, "utf8"), /Z 7\.5 info app: here\n/);
});
