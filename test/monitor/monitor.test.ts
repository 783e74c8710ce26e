/**
 * The monitor on a virtual board's console over TCP: lines, levels, files, a connection that comes back.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import * as linux from "../../boards/linux.ts";
import { ConsoleServer, createVirtualBoard, type VirtualBoard } from "../../host/board/index.ts";
import { type MonitorOptions, monitor } from "../../host/monitor/index.ts";
import { parseLogLine, showLine } from "../../host/monitor/log-line.ts";
import { type Board, openBoard } from "../../host/serial/index.ts";

const folder = mkdtempSync(join(tmpdir(), "monitor-"));
let machine: VirtualBoard;
let server: ConsoleServer;
let port: number;

before(async () => {
  machine = createVirtualBoard({ board: linux, flash: join(folder, "espruino.flash") });
  await machine.powerOn();
  server = new ConsoleServer(machine);
  port = await server.listen();
});
after(async () => {
  await server.close();
  await machine.close();
  rmSync(folder, { recursive: true });
});

const open = (): Promise<Board> => openBoard(`tcp://127.0.0.1:${port}`);

/** A monitor, the lines that it has written, and how to wait for one. */
class Watched {
  readonly lines: string[] = [];
  private readonly ended = new AbortController();
  private look = () => {};
  private running: Promise<void> = Promise.resolve();

  async start(options: Partial<MonitorOptions> = {}): Promise<this> {
    const board = await open();
    const write = (line: string) => {
      this.lines.push(line);
      this.look();
    };
    this.running = monitor(board, { write, signal: this.ended.signal, ...options }).finally(() =>
      board.close(),
    );
    return this;
  }

  async line(wanted: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => wanted.test(line));
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.look = resolve;
      });
    }
  }

  async end(): Promise<void> {
    this.ended.abort();
    await this.running;
  }
}

const print = (text: string) => `print(${JSON.stringify(text)})`;
let watched: Watched;
beforeEach(() => {
  watched = new Watched();
});

test("lines have this computer's time; prompts, echo and control characters are left out", async () => {
  await watched.start();
  machine.type(`\x10${print("12.5 info ali: logged on")}\n`);
  const line = await watched.line(/logged on/);
  assert.match(line, /^\d\d:\d\d:\d\d\.\d{3} info {2}ali: logged on$/);
  machine.type(`${print("a\x07b\x1b[31mc")}\n`);
  assert.match(await watched.line(/abc/), /^\S+ abc$/);
  machine.type(`\x10${print(Buffer.from("温度 5 °C").toString("latin1"))}\n`);
  assert.match(await watched.line(/温度/), /^\S+ 温度 5 °C$/);
  await watched.end();
});

test("as JSON, a line of the log is taken apart", async () => {
  await watched.start({ json: true });
  machine.type(`\x10${print("12.5 warn link: weak: 3")}\n`);
  const { at, ...rest } = JSON.parse(await watched.line(/weak/));
  assert.ok(Math.abs(Date.now() - Date.parse(at)) < 60_000);
  assert.deepEqual(rest, { seconds: 12.5, level: "warn", part: "link", text: "weak: 3" });
  machine.type(`\x10${print("no log")}\n`);
  assert.equal(JSON.parse(await watched.line(/no log/)).text, "no log");
  await watched.end();
});

test("a file keeps all lines with date and time", async () => {
  const log = join(folder, "board.log");
  await watched.start({ log });
  machine.type(`\x10${print("12.5 debug mqtt: < PINGRESP")}\n`);
  await watched.line(/PINGRESP/);
  await watched.end();
  assert.match(readFileSync(log, "utf8"), /^\d{4}-\d\d-\d\dT\S+Z 12\.5 debug mqtt: < PINGRESP$/m);
});

test("a board that is unplugged is waited for", async () => {
  await watched.start({ reopen: open });
  machine.type(`\x10${print("before")}\n`);
  await watched.line(/before/);
  await server.close();
  await watched.line(/waiting for it/);
  server = new ConsoleServer(machine);
  await server.listen(port);
  await watched.line(/is back/);
  machine.type(`\x10${print("after")}\n`);
  await watched.line(/after/);
  await watched.end();
});

test("without a way to open it again, the monitor ends with the board", async () => {
  await watched.start();
  await server.close();
  await watched.end();
  server = new ConsoleServer(machine);
  await server.listen(port);
});

test("levels are coloured, and only levels of the log", () => {
  const at = new Date(2026, 0, 1, 9, 8, 7, 6);
  assert.equal(showLine("3.0 error ali: no", at, false), "09:08:07.006 error ali: no");
  const red = "\x1b[31m";
  assert.ok(showLine("3.0 error ali: no", at, true).includes(`${red}error`));
  assert.ok(showLine("Uncaught Error: no", at, true).includes(`${red}Uncaught`));
  assert.ok(!showLine("an error here", at, true).includes(red));
  assert.equal(parseLogLine("error ali: no"), undefined);
  assert.deepEqual(parseLogLine("1795386302.9 info ota: a: b"), {
    seconds: 1795386302.9,
    level: "info",
    part: "ota",
    text: "a: b",
  });
});
