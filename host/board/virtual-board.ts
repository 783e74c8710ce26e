/**
 * The virtual board: runs what lies in a flash image, in a thread of its own, as the board named
 * would.
 * @module
 */
import type { WifiWorld } from "./interpreter/host.ts";
import type { PinPeer, SerialPeer } from "./peers.ts";
import { type BoardFile, evaluateOnConsole, Listeners, type PoweredBoard } from "./power.ts";
import { SocketService } from "./socket-service.ts";
import { Thread } from "./threads.ts";
import {
  type FromWorker,
  type PlannedFault,
  type Request,
  shared,
  type ToWorker,
  type WorkerSetup,
} from "./worker/messages.ts";

export type { PinPeer, SerialPeer } from "./peers.ts";

export interface VirtualBoardOptions {
  board: BoardFile;
  /** Path of the flash image; an erased one is made when it is missing. */
  flash: string;
  /** What the Wi-Fi sees; by default one network `virtual` with the password `virtual-board`. */
  wifi?: WifiWorld;
  /** Serial ports by name, e.g. `Serial2`. */
  serial?: Record<string, SerialPeer>;
  pins?: PinPeer;
}

/** How long a script may take to leave the stage before its thread is ended, in milliseconds. */
const patience = 500;

const defaultWifi: WifiWorld = { networks: [{ ssid: "virtual", password: "virtual-board" }] };

/** A virtual board. */
export class VirtualBoard implements PoweredBoard {
  readonly board: BoardFile;
  private readonly setup: WorkerSetup;
  private readonly memory: Int32Array;
  private thread: Thread | undefined;
  private generation = 0;
  private readonly consoleListeners = new Listeners<string>();
  private readonly restartListeners = new Listeners<string>();
  private readonly messageListeners = new Listeners<FromWorker>();
  private readonly sockets = new SocketService((message) => this.post(message));
  private readonly serial: Record<string, SerialPeer>;
  /** What each port's peer is still to be given. */
  private readonly serialQueues = new Map<string, Promise<void>>();
  private readonly pins: PinPeer | undefined;
  private readonly lowPins = new Set<string>();
  private faults: PlannedFault[] = [];
  private goingOff: Promise<void> | undefined;
  isOn = false;
  /** Flash operations of the last run, known once the power is off. */
  flashOperations = 0;

  constructor(options: VirtualBoardOptions) {
    this.board = options.board;
    this.serial = options.serial ?? {};
    const places = shared.serialTaken + Object.keys(this.serial).length;
    const memory = new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT);
    this.memory = new Int32Array(memory);
    const { device, machine } = options.board;
    this.setup = {
      board: { device: { unicode: device.unicode }, machine },
      flash: options.flash,
      wifi: options.wifi ?? defaultWifi,
      serialPorts: Object.keys(this.serial),
      memory,
    };
    for (const [port, peer] of Object.entries(this.serial))
      peer.connect((bytes) => this.post({ kind: "serial", port, bytes }));
    this.pins = options.pins;
    this.pins?.connect?.((pin, low) => this.pull(pin, low));
  }

  async powerOn(): Promise<void> {
    if (this.isOn) return;
    this.isOn = true;
    this.thread ??= this.startThread();
    const generation = ++this.generation;
    Atomics.store(this.memory, shared.power, generation);
    Atomics.store(this.memory, shared.interrupt, 0);
    const on = this.next("on");
    const { faults } = this;
    this.post({ kind: "power-on", generation, faults, lowPins: [...this.lowPins] });
    this.faults = [];
    await on;
  }

  async powerOff(): Promise<void> {
    if (this.isOn) this.goingOff = this.switchOff();
    await this.goingOff;
  }

  private async switchOff(): Promise<void> {
    this.isOn = false;
    Atomics.store(this.memory, shared.power, 0);
    this.sockets.closeAll();
    for (let place = shared.consoleTaken; place < this.memory.length; place++)
      Atomics.notify(this.memory, place);
    const { thread } = this;
    const off = this.next("off");
    this.post({ kind: "power-off" });
    // A script that does not return is ended with its thread.
    const answered = await Promise.race([off.then(() => true), delay(patience)]);
    if (answered !== true && this.thread === thread) await this.endThread();
  }

  type(text: string): void {
    if (text.includes("\x03")) Atomics.store(this.memory, shared.interrupt, 1);
    this.post({ kind: "type", text });
  }

  evaluate(expression: string): Promise<string> {
    return evaluateOnConsole(this, expression);
  }

  onConsole(listener: (text: string) => void): () => void {
    return this.consoleListeners.add(listener);
  }

  onRestart(listener: (cause: string) => void): () => void {
    return this.restartListeners.add(listener);
  }

  /** Changes what the Wi-Fi sees from now on. */
  setWifi(world: WifiWorld): void {
    this.setup.wifi = world;
    this.post({ kind: "wifi", world });
  }

  /** Begins, or ceases, to pull a pin low. */
  pull(pin: string, low: boolean): void {
    if (low) this.lowPins.add(pin);
    else this.lowPins.delete(pin);
    this.post({ kind: "pin", pin, low });
  }

  /** Lets flash operations of the next run go wrong, counted from 1 at power-on. */
  planFlashFaults(faults: PlannedFault[]): void {
    this.faults = faults;
  }

  async close(): Promise<void> {
    await this.powerOff();
    const { thread } = this;
    this.thread = undefined;
    await thread?.leave();
  }

  private post(message: ToWorker): void {
    this.thread?.post(message);
  }

  private startThread(): Thread {
    const hear = (message: unknown) => this.hear(message as FromWorker);
    return new Thread(this.setup, hear, (error) => {
      this.thread = undefined;
      this.isOn = false;
      this.sockets.closeAll();
      this.messageListeners.call({ kind: "failed", error });
      this.restartListeners.call(`the interpreter failed: ${error.stack}`);
    });
  }

  private async endThread(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    this.sockets.closeAll();
    await thread?.end();
  }

  private next(kind: "on" | "off"): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.messageListeners.add((message) => {
        if (message.kind === "failed") {
          stop();
          reject(message.error);
        }
        if (message.kind !== kind) return;
        stop();
        resolve();
      });
    });
  }

  private hear(message: FromWorker): void {
    switch (message.kind) {
      case "console":
        Atomics.add(this.memory, shared.consoleTaken, message.text.length);
        Atomics.notify(this.memory, shared.consoleTaken);
        if (this.isOn) this.consoleListeners.call(message.text);
        break;
      case "request":
        void this.answer(message.request);
        break;
      case "serial-send":
        this.sendSerial(message);
        break;
      case "pin":
        this.pins?.outputs(message.pin, message.level === "low", message.level === "high");
        break;
      case "socket-send":
        this.sockets.send(message.id, message.bytes);
        break;
      case "socket-taken":
        this.sockets.taken(message.id, message.count);
        break;
      case "socket-close":
        this.sockets.close(message.id);
        break;
      case "rebooted":
        this.restartListeners.call(message.cause);
        break;
      case "off":
        this.flashOperations = message.operations;
        if (message.cause !== "switched") {
          this.isOn = false;
          this.sockets.closeAll();
          this.restartListeners.call(message.cause);
        }
        break;
    }
    this.messageListeners.call(message);
  }

  /** Gives the peer one piece after the other; what the power leaves in the ring is lost. */
  private sendSerial(message: FromWorker & { kind: "serial-send" }): void {
    const { port, bytes, generation } = message;
    const isCurrent = () => this.isOn && generation === this.generation;
    const before = this.serialQueues.get(port) ?? Promise.resolve();
    const after = before.then(async () => {
      if (!isCurrent()) return;
      await this.serial[port]?.receive(bytes);
      if (!isCurrent()) return;
      const place = this.setup.serialPorts.indexOf(port) + shared.serialTaken;
      Atomics.add(this.memory, place, bytes.length);
      Atomics.notify(this.memory, place);
    });
    this.serialQueues.set(port, after);
  }

  private async answer(request: Request): Promise<void> {
    const result = await this.sockets.request(request);
    this.post({ kind: "reply", result });
    Atomics.store(this.memory, shared.reply, 1);
    Atomics.notify(this.memory, shared.reply);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Makes a virtual board; it is off. */
export function createVirtualBoard(options: VirtualBoardOptions): VirtualBoard {
  return new VirtualBoard(options);
}
