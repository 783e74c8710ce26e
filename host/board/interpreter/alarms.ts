/**
 * What the interpreter's parts want done later, apart from the script's timers.
 * @module
 */
import type { Host } from "./host.ts";

/** Calls back from the idle loop. */
export class Alarms {
  private alarms: { due: number; call: () => void }[] = [];

  constructor(private readonly host: Host) {}

  /** Answers how to forget it. */
  after(ms: number, call: () => void): () => void {
    const alarm = { due: this.host.now() + ms, call };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  }

  run(): boolean {
    const now = this.host.now();
    const due = this.alarms.filter((alarm) => alarm.due <= now);
    this.alarms = this.alarms.filter((alarm) => alarm.due > now);
    for (const alarm of due) alarm.call();
    return due.length > 0;
  }

  get next(): number {
    return this.alarms.reduce((least, { due }) => Math.min(least, due), Number.POSITIVE_INFINITY);
  }
}
