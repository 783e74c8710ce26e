/**
 * Looks after registration and health: reports of the modem may be lost or late, so it is asked as
 * well, and the newest counts.
 * @module
 */
import { RADIO, RESTART } from "./ladder.ts";
import type { Modem } from "./modem.ts";
import { DENIED, Registration } from "./registration.ts";
import { REGISTER } from "./states.ts";

/** Seconds. */
const COMMAND = 5;
const POLL = 2;
const REGISTER_TIME = 90;
const DENIED_TIME = 30;
/** So long without a search: it is told to search. */
const SEARCH_AFTER = 15;
const COPS_TIME = 180;
/** From the loss on, through all tries. */
const LONGEST = 600;
const ABROAD = 30;
/** A registration that is lost for less is nothing. */
const LOSS_TIME = 15;
const PROBE_EVERY = 30;
const LOOK_EVERY = 60;

export class Watch {
  readonly registration = new Registration();
  /** Of `CSQ`, dBm; 0: the modem does not know; undefined: not asked yet. */
  dbm: number | undefined;
  private lostAt = 0;
  private lookAt = 0;
  private searched = false;

  constructor(private readonly life: Modem) {}

  /** The modem has started, or its radio has: nothing is known. */
  reset(): void {
    this.registration.reset();
    this.dbm = undefined;
    delete this.life.identity.operator;
  }

  /** The wait for a network begins. */
  begin(): void {
    if (!this.lostAt) this.lostAt = this.life.now;
    this.searched = false;
  }

  /** Waits for a network, `age` seconds so far. */
  checkRegistration(age: number): void {
    const life = this.life;
    const { ok, abroad, stat } = this.registration;
    if (ok) {
      this.lookAt = 0;
      life.connect();
    } else if (abroad) {
      life.wait("roaming is not allowed");
      this.look(ABROAD);
    } else if (stat === DENIED && age > DENIED_TIME) life.fail(RADIO, "registration denied");
    else if (age > REGISTER_TIME) {
      const longest = life.now - this.lostAt > LONGEST;
      life.fail(longest ? RESTART : RADIO, "not registered, state " + stat);
    } else if (stat === 0 && age > SEARCH_AFTER && !this.searched) {
      this.searched = true;
      life.ask("+COPS=0", "", COPS_TIME, () => {});
    } else this.look(POLL);
  }

  /** While online. */
  checkOnline(): void {
    const life = this.life;
    const now = life.now;
    if (this.registration.ok) this.lostAt = 0;
    else if (!this.lostAt) {
      this.lostAt = now;
      this.lookAt = 0;
    } else if (now - this.lostAt > LOSS_TIME) {
      life.fault = "registration lost";
      life.lose();
      life.enter(REGISTER);
      return;
    }
    if (now >= this.lookAt) {
      this.lookAt = now + (this.lostAt ? POLL : LOOK_EVERY);
      this.look(0);
    } else if (now - life.heardAt > PROBE_EVERY || this.dbm === undefined) this.measure();
  }

  private look(pause: number): void {
    const life = this.life;
    life.ask("+CEREG?", "+CEREG:", COMMAND, (_result, lines) => {
      if (lines.length) this.registration.hear(lines[0]);
      life.ask("+CGREG?", "+CGREG:", COMMAND, (_code, more) => {
        if (more.length) this.registration.hear(more[0]);
        if (!this.registration.ok) life.pause(pause);
      });
    });
  }

  /** The signal, a sign of life too (27.007, 8.5), and whose network it is. */
  private measure(): void {
    const life = this.life;
    life.ask("+CSQ", "+CSQ:", COMMAND, (_result, lines) => {
      const rssi = lines.length ? parseInt(lines[0].substr(5), 10) : 99;
      this.dbm = rssi < 32 ? 2 * rssi - 113 : 0;
      if (life.identity.operator !== undefined) return;
      life.ask("+COPS?", "+COPS:", COMMAND, (_code, more) => {
        life.identity.operator = (more.length && more[0].split('"')[1]) || "";
      });
    });
  }
}
