/**
 * A program with a fault of each kind; a comment `at: NAME` marks the line that a trace has to name.
 * @module
 */
import { describeError, logError } from "../../../src/debug/log.ts";

class Gauge {
  private readonly readings: any = undefined;
  private scale: any;

  /** @rare */
  latest(): number {
    return this.readings.last; // at: latest
  }

  average(): number {
    const sum = this.latest() + 1; // at: average
    return sum / 2;
  }

  /** @rare */
  wrong(): void {
    this.scale(5); // at: wrong
  }
}

function handle(gauge: Gauge): void {
  [gauge].forEach((one) => {
    print("value", one.average()); // at: handler
  });
}

function endless(depth: number): number {
  return 1 + endless(depth + 1);
}

const gauge = new Gauge();

const faults: (() => void)[] = [
  () => handle(gauge), // at: timer
  () => gauge.wrong(),
  () => {
    try {
      handle(gauge);
    } catch (error) {
      logError("test", "the callback failed: " + describeError(error));
    }
  },
  () => {
    throw "plain text";
  },
  () => print(endless(0)),
  () => print("#END"),
];

function next(): void {
  const fault = faults.shift();
  if (faults.length) setTimeout(next, 20);
  if (fault) fault();
}

setTimeout(next, 10);
