/**
 * A journal in Node, and the changes that its tests make to it.
 * @module
 */
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { allowFlash } from "../../src/store/flash.ts";
import { Journal } from "../../src/store/journal.ts";
import { useFlash } from "./fake-flash.ts";

/** Bytes of the flash. */
export const size = 16384;
/** `Journal` erases by the pages of board `linux`. */
const page = 1024;
/** The flash in use. */
export let flash: NorFlash;

/** A journal as the next start finds it. */
export function open(): Journal {
  return new Journal(0);
}

/** Puts these bytes under the journal. */
export function use(bytes: Uint8Array): void {
  flash = new NorFlash(bytes, 0, page);
  useFlash(flash);
}

/** Begins with blank flash. */
export function useBlank(): void {
  use(new Uint8Array(size).fill(0xff));
  allowFlash(0, size);
}

/** A change of the journal, and the state that it leads to; states are kept as JSON. */
export interface Step {
  name: string;
  run(journal: Journal): boolean;
}

/** All that a reader of the journal sees. */
export function state(journal: Journal): string {
  return JSON.stringify(
    ["boot", "plan", "why"].map((kind) => {
      const marks = Array.from({ length: journal.markCount(kind) }, (_, i) =>
        Number(journal.isMarked(kind, i)),
      );
      return [journal.get(kind), marks.join("")];
    }),
  );
}

const text = (length: number, n: number) => String(n % 10).repeat(length);

/** Records, marks and removals, through several moves. */
export const steps: Step[] = [];
for (let n = 0; n < 14; n++) {
  steps.push(
    { name: "put boot", run: (journal) => journal.put("boot", { a: n, t: 1 }, 12) },
    { name: "mark boot 0", run: (journal) => journal.mark("boot", 0) },
    { name: "put plan", run: (journal) => journal.put("plan", { n, text: text(60 * n, n) }, 24) },
    { name: "mark plan 0", run: (journal) => journal.mark("plan", 0) },
    { name: "mark plan 23", run: (journal) => journal.mark("plan", 23) },
    { name: "mark boot 11", run: (journal) => journal.mark("boot", 11) },
  );
  if (n % 5 === 1)
    steps.push({
      name: "put why",
      run: (journal) => journal.put("why", { text: "x".repeat(200) }),
    });
  if (n % 5 === 3)
    steps.push({ name: "remove why", run: (journal) => journal.put("why", undefined) });
}
