/**
 * States, of which there is one at a time, and the commands and pauses of each: what belongs to an
 * earlier one is not heard any more.
 * @module
 */
import { ABORTED, type AtChannel, type AtCommand } from "./at.ts";
import { FIRST } from "./modem.ts";
import { isAnswer } from "./registration.ts";
import { OFF } from "./states.ts";

export class Steps {
  state = OFF;
  /** Seconds counted since the start. */
  now = 0;
  /** When the state was entered, s. */
  protected since = 0;
  /** A command of the state's is under way. */
  protected busy = false;
  /** When its next step is due, s, and what that is, if it is not the usual one. */
  protected nextAt = 0;
  protected call: (() => void) | undefined;
  /** Counts the states entered. */
  private epoch = 0;

  constructor(readonly at: AtChannel) {}

  ask(
    text: string,
    prefix: string,
    timeout: number,
    done: (result: number, lines: string[]) => void,
  ): void {
    const epoch = this.epoch;
    this.busy = true;
    this.at.send({
      text: "AT" + text,
      prefix: prefix || undefined,
      plain: !prefix,
      // A report begins as the answer does.
      accepts: prefix.endsWith("REG:") ? isAnswer : undefined,
      timeout: timeout,
      priority: FIRST,
      done: (result, lines) => {
        if (epoch !== this.epoch || result === ABORTED) return;
        this.busy = false;
        done(result, lines);
      },
    } as AtCommand);
  }

  later(seconds: number, call: () => void): void {
    this.pause(seconds);
    this.call = call;
  }

  pause(seconds: number): void {
    this.nextAt = this.now + seconds;
  }

  enter(state: number): void {
    this.state = state;
    this.epoch++;
    this.since = this.now;
    this.busy = false;
    this.call = undefined;
    this.nextAt = 0;
  }
}
