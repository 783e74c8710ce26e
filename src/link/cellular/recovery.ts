/**
 * From whatever state the modem is in to a SIM that is ready: by power key or command, through the
 * first answer and the commands of the start.
 * @module
 */
import { ABORTED, OK, TIMEOUT } from "./at.ts";
import type { Modem } from "./modem.ts";
import { createPower } from "./power.ts";
import { createStartup } from "./startup.ts";
import { BOOT, RECOVER, SIM } from "./states.ts";

/** Seconds. */
const RADIO_TIME = 20;
const RADIO_REST = 3;

export interface Recovery {
  /** Finds out whether the modem is on, and switches it on; `gently`: without the power key. */
  boot(gently: boolean): void;
  /** It has switched itself off. */
  wentOff(): void;
  /** It says so while it boots. */
  goodBye(): void;
  /** It does not answer. */
  cycle(): void;
  /** By command while it obeys; `hard`: by the key where there is one. */
  restart(hard: boolean): void;
  /** Radio off and on. */
  radio(): void;
  /** The commands of the start. */
  initialize(): void;
  /** While it boots; `started`: it said that it is there. */
  tick(started: boolean): void;
  /** Looks at the SIM; `age`: seconds since its turn came. */
  checkSim(age: number): void;
}

/** Makes it; the class is inside, because a method takes memory, and none is needed while online. */
export function createRecovery(modem: Modem, setBaud: (baud: number) => void): Recovery {
  class ModemRecovery implements Recovery {
    private readonly power = createPower(modem, setBaud);
    private readonly startup = createStartup(modem);

    boot(gently: boolean): void {
      modem.enter(BOOT);
      this.power.begin(gently);
    }

    wentOff(): void {
      modem.enter(BOOT);
      modem.at.abort(ABORTED);
      this.power.rest();
    }

    goodBye(): void {
      this.power.wentOff();
    }

    cycle(): void {
      modem.enter(BOOT);
      this.power.cycle();
    }

    restart(hard: boolean): void {
      const byKey = this.power.hasKey && hard;
      modem.enter(RECOVER);
      modem.at.abort(ABORTED);
      modem.ask(byKey ? "+QPOWD=1" : "+CFUN=1,1", "", RADIO_TIME, (result) => {
        modem.enter(BOOT);
        if (result === TIMEOUT) this.power.cycle();
        else if (byKey && result === OK) this.power.awaitOff();
        else this.power.await(true);
      });
    }

    radio(): void {
      modem.enter(RECOVER);
      modem.ask("+CFUN=0", "", RADIO_TIME, () =>
        modem.later(RADIO_REST, () => modem.ask("+CFUN=1", "", RADIO_TIME, () => modem.enter(SIM))),
      );
    }

    initialize(): void {
      modem.count("starts");
      modem.begun();
      this.startup.begin();
    }

    tick(started: boolean): void {
      if (this.power.tick(started)) this.initialize();
    }

    checkSim(age: number): void {
      this.startup.checkSim(age);
    }
  }

  return new ModemRecovery();
}
