/**
 * The modem's driver on the interpreter, at the simulated module over a pseudo terminal paced like
 * 115200 baud: variables with two sockets open, processor time against a handler that drops the very
 * bytes that the module sent, and the rate of a download.
 * @module
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { Modem, RealClock } from "../host/modem/index.ts";
import { noPty, Pty } from "../host/modem/pty.ts";
import { Uart } from "../host/modem/uart.ts";
import {
  buildProgram,
  type Engine,
  interpreters,
  noInterpreter,
  Run,
} from "../test/mqtt/interpreter.ts";
import { measureDriven } from "./link/driven.ts";
import type { Bench, Row } from "./run.ts";

export const name = "Modem driver on the interpreter, a file of 64 KB at 115200 baud";
export const uses: Bench["uses"] = ["interpreter", "interpreter32"];

const SIZE = 64 << 10;
/** Bytes a second that 10 bits each leave. */
const WIRE = 11_520;

/** Seconds that a process's main thread has run (Linux, proc(5)). */
function busyOf(run: Run): number {
  const text = readFileSync(`/proc/${run.pid}/schedstat`, "latin1");
  return Number(text.split(" ")[0]) / 1e9;
}

/** As on a board: the code stays in Storage, which Linux reads from a file, so slowly. */
const loader = (script: string) => `require("Storage").write("firmware",${JSON.stringify(script)});
eval(require("Storage").read("firmware"));`;

const program = async (file: string) =>
  buildProgram(join(import.meta.dirname, "../test/link/cellular/device", file));

async function serve(answer: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Variables of the bench's program, with two sockets open. */
async function variables(engine: Engine, script: string, settings: object): Promise<number> {
  const run = new Run(engine, loader(script), settings);
  try {
    return Number(await run.line("online"));
  } finally {
    await run.end();
  }
}

/** A module at a pseudo terminal, and what it sends. */
async function openModem() {
  const modem = new Modem({
    start: "ready",
    paced: true,
    trace: (direction, passed) => {
      if (direction === "<") port.bytes += passed;
    },
  });
  const pty = await Pty.open((passed) => void modem.receive(passed));
  modem.connect((passed) => pty.send(passed));
  const port = {
    path: pty.path,
    bytes: "",
    close: () => {
      modem.close();
      return pty.close();
    },
  };
  return port;
}

/** The same over the driver. */
async function measureDriver(engine: Engine, script: string, settings: object): Promise<number> {
  const port = await openModem();
  try {
    return await variables(engine, script, { ...settings, path: port.path });
  } finally {
    await port.close();
  }
}

/** Seconds of a download through the interpreter's `net`. */
async function measureDownload(engine: Engine, script: string, settings: object): Promise<number> {
  const port = await openModem();
  const run = new Run(engine, script, { ...settings, path: port.path });
  try {
    return Number(await run.line("took"));
  } finally {
    await run.end();
    await port.close();
  }
}

/** The processor's share of a program in which nothing happens. */
async function idleOf(run: Run): Promise<number> {
  await pass(500);
  const before = busyOf(run);
  const since = performance.now();
  await pass(2500);
  return (1000 * (busyOf(run) - before)) / (performance.now() - since);
}

/** Seconds from `begun` on, and those of the processor above what it takes idle. */
async function spend(run: Run, idle: number, begin: () => Promise<void> | void) {
  await begin();
  const before = busyOf(run);
  const since = performance.now();
  await run.line("took");
  const took = (performance.now() - since) / 1000;
  return { took, busy: busyOf(run) - before - idle * took };
}

/** What a download takes, and what the module sent meanwhile. */
async function measureBytes(engine: Engine, script: string, settings: object) {
  const port = await openModem();
  const run = new Run(engine, script, { ...settings, path: port.path });
  try {
    await run.line("open");
    const idle = await idleOf(run);
    const spent = await spend(run, idle, async () => {
      await run.line("begin");
      port.bytes = "";
    });
    return { ...spent, bytes: port.bytes };
  } finally {
    await run.end();
    await port.close();
  }
}

/** What the same bytes take into a handler that drops them. */
async function measureRaw(engine: Engine, script: string, bytes: string) {
  const wire = new Uart(
    new RealClock(),
    true,
    () => {},
    () => {},
  );
  const pty = await Pty.open(() => {});
  wire.connect((passed) => pty.send(passed));
  const run = new Run(engine, script, { path: pty.path, bytes: bytes.length });
  try {
    await run.line("begin");
    const idle = await idleOf(run);
    return await spend(run, idle, () => wire.write(bytes));
  } finally {
    await run.end();
    await pty.close();
  }
}

/**
 * Runs the bench on each interpreter that is present. The Linux port looks at its serial ports only
 * each 50 ms while they are quiet, and takes 32 bytes at once when they are not, as no ESP32 does: so
 * its downloads are shown to what a bare handler gets there, and the share of the wire is that of a
 * board whose interpreter takes no time.
 */
export async function bench(): Promise<Row[] | string> {
  const missing = noInterpreter || noPty();
  if (missing) return missing;
  const driver = await program("bench-driver.ts");
  const host = await program("bench-host.ts");
  const direct = await program("bench-bytes.ts");
  const raw = await program("bench-raw.ts");
  const echo = await serve((socket) => socket.pipe(socket));
  const file = await serve((socket) => socket.once("data", () => socket.end(randomBytes(SIZE))));
  const settings = { echo: echo.port, file: file.port, size: SIZE };
  const rows: Row[] = [
    { what: "script", value: driver.length - host.length, unit: "bytes above the host's" },
  ];
  try {
    for (const engine of interpreters()) {
      const add = (what: string, value: number, unit: string, rest: Partial<Row> = {}) =>
        rows.push({ what: `${engine.name}: ${what}`, value, unit, ...rest });
      const without = await variables(engine, host, settings);
      const load = await measureDriver(engine, driver, settings);
      const took = await measureDownload(engine, driver, settings);
      const bytes = await measureBytes(engine, direct, settings);
      const bare = await measureRaw(engine, raw, bytes.bytes);
      const above = "online with two sockets, above the same without driver";
      add(above, load - without, "JsVars", { most: 1200 });
      const kb = SIZE / 1024;
      // Least: a handler that drops the very bytes that the module sent.
      const floor = (bare.busy / kb) * 1e6;
      add("processor per KB", (bytes.busy / kb) * 1e6, "us", { floor, mostTimes: 4 });
      add("download", took, "s", { floor: bare.took });
    }
    rows.push({
      what: "driven board: download",
      value: await measureDriven(SIZE),
      unit: "s",
      // Least: the wire.
      floor: SIZE / WIRE,
      mostTimes: 1 / 0.7,
    });
  } finally {
    echo.close();
    file.close();
  }
  return rows;
}
