/**
 * The modem's power key, reset and status pins, and everything up to the first answer. Whether the
 * modem is on is found out before the key is pressed: on a running modem it would switch it off.
 * @module
 */
import { ABORTED, OK } from "./at.ts";
import { RESTART } from "./ladder.ts";
import type { Modem } from "./modem.ts";

export const BAUD = 115200;
/** Where else a modem may have been left. */
const OTHER_BAUDS = [9600, 460800, 921600];
/** Seconds on each. */
const BAUD_TIME = 2;
const RESET_TIME = 0.3;
/** Seconds from the key to the modem's good-bye, and after a `QPOWD` that was accepted. */
const OFF_TIME = 10;
const POWD_TIME = 65;
/** The supply may be cut, or the key pressed again, so long after the good-bye. */
const REST = 1;

const PROBE = 0;
const PRESS_ON = 1;
const WAIT = 2;
const PRESS_OFF = 3;
const LEAVE = 4;
const RESTING = 5;
const PRESS_RESET = 6;
const READY = 7;

export interface Power {
  readonly hasKey: boolean;
  /** Finds out whether the modem is on, and switches it on, unless `gently`. */
  begin(gently: boolean): void;
  /** Waits for the modem; `obeying`: it is about to restart, but may still answer. */
  await(obeying: boolean): void;
  /** It said that it goes off, after `QPOWD`: no key is needed for that. */
  awaitOff(): void;
  /** Off by the key, then on; without a key the reset pin, without that only waiting. */
  cycle(): void;
  /** The modem has said good-bye. */
  wentOff(): void;
  /** It is off: on again after a moment. */
  rest(): void;
  /** Goes on; true when the modem answers. `started`: it said that it is there. */
  tick(started: boolean): boolean;
}

/** Makes it; the class is inside, because a method takes memory, and none is needed while online. */
export function createPower(modem: Modem, setBaud: (baud: number) => void): Power {
  class ModemPower implements Power {
    private phase = READY;
    /** When the phase ends. */
    private until = 0;
    private probeAt = 0;
    private probes = 0;
    /** Index into the bauds that are tried; -1: the usual one. */
    private baud = -1;
    private answered = false;
    private gently = false;
    private key: EspruinoPin | undefined;
    private resetKey: EspruinoPin | undefined;
    private status: EspruinoPin | undefined;

    constructor(
      private readonly modem: Modem,
      private readonly setBaud: (baud: number) => void,
    ) {
      const options = modem.options;
      this.key = this.output(options.powerKey);
      this.resetKey = this.output(options.reset);
      if (options.status) {
        this.status = new Pin(options.status);
        this.status.mode("input_pullup");
      }
    }

    get hasKey(): boolean {
      return !!this.key;
    }

    begin(gently: boolean): void {
      this.gently = gently;
      this.probes = 0;
      this.enter(PROBE, 0);
    }

    await(obeying: boolean): void {
      this.enter(WAIT, this.modem.dialect.boot);
      // A module may take the first commands for its baud rate.
      this.probeAt = this.modem.now + (obeying ? 8 : 2);
    }

    awaitOff(): void {
      this.enter(LEAVE, POWD_TIME);
    }

    cycle(): void {
      if (this.key) this.press(this.key, PRESS_OFF, this.modem.dialect.key);
      else this.reset();
    }

    wentOff(): void {
      if (this.phase === LEAVE || this.phase === PRESS_OFF) this.rest();
    }

    rest(): void {
      this.release();
      this.enter(RESTING, REST);
    }

    tick(started: boolean): boolean {
      const now = this.modem.now;
      if (started || this.answered) {
        this.release();
        this.answered = false;
        if (this.baud >= 0) {
          this.useBaud();
          return false;
        }
        this.phase = READY;
        return true;
      }
      if (this.phase === PROBE) this.probe(now);
      else if (this.phase === WAIT) this.wait(now);
      else if (this.phase === LEAVE && this.isOff()) this.rest();
      else if (now >= this.until) this.next();
      return false;
    }

    private next(): void {
      const phase = this.phase;
      this.release();
      if (phase === PRESS_ON || phase === PRESS_RESET) this.await(false);
      else if (phase === PRESS_OFF) this.enter(LEAVE, OFF_TIME);
      else if (phase === RESTING) this.turnOn();
      else if (phase === LEAVE) {
        // The key did not help, or the good-bye was lost.
        if (this.resetKey) this.reset();
        else this.begin(false);
      }
    }

    private probe(now: number): void {
      const off = this.isOff();
      if (this.probes < (off ? 1 : 3) || now < this.probeAt) this.ask(now, 0.5);
      // On, but silent: it may be starting.
      else if (this.status && !off && !this.gently) this.await(false);
      else this.turnOn();
    }

    private wait(now: number): void {
      if (now >= this.until) {
        if (++this.baud >= OTHER_BAUDS.length) {
          this.baud = -1;
          this.setBaud(BAUD);
          this.modem.fail(RESTART, "no answer");
          return;
        }
        this.setBaud(OTHER_BAUDS[this.baud]);
        this.until = now + BAUD_TIME;
        this.probeAt = now;
      }
      this.ask(now, 1);
    }

    /** Asks for a sign of life, each `every` seconds. */
    private ask(now: number, every: number): void {
      if (now < this.probeAt) return;
      this.probeAt = now + every;
      this.probes++;
      this.modem.at.abort(ABORTED);
      this.modem.ask("", "", every - 0.1, (result) => {
        if (result === OK) this.answered = true;
      });
    }

    /** It answers at another speed: back to the usual one, for good. */
    private useBaud(): void {
      this.probeAt = this.until = this.modem.now + 5;
      this.modem.ask("+IPR=" + BAUD, "", 2, () => {
        this.baud = -1;
        this.setBaud(BAUD);
        this.modem.ask("&W", "", 2, () => {});
        this.begin(false);
      });
    }

    private turnOn(): void {
      if (this.gently) this.modem.fail(RESTART, "no answer");
      else if (this.key) this.press(this.key, PRESS_ON, this.modem.dialect.key);
      else this.await(false);
    }

    private reset(): void {
      if (this.resetKey) this.press(this.resetKey, PRESS_RESET, RESET_TIME);
      else this.begin(false);
    }

    private enter(phase: number, seconds: number): void {
      this.phase = phase;
      this.until = this.modem.now + seconds;
      this.probeAt = 0;
      this.answered = false;
    }

    private isOff(): boolean {
      const on = this.modem.options.on;
      return !!this.status && this.status.read() !== (on !== 0);
    }

    private output(name: string | undefined): EspruinoPin | undefined {
      if (!name) return undefined;
      const pin = new Pin(name);
      pin.write(this.modem.options.pressed === 0);
      pin.mode("output");
      return pin;
    }

    private press(pin: EspruinoPin, phase: number, seconds: number): void {
      this.modem.at.abort(ABORTED);
      pin.write(this.modem.options.pressed !== 0);
      this.enter(phase, seconds);
    }

    private release(): void {
      const level = this.modem.options.pressed === 0;
      if (this.key) this.key.write(level);
      if (this.resetKey) this.resetKey.write(level);
    }
  }

  return new ModemPower(modem, setBaud);
}
