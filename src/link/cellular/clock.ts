/**
 * The time: from the network (`QLTS`, NITZ), else from a time server (`QNTP`); asked for again each
 * day, and after a failure. Both tell UTC, whatever zone they print (Quectel AT manual, QLTS mode 1).
 * @module
 */
import { OK } from "./at.ts";
import type { Modem } from "./modem.ts";

const SERVER = '"ntp.aliyun.com"';
/** Seconds. */
const DAY = 86400;
const FIRST_RETRY = 60;
const LAST_RETRY = 3600;
const NTP_TIME = 130;

/**
 * Milliseconds since 1970 of the first quoted text of a line, `26/08/07,13:54:02+32` or with four
 * digits of the year, taken for UTC; 0: none, or one before 2024, where clocks start that are not set.
 */
export function parseTime(line: string): number {
  const text = line.substr(line.indexOf('"') + 1);
  const year = text.indexOf("/");
  if (year !== 2 && year !== 4) return 0;
  const date = text
    .substr(year - 2, 8)
    .split("/")
    .join("-");
  const short = parseInt(date, 10);
  if (!(short > 23 && short < 70)) return 0;
  return new Date("20" + date + "T" + text.substr(year + 7, 8) + "Z").getTime() || 0;
}

export class ModemClock {
  /** Milliseconds since 1970 at `at`; 0: not known. */
  private epoch = 0;
  private at = 0;
  private nextAt = 0;
  private retry = FIRST_RETRY;
  private busy = false;
  /** Until when the time server's answer is waited for; 0: it is not. */
  private serverUntil = 0;
  private waiting: ((right: boolean) => void)[] = [];

  constructor(private readonly modem: Modem) {}

  /** Milliseconds since 1970; undefined: not known. */
  time(): number | undefined {
    return this.epoch ? this.epoch + (this.modem.now - this.at) * 1000 : undefined;
  }

  /** To be called now and then while the modem is online. */
  tick(): void {
    const now = this.modem.now;
    if (this.serverUntil && now >= this.serverUntil) this.settle(0);
    if (this.busy || now < this.nextAt) return;
    this.busy = true;
    this.modem.at.send({
      text: "AT+QLTS=1",
      prefix: "+QLTS:",
      done: (_result, lines) => {
        const time = lines.length ? parseTime(lines[0]) : 0;
        if (time) this.settle(time);
        else this.askServer();
      },
    });
  }

  /** Hears what the modem reports; whether it was for this. */
  hear(line: string): boolean {
    if (!line.startsWith("+QNTP:")) return false;
    if (this.serverUntil) this.settle(parseTime(line));
    return true;
  }

  /** Tells whether the modem's own clock is right, by which it judges certificates; sets it if not. */
  check(done: (right: boolean) => void): void {
    this.modem.at.send({
      text: "AT+CCLK?",
      prefix: "+CCLK:",
      done: (_result, lines) => {
        if (lines.length && parseTime(lines[0])) done(true);
        else {
          this.waiting.push(done);
          this.askServer();
        }
      },
    });
  }

  private askServer(): void {
    if (this.serverUntil) return;
    this.serverUntil = this.modem.now + NTP_TIME;
    this.modem.at.send({
      text: "AT+QNTP=1," + SERVER + ",123,1",
      done: (result) => {
        if (result !== OK && this.serverUntil) this.settle(0);
      },
    });
  }

  /** The time has come, or, 0, has not. */
  private settle(time: number): void {
    const now = this.modem.now;
    const waiting = this.waiting;
    this.busy = false;
    this.serverUntil = 0;
    this.waiting = [];
    if (time) {
      this.epoch = time;
      this.at = now;
    }
    this.nextAt = now + (time ? DAY : this.retry);
    this.retry = time ? FIRST_RETRY : Math.min(2 * this.retry, LAST_RETRY);
    for (const done of waiting) done(time > 0);
  }
}
