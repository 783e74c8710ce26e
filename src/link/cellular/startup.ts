/**
 * From the modem's first answer to a SIM that is ready: the commands of the start, who it is, which
 * dialect it speaks, the PIN.
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { OK } from "./at.ts";
import { dialectOf } from "./dialects/index.ts";
import { RADIO } from "./ladder.ts";
import type { Modem } from "./modem.ts";
import * as sim from "./sim.ts";
import { INIT, REGISTER, SIM } from "./states.ts";

/** Seconds. */
const COMMAND = 5;
const SIM_POLL = 1;
const SIM_TIME = 20;
const NO_SIM_CYCLES = 10;

export interface Startup {
  /** The first commands; then the SIM's turn comes. */
  begin(): void;
  /** Looks at the SIM; `age`: seconds since its turn came. */
  checkSim(age: number): void;
}

/** Makes it; the class is inside, because a method takes memory, and none is needed while online. */
export function createStartup(life: Modem): Startup {
  class ModemStartup implements Startup {
    private list: string[] = [];
    private step = 0;
    private tries = 0;
    private pinTried = false;

    constructor(private readonly life: Modem) {}

    begin(): void {
      this.pinTried = false;
      this.step = this.tries = 0;
      const port = '+QURCCFG="urcport","' + this.life.options.urcPort + '"';
      this.list = ["E0", "V1", "+CMEE=1", port, "I", "+CGSN"];
      this.life.enter(INIT);
      this.next();
    }

    private next(): void {
      const text = this.list[this.step];
      if (text === undefined) {
        this.tries = 0;
        this.life.enter(SIM);
        return;
      }
      this.life.ask(text, "", COMMAND, (result, lines) => {
        if (result !== OK && !this.tries) {
          // It may have been garbled; the second time it is not known here.
          this.tries = 1;
        } else {
          this.tries = 0;
          this.step++;
          if (text === "I") this.hearModel(lines);
          else if (text === "+CGSN" && lines.length) this.life.identity.imei = lines[0];
        }
        this.next();
      });
    }

    private hearModel(lines: string[]): void {
      const life = this.life;
      for (const line of lines) {
        if (line.startsWith("Revision:")) life.identity.revision = line.substr(9).trim();
        else if (!line.startsWith("Quectel")) life.dialect = dialectOf(line);
      }
      const { init, keepalive, zone } = life.dialect;
      const own = ['+QICFG="tcp/keepalive",' + keepalive, "+CTZU=" + zone];
      this.list = this.list.concat(init(), own);
    }

    checkSim(age: number): void {
      const life = this.life;
      life.pause(SIM_POLL);
      life.ask("+CPIN?", "+CPIN:", COMMAND, (result, lines) => {
        const state = sim.simState(result, lines);
        if (state === sim.READY) this.simReady();
        else if (state === sim.WANTS_PIN) this.enterPin();
        else if (life.simGone) life.wait("SIM removed");
        else if (state === sim.NONE) {
          life.wait("no SIM");
          if (++this.tries % NO_SIM_CYCLES === 0) life.fail(RADIO, "no SIM");
        } else if (state === sim.LOCKED) life.wait("SIM is locked: PUK");
        else if (age > SIM_TIME) life.fail(RADIO, "SIM not ready");
      });
    }

    private simReady(): void {
      if (this.pinTried) sim.pinWorked();
      this.pinTried = this.life.simGone = false;
      this.tries = 0;
      this.life.ask("+QCCID", "+QCCID:", COMMAND, (_result, lines) => {
        if (lines.length) this.life.identity.iccid = lines[0].substr(7).trim();
        this.life.enter(REGISTER);
      });
    }

    private enterPin(): void {
      const life = this.life;
      const pin = life.settings.pin;
      if (pin === undefined) life.wait("SIM wants a PIN: set cellular.pin");
      else if (this.pinTried || !sim.mayTryPin(pin))
        life.wait("SIM PIN was refused: not tried again");
      else {
        this.pinTried = true;
        life.ask('+CPIN="' + pin + '"', "", COMMAND, (result) => {
          if (result !== OK) logWarn("modem", "SIM PIN refused");
        });
      }
    }
  }

  return new ModemStartup(life);
}
