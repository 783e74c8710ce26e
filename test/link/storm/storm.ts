/**
 * Hours of a device on a modem that has a fault every few seconds, on one driven clock.
 * @module
 */
import { join } from "node:path";
import * as board from "../../../boards/esp32-ec600n.ts";
import { DrivenBoard, FileStore } from "../../../host/board/index.ts";
import { type ModemRig, rigModem } from "../../../host/demo/modem-rig.ts";
import { seededRandom } from "../../../host/faults/random.ts";
import { DrivenClock, MemoryNetwork } from "../../../host/modem/index.ts";
import { usualTiming } from "../../../host/modem/timing.ts";
import { buildProgram } from "../../mqtt/interpreter.ts";
import { Broker, FileServer } from "./servers.ts";

/** Mean time between two faults, ms. */
const FAULT_PAUSE = 20_000;
/** Reports an hour: 2,000 in 30 hours. */
const REPORTS_PER_HOUR = 2000 / 30;
const FILE_SIZE = 200_000;
/** Milliseconds. */
const HOUR = 3_600_000;
const STEP = 10_000;
/** Until the first file is there; until all is well after the last fault. */
const START_TIME = 600_000;
const END_TIME = 3 * HOUR;
/** Without trouble for so long, the driver counts on nothing any more. */
const REST = 600_000;
/**
 * JsVars by which the memory may differ: names of counters that count for the first time, and how
 * long texts and numbers happen to be.
 */
const SPREAD = 60;

export interface StormOptions {
  /** The device program (`buildStorm`). */
  program: string;
  seed: number;
  hours: number;
  /** Shows the device's log on the console of this process. */
  log?: boolean | undefined;
}

/** What the device says of itself. */
interface Told {
  state: string;
  counters: Record<string, number>;
  stats: Record<string, number>;
  published: number;
  unsettled: number;
  files: number;
  givenUp: number;
  at: number;
  loading: boolean;
  memory: number;
}

export interface StormResult {
  seed: number;
  /** Empty: all is as it has to be. */
  failures: string[];
  reports: number;
  wanted: number;
  /** Whether they came in the order of their numbers, each for the first time. */
  inOrder: boolean;
  /** Reports that came more than once, log-ons, connections ended for bytes that make no sense. */
  again: number;
  connections: number;
  garbled: number;
  /** Faults by name. */
  faults: Record<string, number>;
  /** Files that were loaded whole; requests for them; downloads that were given up in between. */
  files: number;
  requests: number;
  givenUp: number;
  counters: Record<string, number>;
  /** JsVars, by the virtual board's estimate. */
  memoryBefore: number;
  memoryAfter: number;
  /** Seconds from the last fault until all reports were there. */
  settledAfter: number;
}

/** Builds the device program as the firmware is built. */
export function buildStorm(): Promise<string> {
  return buildProgram(join(import.meta.dirname, "device/storm.ts"), "esp32-ec600n");
}

/** One storm; a device that can't be asked any more is a failure, not an Error. */
export function runStorm(options: StormOptions): StormResult {
  return new Storm(options).run();
}

class Storm {
  private readonly clock = new DrivenClock();
  private readonly network = new MemoryNetwork(this.clock);
  private readonly broker = new Broker(this.clock, this.network);
  private readonly file = someFile();
  private readonly files = new FileServer(this.file, this.network);
  private readonly rig: ModemRig;
  private readonly device: DrivenBoard;
  private readonly wanted: number;
  private readonly failures: string[] = [];
  private shown = 0;

  constructor(private readonly options: StormOptions) {
    const { clock, network } = this;
    const { modem } = board.machine;
    if (!modem) throw new Error("the board has no modem");
    const { seed } = options;
    this.rig = rigModem(modem, {
      clock,
      network,
      timing: usualTiming,
      paced: true,
      seed,
      trace: () => {},
    });
    const { serial, pins } = this.rig;
    const companions = [clock.companion];
    this.device = new DrivenBoard({ board, serial, pins, companions, pollMs: 50 });
    this.wanted = Math.round(REPORTS_PER_HOUR * options.hours);
    const settings = {
      reports: this.wanted,
      reportPause: HOUR / REPORTS_PER_HOUR,
      filePause: 1_200_000,
      retryPause: 60_000,
      fileSize: FILE_SIZE,
      log: options.log ? "info" : "off",
    };
    const store = new FileStore(this.device.flash, board.machine.flash.storage);
    store.write("expected", this.file);
    const boot = `global.settings=${JSON.stringify(settings)};\n${options.program}`;
    store.write(".boot0", Buffer.from(boot, "latin1"));
  }

  run(): StormResult {
    const { modem } = this.rig;
    modem.supply(true);
    this.device.powerOn();
    this.until("no file at the start", START_TIME, () => this.ask().files > 0);
    const before = this.rest();
    if (this.failures.length === 0) {
      modem.drawFaults({ seed: this.options.seed, everyMs: FAULT_PAUSE });
      this.until("", this.options.hours * HOUR, () => false);
      modem.stopFaults();
      modem.heal();
    }
    const { time } = this.device;
    const { arrived } = this.broker;
    this.until(`not all reports`, END_TIME, () => arrived.length >= this.wanted);
    const settledAfter = Math.round((this.device.time - time) / 1000);
    const { files } = this.ask();
    this.until("no file after the storm", END_TIME, () => this.ask().files > files);
    const after = this.rest();
    this.judge(before, after);
    return {
      seed: this.options.seed,
      failures: this.failures,
      reports: arrived.length,
      wanted: this.wanted,
      inOrder: arrived.every((number, at) => number === at + 1),
      again: this.broker.again,
      connections: this.broker.connections,
      garbled: this.broker.garbled + this.files.garbled,
      faults: countNames(modem.faultLog.map(({ name }) => name)),
      files: after.files,
      requests: this.files.requests,
      givenUp: after.givenUp,
      counters: after.counters,
      memoryBefore: before.memory,
      memoryAfter: after.memory,
      settledAfter,
    };
  }

  private judge(before: Told, after: Told): void {
    const { arrived } = this.broker;
    const wrong = arrived.findIndex((number, at) => number !== at + 1);
    if (wrong >= 0) this.failures.push(`report ${arrived[wrong]} came as number ${wrong + 1}`);
    if (after.state !== "up") this.failures.push(`the link is ${after.state} in the end`);
    if (after.unsettled > 0) this.failures.push(`${after.unsettled} reports were given up`);
    if (after.memory > before.memory + SPREAD) {
      this.failures.push(`${after.memory} JsVars after the storm, ${before.memory} before it`);
    }
  }

  /** Lets the driver come to rest, between two files; asks it then. */
  private rest(): Told {
    this.until("", REST, () => false);
    let told = this.ask();
    this.until("not at rest", START_TIME, () => {
      told = this.ask();
      return !told.loading && told.stats.outbox === 0;
    });
    return told;
  }

  /** Lets time pass until it holds; past the limit that is a failure, if it has a name. */
  private until(failure: string, limit: number, holds: () => boolean): void {
    const end = this.device.time + limit;
    while (!this.isBroken && !holds()) {
      if (this.device.time >= end) {
        if (failure) this.failures.push(`${failure} within ${limit / 60_000} minutes`);
        return;
      }
      this.device.run(STEP);
      this.hear();
    }
  }

  /** Neither an exception nor a restart of the board goes by unseen. */
  private hear(): void {
    const { device } = this;
    if (this.options.log) process.stdout.write(device.output.slice(this.shown));
    this.shown = device.output.length;
    const uncaught = /Uncaught.*/.exec(device.output)?.[0];
    if (uncaught) this.failures.push(uncaught);
    else if (!device.isOn || device.restarts.length > 0) this.failures.push("the board restarted");
    if (this.shown > 100_000) {
      device.output = "";
      this.shown = 0;
    }
  }

  private get isBroken(): boolean {
    return this.failures.length > 0;
  }

  private ask(): Told {
    const { device } = this;
    const from = device.output.length;
    device.type("storm.tell();\n");
    device.run(100);
    const text = /TOLD(\{.*\})/.exec(device.output.slice(from))?.[1];
    if (text) return JSON.parse(text) as Told;
    this.failures.push(`no answer on the console: ${device.output.slice(-400)}`);
    const nothing = { published: 0, unsettled: 0, files: 0, givenUp: 0, at: 0, memory: 0 };
    return { ...nothing, state: "unknown", counters: {}, stats: {}, loading: false };
  }
}

/** A file without any period; the same each time, so that a seed repeats all. */
function someFile(): Buffer {
  const random = seededRandom(1);
  return Buffer.from(Array.from({ length: FILE_SIZE }, () => Math.floor(random() * 256)));
}

function countNames(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
