/**
 * The thread that virtual boards run in, one after the other: the interpreter, its flash file, its idle
 * loop. An endless loop of a script hangs this thread only; switching the power off can always end it.
 * @module
 */
import { type MessagePort, parentPort, receiveMessageOnPort } from "node:worker_threads";
import { FlashImage } from "../flash/flash-image.ts";
import { PowerCut } from "../flash/nor-flash.ts";
import { runsOnLinux } from "../interpreter/core.ts";
import type { Host, WifiWorld } from "../interpreter/host.ts";
import { type OffCause, Runner } from "../interpreter/runner.ts";
import { PortDriver } from "./driver.ts";
import {
  type Begin,
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

const startOfTime = performance.timeOrigin;

/** A board, as long as it has the thread. */
class Occupant {
  private readonly memory: Int32Array;
  private readonly waiting: ToWorker[] = [];
  private readonly driver: PortDriver;
  private runner: Runner | undefined;
  private image: FlashImage | undefined;
  private generation = 0;
  private wake: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private consoleSent = 0;
  private wifi: WifiWorld;
  /** Names of pins that something pulls low. */
  private readonly lowPins = new Set<string>();

  constructor(
    private readonly setup: WorkerSetup,
    private readonly port: MessagePort,
  ) {
    this.memory = new Int32Array(setup.memory);
    this.wifi = setup.wifi;
    this.driver = new PortDriver(
      (message) => this.post(message),
      (request) => this.ask(request),
    );
    port.on("message", (message: ToWorker) => {
      this.waiting.push(message);
      this.schedule(0);
    });
  }

  private post(message: FromWorker): void {
    this.port.postMessage(message);
  }

  private get isPowered(): boolean {
    return Atomics.load(this.memory, shared.power) === this.generation;
  }

  /** Asks the main thread and waits for its answer, as nothing else runs in the meantime. */
  private ask(request: Request): unknown {
    Atomics.store(this.memory, shared.reply, 0);
    this.post({ kind: "request", request });
    for (;;) {
      Atomics.wait(this.memory, shared.reply, 0, 1000);
      if (!this.isPowered) throw new PowerCut("switched off");
      for (;;) {
        const received = receiveMessageOnPort(this.port);
        if (!received) break;
        const message = received.message as ToWorker;
        if (message.kind === "reply") return message.result;
        this.waiting.push(message);
      }
    }
  }

  private output(text: string): void {
    if (!this.isPowered) throw new PowerCut("switched off");
    this.post({ kind: "console", text });
    this.consoleSent = (this.consoleSent + text.length) | 0;
    for (;;) {
      const taken = Atomics.load(this.memory, shared.consoleTaken);
      if (((this.consoleSent - taken) | 0) <= consoleWindow || !this.isPowered) return;
      Atomics.wait(this.memory, shared.consoleTaken, taken, 100);
    }
  }

  private host(opened: FlashImage): Host {
    const size = runsOnLinux(this.setup.board) ? ringBytes.linux : ringBytes.chip;
    const lines = new Map(
      this.setup.serialPorts.map((port, index) => {
        const { generation } = this;
        const send = (bytes: string) => this.post({ kind: "serial-send", port, bytes, generation });
        const place = shared.serialTaken + index;
        return [port, new RingLine(this.memory, place, size, send, () => this.isPowered)];
      }),
    );
    const wifi = () => this.wifi;
    return {
      now: () => startOfTime + performance.now(),
      flash: opened.flash,
      output: (text) => this.output(text),
      network: this.driver,
      secure: (options) => new NodeTlsChannel(options, () => this.schedule(0)),
      resolve: (name) => this.ask({ kind: "resolve", host: name }) as string | undefined,
      serial: (name) => lines.get(name),
      get wifi() {
        return wifi();
      },
      isLow: (pin) => this.lowPins.has(pin),
      drive: (pin, level) => this.post({ kind: "pin", pin, level }),
      interrupted: () => {
        if (!this.isPowered) throw new PowerCut("switched off");
        return Atomics.exchange(this.memory, shared.interrupt, 0) === 1;
      },
    };
  }

  private powerOn(number: number, faults: PlannedFault[]): void {
    this.generation = number;
    this.image?.close();
    const image = FlashImage.open(this.setup.flash, this.setup.board.machine);
    this.image = image;
    const { flash } = image;
    flash.hook = () => {
      if (!this.isPowered) return { kind: "cut", bytes: 0 };
      return faults.find((planned) => planned.operation === flash.operations)?.fault;
    };
    this.post({ kind: "on" });
    this.runner = new Runner(this.setup.board, this.host(image), {
      isPowered: () => this.isPowered,
      restarting: () => this.driver.closeAll(),
      rebooted: (cause) => this.post({ kind: "rebooted", cause }),
      off: (cause) => this.off(cause),
    });
    this.schedule(0);
  }

  private off(cause: OffCause): void {
    this.runner = undefined;
    this.cancel();
    this.driver.closeAll();
    const operations = this.image?.flash.operations ?? 0;
    this.image?.close();
    this.image = undefined;
    this.post({ kind: "off", cause, operations });
  }

  private cancel(): void {
    if (this.wake === undefined) return;
    clearTimeout(this.wake as NodeJS.Timeout);
    clearImmediate(this.wake as NodeJS.Immediate);
    this.wake = undefined;
  }

  private schedule(ms: number): void {
    this.cancel();
    // Messages may have come in while the interpreter waited for an answer.
    if (ms === 0 || this.waiting.length > 0) this.wake = setImmediate(() => this.turn());
    else if (ms !== Number.POSITIVE_INFINITY)
      this.wake = setTimeout(() => this.turn(), Math.min(Math.ceil(ms), 1 << 30));
  }

  private turn(): void {
    this.wake = undefined;
    const { waiting } = this;
    for (let message = waiting.shift(); message; message = waiting.shift()) this.hear(message);
    const current = this.runner;
    const ms = current?.turn();
    if (ms !== undefined && this.runner === current) this.schedule(ms);
  }

  private hear(message: ToWorker): void {
    const { runner, lowPins } = this;
    if (message.kind === "power-on") {
      lowPins.clear();
      for (const pin of message.lowPins) lowPins.add(pin);
      this.powerOn(message.generation, message.faults);
    } else if (message.kind === "pin") {
      if (message.low) lowPins.add(message.pin);
      else lowPins.delete(message.pin);
    } else if (message.kind === "power-off") {
      if (runner) runner.stop("switched");
      else this.off("switched");
    } else if (message.kind === "type") runner?.interpreter?.type(message.text);
    else if (message.kind === "wifi") this.wifi = message.world;
    else if (message.kind === "serial")
      runner?.interpreter?.receiveSerial(message.port, message.bytes);
    else this.driver.hear(message);
  }
}

if (parentPort === null) throw new Error("the board's worker has no parent");
// Messages of an earlier board may still be on their way: each board has a port of its own.
parentPort.on("message", ({ setup, port }: Begin) => new Occupant(setup, port));
