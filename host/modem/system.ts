/**
 * A module that runs: from the start of its software to the next restart.
 * @module
 */
import type { Call } from "./call.ts";
import { Executor, type Handler, type Job } from "./executor.ts";
import type { Kernel } from "./kernel.ts";
import { LineInput } from "./line-input.ts";
import { factoryProfile, type Profile } from "./nvram.ts";
import { PacketData } from "./pdp.ts";
import { Radio } from "./radio.ts";
import { RealTimeClock } from "./rtc.ts";
import { SimCard } from "./sim-card.ts";
import { type SocketRules, SocketTable } from "./sockets.ts";
import type { UpgradeRequest } from "./upgrade.ts";

export type SystemHandler = Handler<System>;

/** What only the module as a whole can do. */
export interface Board {
  /** Restarts, or goes off, after ms. */
  restart(): void;
  powerOff(notice: string | undefined): void;
  /** The port's bits per second change once what is under way has left. */
  setBaud(baud: number): void;
  find(name: string): SystemHandler | undefined;
  upgrade(request: UpgradeRequest): void;
  upgradeKind(): "mini" | "delta" | "qualcomm";
}

export interface OpenFile {
  name: string;
  place: number;
}

/** Modem HTTP, between commands. */
export interface HttpState {
  url: string;
  body: string | undefined;
  headers: string;
  isBusy: boolean;
  configuration: Map<string, string>;
}

export class System {
  readonly profile: Profile;
  readonly input: LineInput;
  readonly executor: Executor;
  readonly sim: SimCard;
  readonly radio: Radio;
  readonly pdp: PacketData;
  readonly clock: RealTimeClock;
  readonly sockets: SocketTable;
  readonly tls: SocketTable;
  readonly handles = new Map<number, OpenFile>();
  readonly http: HttpState;
  /** AT+QICFG's, AT+QSSLCFG's and other settings that a restart forgets. */
  readonly settings = new Map<string, string>();
  /** AT+CFUN's. */
  functionality = 1;
  /** AT+QISDE's. */
  echoesData = true;
  /** For how long a payload may stay away, ms. */
  dataTimeout: number;
  /** AT+QSCLK's. */
  sleepMode = 0;
  /** Number of AT+QIGETERROR. */
  lastError = 0;
  /** A restart for an upgrade: only a few commands are known. */
  isMini = false;
  private lastHeard: number;

  constructor(
    readonly kernel: Kernel,
    readonly board: Board,
  ) {
    const { profile } = kernel.nvram;
    this.profile = profile ? structuredClone(profile) : factoryProfile();
    this.lastHeard = kernel.clock.now();
    this.dataTimeout = kernel.timing.dataMode;
    this.http = {
      url: "",
      body: undefined,
      headers: "",
      isBusy: false,
      configuration: new Map(),
    };
    this.executor = new Executor({
      kernel,
      profile: this.profile,
      input: () => this.input,
      write: (bytes) => kernel.write(bytes),
      find: (name) => this.find(name),
    });
    this.input = new LineInput({
      isBusy: () => this.executor.isBusy || this.executor.isHung,
      onLine: (line) => this.executor.execute(line),
      echo: (bytes) => kernel.write(bytes),
      echoes: (kind) => this.profile.echo && (kind === "line" || this.echoesData),
      after: (ms, call) => kernel.after(ms, call),
      now: () => kernel.clock.now(),
    });
    this.clock = new RealTimeClock(kernel);
    this.sockets = new SocketTable(kernel, this.socketRules("+QIURC"));
    this.tls = new SocketTable(kernel, this.socketRules("+QSSLURC"));
    this.pdp = new PacketData(kernel, (context) => {
      this.sockets.dropContext(context);
      this.tls.dropContext(context);
    });
    this.radio = new Radio(kernel, this.profile, (isRegistered) => {
      if (isRegistered) this.pdp.attach();
      else this.pdp.detach();
      if (isRegistered) this.clock.networkTime();
    });
    this.sim = new SimCard(
      kernel,
      (isReady) => {
        if (isReady && this.functionality === 1) this.radio.start();
        else this.radio.stop();
      },
      () => this.settings.get("+QSIMSTAT") === "1",
    );
  }

  /** Bytes from the host. */
  receive(bytes: string): void {
    const now = this.kernel.clock.now();
    const asleep = this.sleepMode === 1 && now - this.lastHeard >= 5000;
    this.lastHeard = now;
    this.input.feed(asleep ? bytes.slice(2) : bytes);
  }

  /** A hang: nothing is obeyed any more. */
  hang(): void {
    this.executor.isHung = true;
  }

  resume(): void {
    this.executor.isHung = false;
    this.input.pump();
  }

  /** AT+CFUN=0, 1, 4. */
  setFunctionality(value: number): void {
    const was = this.functionality;
    this.functionality = value;
    if (value === was) return;
    if (value !== 1) {
      this.sockets.closeAll();
      this.tls.closeAll();
      this.radio.stop();
    }
    if (value === 0) this.sim.switchOff();
    else if (was === 0) this.sim.start();
    else if (value === 1 && this.sim.isReady) this.radio.start();
  }

  /** All connections end without a word, as when the power fails. */
  dropAll(): void {
    this.sockets.closeAll();
    this.tls.closeAll();
  }

  private find(name: string): ((call: Call, job: Job) => void) | undefined {
    if (this.kernel.family.lacks.includes(name)) return undefined;
    const handler = this.board.find(name);
    if (!handler || (this.isMini && !miniCommands.has(name))) return undefined;
    return (call, job) => handler(call, job, this);
  }

  private socketRules(urc: string): SocketRules {
    return {
      urc,
      recvind: () => this.settings.get('QICFG"recvind"') === "1",
      passiveClosed: () => this.settings.get('QICFG"passiveclosed"') === "1",
      transparent: (bytes) => this.kernel.write(bytes),
      transparentEnd: () => {
        this.input.stopTransparent();
        this.kernel.write("\r\nNO CARRIER\r\n");
      },
    };
  }
}

/** What a module knows whose firmware is only half there. */
const miniCommands = new Set([
  "E",
  "I",
  "V",
  "+CMEE",
  "+CGMR",
  "+GMR",
  "+QGMR",
  "+QFOTADL",
  "+CPIN",
]);
