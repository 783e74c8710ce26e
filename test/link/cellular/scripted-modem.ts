/**
 * A modem that does only what the test says, on a serial port of its own, with a clock that the test
 * moves: the driver under test runs in Node.
 * @module
 */
import "../../device-globals.ts";
import { mock, type TestContext } from "node:test";
import { setLogLevel } from "../../../src/debug/log.ts";
import { CellularLink } from "../../../src/link/cellular/link.ts";
import type { CellularOptions } from "../../../src/link/cellular/options.ts";
import type { CellularSettings } from "../../../src/link/link.ts";

/** What a modem answers: lines, the last one final; a function makes them; none: silence. */
type Answer = string[] | ((command: string) => string[] | undefined) | undefined;

/** A module that is on, registered, and allows everything (facts of the EC600N's manuals). */
const HEALTHY: Record<string, Answer> = {
  AT: ["OK"],
  ATE0: ["OK"],
  ATI: ["Quectel", "EC600N", "Revision: EC600NCNLCR03A11M16", "OK"],
  "AT+CGSN": ["860000000000000", "OK"],
  "AT+CPIN?": ["+CPIN: READY", "OK"],
  "AT+QCCID": ["+QCCID: 89860000000000000000", "OK"],
  "AT+CEREG?": ['+CEREG: 2,1,"1A2B","01C3D4E5",7', "OK"],
  "AT+CGREG?": ["+CGREG: 2,1", "OK"],
  "AT+CSQ": ["+CSQ: 24,99", "OK"],
  "AT+COPS?": ['+COPS: 0,0,"CHINA MOBILE",7', "OK"],
  "AT+QISTATE=1,0": ['+QISTATE: 0,"TCP","1.2.3.4",80,22742,2,1,0,0,"uart1"', "OK"],
  "AT+QIRD=0,0": ["+QIRD: 0,0,0", "OK"],
  "AT+QIACT?": ['+QIACT: 1,1,1,"10.1.2.3"', "OK"],
};

export class ScriptedModem {
  /** What it was sent, a command or a payload each. */
  readonly sent: string[] = [];
  /** Whether the power key, the reset pin is pressed: each change, e.g. `"key down"`. */
  readonly pins: string[] = [];
  readonly bauds: number[] = [];
  /** Answers by the whole command; without one it says `OK`. */
  readonly answers: Record<string, Answer> = { ...HEALTHY };
  /** Answers nothing at all. */
  mute = false;
  /** Bytes of a payload that it still waits for. */
  private wanted = 0;
  private payload = "";
  private payloadAnswer: string[] = [];
  private hear: (bytes: string) => void = () => {};

  setup(baud: number): void {
    this.bauds.push(baud);
  }

  on(_event: "data", listener: (bytes: string) => void): void {
    this.hear = listener;
  }

  write(bytes: string): void {
    if (this.wanted > 0) {
      this.payload += bytes;
      this.wanted -= bytes.length;
      if (this.wanted > 0) return;
      this.sent.push(this.payload);
      this.payload = "";
      this.reply(this.payloadAnswer);
      return;
    }
    const command = bytes.endsWith("\r") ? bytes.slice(0, -1) : bytes;
    this.sent.push(command);
    if (this.mute) return;
    const answer = command in this.answers ? this.answers[command] : ["OK"];
    const lines = typeof answer === "function" ? answer(command) : answer;
    if (lines) this.reply(lines);
  }

  /** Waits for a payload, which it then answers. */
  prompt(bytes: number, answer: string[]): void {
    this.wanted = bytes;
    this.payloadAnswer = answer;
    this.raw("\r\n> ");
  }

  /** Reports something by itself. */
  say(...lines: string[]): void {
    for (const line of lines) this.hear(`\r\n${line}\r\n`);
  }

  raw(bytes: string): void {
    this.hear(bytes);
  }

  /** As an event, as the serial port does; never within a write. */
  private reply(lines: string[]): void {
    setTimeout(() => {
      for (const line of lines) this.hear(line.includes("\n") ? line : `\r\n${line}\r\n`);
    }, 1);
  }

  /** What it was sent since the last call. */
  take(): string[] {
    return this.sent.splice(0);
  }

  /** Those of them that begin so. */
  count(start: string): number {
    return this.sent.filter((one) => one.startsWith(start)).length;
  }
}

export interface Bench {
  modem: ScriptedModem;
  link: CellularLink;
  changes: boolean[];
  /** Lets time pass. */
  wait(seconds: number): void;
  /** Lets time pass until this holds. */
  until(holds: () => boolean, seconds?: number): void;
  /** Lets time pass until it is online. */
  online(seconds?: number): void;
}

/** Names of the pins, and what they are to the modem. */
const PINS: Record<string, string> = { D25: "key", D26: "reset", D27: "status" };

/** A link on a scripted modem, not up yet. */
export function bench(
  context: TestContext,
  options: Partial<CellularOptions> = {},
  status = () => true,
): Bench {
  setLogLevel("off");
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2026, 0, 1) });
  const modem = new ScriptedModem();
  class Pin {
    private level = false;
    constructor(private readonly name: string) {}
    mode(): void {}
    read(): boolean {
      return status();
    }
    write(level: boolean): void {
      if (level !== this.level) modem.pins.push(`${PINS[this.name]} ${level ? "down" : "up"}`);
      this.level = level;
    }
  }
  Object.assign(globalThis, { global: globalThis, Serial2: modem, Pin });
  const link = new CellularLink({ serial: "Serial2", urcPort: "uart1", ...options });
  context.after(() => {
    link.down();
    mock.timers.reset();
  });
  const changes: boolean[] = [];
  link.onChange((up) => changes.push(up));
  const wait = (seconds: number) => {
    // In steps, so that what one timer sets off another sees.
    for (let ms = Math.round(seconds * 1000); ms > 0; ms -= 10) mock.timers.tick(Math.min(ms, 10));
  };
  const until = (holds: () => boolean, seconds = 60) => {
    for (let passed = 0; !holds(); passed += 0.01) {
      if (passed > seconds) {
        throw new Error(`not in ${seconds} s: ${holds}\n${modem.sent.slice(-30).join("\n")}`);
      }
      wait(0.01);
    }
  };
  return {
    modem,
    link,
    changes,
    wait,
    until,
    online: (seconds) => until(() => link.isUp, seconds),
  };
}

/** A bench that is online, with nothing sent yet. */
export function online(
  context: TestContext,
  settings: CellularSettings = {},
  options: Partial<CellularOptions> = {},
): Bench {
  const made = bench(context, options);
  made.link.up({ cellular: settings });
  made.online();
  made.wait(3);
  made.modem.take();
  return made;
}
