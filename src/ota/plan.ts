/**
 * The update that the board is at, kept in the journal: it survives every restart, so a started
 * update is never lost, and no package is tried for ever.
 * @module
 */
import { isChoiceOpen } from "../store/choice.ts";
import type { Journal } from "../store/journal.ts";

const KIND = "plan";
/** Failed packages that are remembered beside the present one. */
const REMEMBERED = 3;
const LONGEST_TEXT = 200;

/** Where the update is. */
export const LOADING = 0;
/** The image is complete and verified; the loader tries it at the next start. */
export const ARMED = 1;
export const FAILED = 2;
/** Confirmed, withdrawn, or refused for good: nothing to do. */
export const OVER = 3;

/** The journal's record; short names, for a block of it holds 4 KB. */
export interface PlanRecord {
  /** Identity of the package: a digest over version and files. */
  id: string;
  version: string;
  module: string;
  state: number;
  /** How often the package has failed. */
  n: number;
  /** Slot that the image goes to. */
  slot: number;
  /** Why it failed last: the step (-1 to -4) and a text; `told` once the platform knows. */
  step?: number;
  why?: string;
  told?: boolean;
  /** Other packages that failed: id, count. */
  old: [string, number][];
}

/** The update that the board is at, or was at last, read anew; undefined: there never was one. */
export function planRecord(journal: Journal): PlanRecord | undefined {
  return journal.get(KIND);
}

/** Whether an earlier update has left something to do, be it to tell the platform of it. */
export function isUnsettled(journal: Journal): boolean {
  const record = planRecord(journal);
  return isChoiceOpen(journal) || (!!record && record.state !== OVER && !record.told);
}

export class Plan {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  get record(): PlanRecord | undefined {
    return planRecord(this.journal);
  }

  /** Whether the package is at work or armed. */
  isOpen(id: string): boolean {
    const record = this.record;
    return !!record && record.id === id && record.state <= ARMED;
  }

  /** How often the package has failed. */
  failures(id: string): number {
    const record = this.record;
    if (!record) return 0;
    if (record.id === id) return record.n;
    for (const old of record.old) if (old[0] === id) return old[1];
    return 0;
  }

  /**
   * Begins a package, or goes on where it was: then the pages that are marked stay so. False when
   * the journal can't be written.
   */
  begin(id: string, version: string, module: string, slot: number, pages: number): boolean {
    const record = this.record;
    if (record && record.id === id && record.state === LOADING && record.slot === slot) return true;
    const n = this.failures(id);
    let old: [string, number][] = [];
    if (record) {
      old = record.old.filter((entry) => entry[0] !== id);
      if (record.n && record.id !== id) old.unshift([record.id, record.n]);
    }
    return this.put(
      {
        id: id,
        version: version,
        module: module,
        state: LOADING,
        n: n,
        slot: slot,
        old: old.slice(0, REMEMBERED),
      },
      pages,
    );
  }

  /** The first page of the slot that is not complete yet. */
  get firstOpenPage(): number {
    let page = 0;
    while (this.journal.isMarked(KIND, page)) page++;
    return page;
  }

  /** Notes that a page of the slot is complete. */
  markPage(page: number): void {
    this.journal.mark(KIND, page);
  }

  /** The image waits for its trial. */
  arm(): boolean {
    return this.change({ state: ARMED });
  }

  /** The package has failed once more; `step` and `why` are for the platform. */
  fail(step: number, why: string): boolean {
    const record = this.record;
    return this.change({
      state: FAILED,
      n: record ? record.n + 1 : 1,
      step: step,
      why: why.substr(0, LONGEST_TEXT),
      told: false,
    });
  }

  /** Nothing is left to do for the package. */
  close(): boolean {
    return this.change({ state: OVER });
  }

  /** The platform knows of the failure. */
  told(): boolean {
    return this.change({ told: true });
  }

  private change(members: object): boolean {
    const record = this.record;
    return !!record && this.put(Object.assign(record, members), 0);
  }

  private put(record: PlanRecord, pages: number): boolean {
    return this.journal.put(KIND, record, pages);
  }
}
