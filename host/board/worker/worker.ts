/**
 * The thread that a virtual board runs in: the interpreter, its flash file, its idle loop. An
 * endless loop of a script hangs this thread only; switching the power off can always end it.
 * @module
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { FlashImage } from "../flash/flash-image.ts";
import { PowerCut } from "../flash/nor-flash.ts";
import { runsOnLinux } from "../interpreter/core.ts";
import type { Host } from "../interpreter/host.ts";
import { type OffCause, Runner } from "../interpreter/runner.ts";
import { PortDriver } from "./driver.ts";
import {
  type FromWorker,
  type PlannedFault,
  type Request,
  shared,
  type ToWorker,
  type WorkerSetup,
} from "./messages.ts";
import { RingLine, ringBytes } from "./serial-line.ts";
import { NodeTlsChannel } from "./tls-channel.ts";

/** Console bytes that may be on the way before printing waits. */
const consoleWindow = 1 << 16;

const setup = workerData as WorkerSetup;
const memory = new Int32Array(setup.memory);
const port = parentPort ?? fail("the board's worker has no parent");
const waiting: ToWorker[] = [];
let runner: Runner | undefined;
let image: FlashImage | undefined;
let generation = 0;
let wake: NodeJS.Timeout | NodeJS.Immediate | undefined;
let consoleSent = 0;
let wifi = setup.wifi;
/** Names of pins that something pulls low. */
const lowPins = new Set<string>();

function fail(text: string): never {
  throw new Error(text);
}

function post(message: FromWorker): void {
  port.postMessage(message);
}

const isPowered = () => Atomics.load(memory, shared.power) === generation;

/** Asks the main thread and waits for its answer, as nothing else runs in the meantime. */
function ask(request: Request): unknown {
  Atomics.store(memory, shared.reply, 0);
  post({ kind: "request", request });
  for (;;) {
    Atomics.wait(memory, shared.reply, 0, 1000);
    if (!isPowered()) throw new PowerCut("switched off");
    for (;;) {
      const received = receiveMessageOnPort(port);
      if (!received) break;
      const message = received.message as ToWorker;
      if (message.kind === "reply") return message.result;
      waiting.push(message);
    }
  }
}

const driver = new PortDriver(post, ask);

function output(text: string): void {
  if (!isPowered()) throw new PowerCut("switched off");
  post({ kind: "console", text });
  consoleSent = (consoleSent + text.length) | 0;
  for (;;) {
    const taken = Atomics.load(memory, shared.consoleTaken);
    if (((consoleSent - taken) | 0) <= consoleWindow || !isPowered()) return;
    Atomics.wait(memory, shared.consoleTaken, taken, 100);
  }
}

const startOfTime = performance.timeOrigin;

function host(opened: FlashImage): Host {
  const size = runsOnLinux(setup.board) ? ringBytes.linux : ringBytes.chip;
  const lines = new Map(
    setup.serialPorts.map((port, index) => {
      const send = (bytes: string) => post({ kind: "serial-send", port, bytes, generation });
      const place = shared.serialTaken + index;
      return [port, new RingLine(memory, place, size, send, isPowered)];
    }),
  );
  return {
    now: () => startOfTime + performance.now(),
    flash: opened.flash,
    output,
    network: driver,
    secure: (options) => new NodeTlsChannel(options, () => schedule(0)),
    resolve: (name) => ask({ kind: "resolve", host: name }) as string | undefined,
    serial: (name) => lines.get(name),
    get wifi() {
      return wifi;
    },
    isLow: (pin) => lowPins.has(pin),
    drive: (pin, level) => post({ kind: "pin", pin, level }),
    interrupted: () => {
      if (!isPowered()) throw new PowerCut("switched off");
      return Atomics.exchange(memory, shared.interrupt, 0) === 1;
    },
  };
}

function powerOn(number: number, faults: PlannedFault[]): void {
  generation = number;
  image?.close();
  image = FlashImage.open(setup.flash, setup.board.machine);
  const { flash } = image;
  flash.hook = () => {
    if (!isPowered()) return { kind: "cut", bytes: 0 };
    return faults.find((planned) => planned.operation === flash.operations)?.fault;
  };
  post({ kind: "on" });
  runner = new Runner(setup.board, host(image), {
    isPowered,
    restarting: () => driver.closeAll(),
    rebooted: (cause) => post({ kind: "rebooted", cause }),
    off,
  });
  schedule(0);
}

function off(cause: OffCause): void {
  runner = undefined;
  cancel();
  driver.closeAll();
  const operations = image?.flash.operations ?? 0;
  image?.close();
  image = undefined;
  post({ kind: "off", cause, operations });
}

function cancel(): void {
  if (wake === undefined) return;
  clearTimeout(wake as NodeJS.Timeout);
  clearImmediate(wake as NodeJS.Immediate);
  wake = undefined;
}

function schedule(ms: number): void {
  cancel();
  // Messages may have come in while the interpreter waited for an answer.
  if (ms === 0 || waiting.length > 0) wake = setImmediate(turn);
  else if (ms !== Number.POSITIVE_INFINITY)
    wake = setTimeout(turn, Math.min(Math.ceil(ms), 1 << 30));
}

function turn(): void {
  wake = undefined;
  for (let message = waiting.shift(); message; message = waiting.shift()) hear(message);
  const current = runner;
  const ms = current?.turn();
  if (ms !== undefined && runner === current) schedule(ms);
}

function hear(message: ToWorker): void {
  if (message.kind === "power-on") {
    lowPins.clear();
    for (const pin of message.lowPins) lowPins.add(pin);
    powerOn(message.generation, message.faults);
  } else if (message.kind === "pin") {
    if (message.low) lowPins.add(message.pin);
    else lowPins.delete(message.pin);
  } else if (message.kind === "power-off") {
    if (runner) runner.stop("switched");
    else off("switched");
  } else if (message.kind === "type") runner?.interpreter?.type(message.text);
  else if (message.kind === "wifi") wifi = message.world;
  else if (message.kind === "serial")
    runner?.interpreter?.receiveSerial(message.port, message.bytes);
  else driver.hear(message);
}

port.on("message", (message: ToWorker) => {
  waiting.push(message);
  schedule(0);
});
