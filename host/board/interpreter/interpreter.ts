/**
 * One run of the interpreter, from power-on or a reset to the next: boot files, idle loop, console.
 * @module
 */
import { FileStore } from "../flash/file-store.ts";
import { Interruption, Restart } from "./aborts.ts";
import { Alarms } from "./alarms.ts";
import { installBuiltins } from "./builtins.ts";
import { toByteString, valueBytes } from "./bytes.ts";
import { Console } from "./console.ts";
import { type BoardFacts, type Core, type RestartKind, runsOnLinux, type View } from "./core.ts";
import { installE } from "./e.ts";
import { installErrors } from "./errors.ts";
import { installEvents } from "./events.ts";
import type { ErrorFlag } from "./flags.ts";
import { installFlash } from "./flash.ts";
import { Formatter } from "./format.ts";
import { type Clock, installGlobals } from "./globals.ts";
import type { Host } from "./host.ts";
import { installJson } from "./json.ts";
import { installLibraries } from "./libraries.ts";
import { countVars, memoryReport } from "./memory.ts";
import { MemoryGuard } from "./memory-guard.ts";
import { PinStates } from "./pin-states.ts";
import { installPromise } from "./promise.ts";
import { RandomNumbers } from "./random.ts";
import { Realm, type Value } from "./realm.ts";
import { Reports } from "./reports.ts";
import { Refusal } from "./rewriter.ts";
import { Runtime } from "./runtime.ts";
import type { SerialPorts } from "./serial.ts";
import type { Sockets } from "./sockets.ts";
import { type Prepared, prepare, scriptName } from "./source.ts";
import { installStorage } from "./storage.ts";
import { Streams } from "./streams.ts";
import { Timers } from "./timers.ts";
import { traceWriter } from "./trace-text.ts";
import { Watchdog } from "./watchdog.ts";

const bootFiles = [".boot0", ".boot1", ".boot2", ".boot3"];

/** How a run begins. */
export type Start = { kind: "power-on" } | RestartKind;

/** The interpreter of a board. */
export class Interpreter implements Core {
  readonly realm: Realm;
  readonly store: FileStore;
  readonly builtins = new Map<string, () => Value>();
  readonly idleTasks: (() => boolean)[] = [];
  readonly killTasks: (() => void)[] = [];
  readonly streams = new Streams(this);
  readonly codePlaces = new Set<number>();
  readonly views = new Map<string, View>();
  /** How often the idle loop has called into the script. */
  calls = 0;
  private readonly memory: MemoryGuard;
  private readonly clock: Clock;
  private readonly random = new RandomNumbers();
  private readonly formatter: Formatter;
  private readonly console: Console;
  private readonly timers: Timers;
  private readonly sockets: Sockets;
  private readonly serial: SerialPorts;
  private readonly alarms: Alarms;
  private readonly watchdog: Watchdog;
  private readonly runtime: Runtime;
  private readonly events: { callback: Value; self: Value; args: Value[] }[] = [];
  private readonly reports: Reports;
  private pendingRestart: RestartKind | undefined;
  private typed = "";

  constructor(
    readonly board: BoardFacts,
    readonly host: Host,
    pins: PinStates = new PinStates(host),
  ) {
    // A board's own clock starts at 1970.
    this.clock = { offset: runsOnLinux(board) ? 0 : -host.now(), zone: 0 };
    this.store = new FileStore(host.flash, board.machine.flash.storage);
    this.store.listener = {
      compacting: (begin) => this.print(begin ? "Compacting... " : "\n"),
      moved: (address, length, to) => {
        // Only code that runs in place can lose its place.
        if (to === 0 || !board.machine.flash.storage.mapped) return;
        for (const place of this.codePlaces)
          if (place >= address && place < address + length) this.runtime.breakCode();
      },
      progress: (steps) => this.print(`\x08${"/-\\|".charAt(steps & 3)}`),
    };
    this.memory = new MemoryGuard(board.machine.jsVars);
    this.realm = new Realm();
    const translate = installErrors(this.realm, traceWriter(this));
    this.formatter = new Formatter(this.realm);
    this.console = new Console(
      this,
      (line) => this.evaluateLine(line),
      (value) => this.formatter.json(value, { limit: true, bareKeys: true }),
    );
    this.reports = new Reports({
      realm: this.realm,
      translate,
      print: (text) => this.print(text),
      text: (value) => this.text(value),
      begin: () => this.runtime.begin(),
      evaluate: (source) => this.evaluate(source, ""),
    });
    installGlobals(this, this.clock, this.formatter);
    installEvents(this);
    installPromise(this);
    installJson(this);
    this.runtime = new Runtime(this, this.realm, {
      translate,
      evaluate: (text) => (typeof text === "string" ? this.evaluate(text, "") : text),
      prepare: (source) => {
        const { text, number } = this.prepare(source);
        return `${text}\n//# sourceURL=${scriptName(number)}`;
      },
      makePattern: installBuiltins(this, this.random).make,
      tick: () => this.tick(),
    });
    this.realm.aborting = () => this.runtime.aborting();
    this.timers = new Timers(this);
    this.alarms = new Alarms(host);
    this.watchdog = new Watchdog(this);
    installFlash(this);
    installStorage(this);
    const libraries = installLibraries(this, this.alarms, pins, this.formatter.devices);
    ({ sockets: this.sockets, serial: this.serial } = libraries);
    installE(this, {
      clock: this.clock,
      random: this.random,
      takeFlags: () => this.reports.takeFlags(),
      memory: () => memoryReport(this, countVars(this, [this.realm.global])),
      setConsole: (name) => {
        this.console.silent = name === null;
      },
      getConsole: () => (this.console.silent ? null : this.board.machine.console.device),
      watchdog: this.watchdog,
      sizeOf: (value) => countVars(this, [value]),
    });
  }

  /** Runs the boot files; what they throw is reported and the next still runs. */
  boot(start: Start): void {
    const { board } = this;
    const isPowerOn = start.kind === "power-on" || start.kind === "reboot";
    if (isPowerOn) {
      const { title, interpreter } = board.machine;
      this.print(`\n${title}\n ${interpreter.version} (virtual board)\n\n`);
      if (!this.store.chain.isSound()) {
        this.print("Storage is corrupt.\nErasing Storage Area...\n");
        this.store.eraseAll();
        this.print("Erase complete.\n");
      }
      this.runFile(".bootPowerOn");
    } else if (start.kind === "reset" && start.clear) {
      for (const name of [".varimg", ".bootcde", ".bootrst"]) this.store.erase(name);
    }
    for (const name of bootFiles) this.runFile(name);
    if (!this.runFile(".bootrst") && (isPowerOn || (start.kind === "load" && !start.file)))
      this.runFile(".bootcde");
    if (start.kind === "load" && start.file) {
      this.realm.global.__FILE__ = start.file;
      this.runFile(start.file);
    }
    const { E, onInit } = this.realm.global;
    this.emit(E, "init");
    if (typeof onInit === "function") this.call(onInit, this.realm.global, []);
  }

  private runFile(name: string): boolean {
    const bytes = this.store.read(name);
    if (!bytes) return false;
    const address = this.store.find(name)?.addr ?? 0;
    this.codePlaces.add(address);
    const source = toByteString(bytes);
    this.views.set(source, { file: name, address, offset: 0 });
    this.reports.guard(() => this.evaluate(source, name));
    return true;
  }

  /** One turn of the idle loop. Answers the milliseconds until the next one is wanted. */
  turn(): number {
    this.watchdog.idle();
    if (this.typed !== "") {
      const typed = this.typed;
      this.typed = "";
      this.console.input(typed);
    }
    let busy = this.timers.run();
    if (this.alarms.run()) busy = true;
    for (const task of this.idleTasks) if (task()) busy = true;
    this.reports.events(() => {
      for (let event = this.events.shift(); event; event = this.events.shift()) {
        busy = true;
        this.call(event.callback, event.self, event.args);
      }
    });
    this.reports.raiseFlags();
    this.console.restoreLine();
    if (busy || this.events.length > 0 || this.typed !== "") return 0;
    const next = Math.min(this.timers.next, this.alarms.next, this.watchdog.sleep());
    const wait = Math.max(next - this.host.now(), 0);
    return this.sockets.isPolled ? Math.min(wait, this.host.pollMs ?? 1) : wait;
  }

  /** Which restart the script asked for; taken once. */
  takeRestart(): RestartKind | undefined {
    const restart = this.pendingRestart;
    this.pendingRestart = undefined;
    return restart;
  }

  /** Ends the run before a reset: `kill` listeners, sockets. */
  kill(): void {
    const { E } = this.realm.global;
    const listeners = E["#onkill"];
    if (listeners) this.call(listeners, E, []);
    for (const task of this.killTasks) task();
  }

  type(text: string): void {
    this.typed += text;
  }

  /** The system's clock jumps, as SNTP makes it do: timers are compared with it. */
  jumpClock(ms: number): void {
    this.clock.offset += ms;
    this.timers.shift(ms);
  }

  /** Bytes came in at a serial port. */
  receiveSerial(port: string, bytes: string): void {
    this.serial.receive(port, bytes);
  }

  now(): number {
    return this.host.now() + this.clock.offset;
  }

  call(callback: Value, self: Value, args: Value[]): boolean {
    this.calls++;
    return this.reports.call(callback, self, args);
  }

  queue(callback: Value, self: Value, args: Value[]): void {
    this.events.push({ callback, self, args: args.map((arg) => this.realm.toScriptValue(arg)) });
  }

  emit(target: Value, event: string, ...args: Value[]): boolean {
    const listeners = target[`#on${event}`];
    if (listeners === undefined) return false;
    this.queue(listeners, target, args);
    return true;
  }

  report(error: unknown): void {
    this.reports.report(error);
  }

  print(text: string): void {
    if (text !== "") this.console.print(text);
  }

  flag(...flags: ErrorFlag[]): void {
    this.reports.flag(...flags);
  }

  evaluate(source: string, file: string): Value {
    const { text, number } = this.prepare(source, file === "REPL");
    return this.realm.run(text, scriptName(number));
  }

  private prepare(source: string, isLine = false): Prepared {
    try {
      return prepare(source, { unicode: this.board.device.unicode, isLine });
    } catch (error) {
      if (error instanceof Refusal) return this.realm.throw("SyntaxError", error.message);
      throw error;
    }
  }

  /** Called from time to time while a script's loop runs. */
  private tick(): void {
    this.watchdog.check();
    this.memory.check();
    if (this.host.interrupted()) throw new Interruption("");
  }

  private evaluateLine(line: string): { value: Value; failed: boolean } {
    let value: Value;
    let failed = true;
    this.reports.guard(() => {
      value = this.evaluate(line, "REPL");
      failed = false;
    });
    return { value, failed };
  }

  restart(kind: RestartKind): void {
    if (kind.kind === "reboot") throw new Restart("reboot");
    this.pendingRestart = kind;
  }

  bytes(value: Value): Uint8Array {
    return valueBytes(value, this.board.device.unicode);
  }

  text(value: Value): string {
    return this.formatter.text(value);
  }
}
