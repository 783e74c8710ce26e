/**
 * The packet data context: set up, activated, looked at. A network that allows one context may have
 * given it to another number, and a modem may show an address that is no longer any good: then the
 * strangers are switched off first.
 * @module
 */
import { TIMEOUT } from "./at.ts";
import { RADIO } from "./ladder.ts";
import type { Modem } from "./modem.ts";

/** Seconds, from the manuals. */
const ACTIVATE = 150;
const DEACTIVATE = 40;
const QUERY = 5;
const TRIES = 3;
const PAUSE = 5;

/** The address in an answer to `QIACT?`, or empty. */
function addressOf(lines: string[]): string {
  for (const line of lines) {
    const fields = line.split('"');
    if (parseInt(line.substr(7), 10) === 1 && fields.length > 1) return fields[1];
  }
  return "";
}

/** The numbers of the active contexts in an answer to `CGACT?`. */
function activeContexts(lines: string[]): string[] {
  const active: string[] = [];
  for (const line of lines) {
    const fields = line.substr(7).split(",");
    if (parseInt(fields[1], 10) === 1) active.push(fields[0].trim());
  }
  return active;
}

export interface Pdp {
  /** `anew`: what is active goes down first. */
  begin(anew: boolean): void;
}

/** Makes it; the class is inside, because a method takes memory, and none is needed while online. */
export function createPdp(modem: Modem): Pdp {
  class ModemPdp implements Pdp {
    private tries = 0;

    constructor(private readonly modem: Modem) {}

    begin(anew: boolean): void {
      this.tries = 0;
      if (anew) this.renew();
      else this.prepare(false);
    }

    /** One that the network has taken must go down before it can come up. */
    private renew(): void {
      this.modem.ask("+QIDEACT=1", "", DEACTIVATE, () => this.prepare(true));
    }

    private prepare(anew: boolean): void {
      const { apn, user, password } = this.modem.settings;
      if (apn === undefined) {
        this.look(anew);
        return;
      }
      const names = [apn, user || "", password || ""].join('","');
      this.modem.ask('+QICSGP=1,1,"' + names + '",' + (user ? 3 : 0), "", QUERY, () =>
        this.look(anew),
      );
    }

    /** Is it active? Then, after trouble, who else is? */
    private look(suspicious: boolean): void {
      this.modem.ask("+QIACT?", "+QIACT:", QUERY, (result, lines) => {
        const address = addressOf(lines);
        if (result === TIMEOUT) this.again();
        else if (suspicious) this.repair(address);
        else if (address) this.modem.online(address);
        else this.activate();
      });
    }

    private repair(address: string): void {
      if (!this.modem.dialect.repair) {
        if (address) this.modem.online(address);
        else this.activate();
        return;
      }
      this.modem.ask("+CGACT?", "+CGACT:", QUERY, (_result, lines) => {
        const strangers = activeContexts(lines);
        const own = strangers.indexOf("1");
        if (own >= 0) strangers.splice(own, 1);
        if (address && own >= 0) this.modem.online(address);
        else this.switchOff(strangers);
      });
    }

    private switchOff(strangers: string[]): void {
      const next = strangers.pop();
      if (!next) {
        this.activate();
        return;
      }
      this.modem.count("drifts");
      this.modem.ask("+CGACT=0," + next, "", ACTIVATE, () => this.switchOff(strangers));
    }

    private activate(): void {
      this.modem.ask("+QIACT=1", "", ACTIVATE, () => {
        this.modem.ask("+QIACT?", "+QIACT:", QUERY, (_result, lines) => {
          const address = addressOf(lines);
          if (address) this.modem.online(address);
          else this.again();
        });
      });
    }

    private again(): void {
      if (++this.tries >= TRIES) this.modem.fail(RADIO, "no context");
      else this.modem.later(PAUSE, () => this.renew());
    }
  }

  return new ModemPdp(modem);
}
