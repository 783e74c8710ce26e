/**
 * What the log of records goes through on every engine.
 * @module
 */
import type { RecordLog } from "../../src/store/record-log.ts";

/** Records of all lengths, settled in between, opened anew each time; a digest of all that was seen. */
export function runLogSteps(
  open: () => RecordLog,
  rounds: number,
  digest: (text: string) => number,
): number {
  let seen = "";
  let log = open();
  for (let n = 0; n < rounds; n++) {
    const record = n + "\xe6\xb8\xa9x".repeat((n * 7) % 40);
    seen += log.append(record) ? "y" : "n";
    if (n % 3 === 0) log.settle(n % 4);
    if (n % 10 === 0) {
      seen += `${log.count}/${digest(log.read(5, 400).join(";"))}`;
      log = open();
      seen += `=${log.count},`;
    }
  }
  return digest(seen);
}
