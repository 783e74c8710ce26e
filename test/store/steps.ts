/**
 * What the journal goes through on every engine.
 * @module
 */
import { Journal } from "../../src/store/journal.ts";
import { toJson } from "../../src/text/json.ts";

const KINDS = ["boot", "plan", "why"];

/** All that a reader of the journal sees. */
function describe(journal: Journal): string {
  let text = "";
  for (const kind of KINDS) {
    text += toJson(journal.get(kind) || 0);
    for (let i = 0; i < journal.markCount(kind); i++) text += journal.isMarked(kind, i) ? "1" : "0";
    text += ";";
  }
  return text;
}

/** Records, marks, removals and moves, opened anew each time; a digest of all that was seen. */
export function runSteps(
  address: number,
  rounds: number,
  digest: (text: string) => number,
): number {
  let seen = "";
  for (let n = 0; n < rounds; n++) {
    const journal = new Journal(address);
    seen += n + (journal.put("boot", { a: n, t: n % 3 }, 12) ? "y" : "n");
    seen += journal.mark("boot", n % 12) ? "y" : "n";
    const text = `\xe6\xb8\xa9 "}\n${n}`.repeat(1 + (n % 20));
    seen += journal.put("plan", { n: n, text: text }, (n * 5) % 70) ? "y" : "n";
    seen += journal.mark("plan", n % 64) ? "y" : "n";
    seen += journal.put("why", n % 4 ? { slot: n } : undefined) ? "y" : "n";
    const after = describe(new Journal(address));
    seen += (after === describe(journal) ? "=" : "!") + digest(describe(journal));
  }
  return digest(seen);
}
