/**
 * Every operation on the flash during a run, so that the flash can be had as it was at any of them,
 * also in the middle of one: power that fails takes everything else with it.
 * @module
 */
import type { FlashHook, FlashOperation, NorFlash } from "../../host/board/flash/nor-flash.ts";
import { seededRandom } from "../../host/faults/random.ts";

export interface Recorded {
  kind: "write" | "erase";
  address: number;
  before: Uint8Array;
  after: Uint8Array;
  /** What the scene was like when it happened. */
  mark: number;
}

/** How far an operation came when the power failed. */
export type Torn =
  /** Only the first bytes were changed. */
  | { bytes: number }
  /** Each bit that changes has changed or not, by a seed. */
  | { seed: number };

export class Recording {
  readonly operations: Recorded[] = [];
  #pending: Recorded | undefined;

  constructor(
    readonly base: Uint8Array,
    private readonly flash: NorFlash,
    private readonly mark: () => number,
  ) {}

  /** Records; hand it to the board at each power-on. */
  readonly hook: FlashHook = (operation) => {
    this.#settle();
    const range = this.#range(operation);
    const { kind, address } = operation;
    const before = this.flash.bytes.slice(...range);
    this.#pending = { kind, address, before, after: before, mark: this.mark() };
    return undefined;
  };

  /** The last operation is over. */
  end(): void {
    this.#settle();
  }

  /**
   * The flash before operation `index`, and that operation done as far as `torn` says; `index` may
   * be the number of operations: then all are done. `bytes`: a copy of the base, to be changed.
   */
  at(index: number, torn: Torn = { bytes: 0 }, bytes: Uint8Array = this.base.slice()): Uint8Array {
    for (const { address, after } of this.operations.slice(0, index)) {
      bytes.set(after, address - this.flash.base);
    }
    const cut = this.operations[index];
    if (cut) bytes.set(tear(cut, torn), cut.address - this.flash.base);
    return bytes;
  }

  #settle(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending) return;
    const offset = pending.address - this.flash.base;
    pending.after = this.flash.bytes.slice(offset, offset + pending.before.length);
    this.operations.push(pending);
  }

  #range({ address, length }: FlashOperation): [number, number] {
    const offset = address - this.flash.base;
    return [offset, offset + length];
  }
}

/** The bytes of a range whose change was interrupted. */
function tear({ before, after }: Recorded, torn: Torn): Uint8Array {
  if ("bytes" in torn) {
    const bytes = before.slice();
    bytes.set(after.subarray(0, torn.bytes));
    return bytes;
  }
  const random = seededRandom(torn.seed);
  return before.map((byte, index) => {
    const changes = byte ^ (after[index] ?? 0);
    return byte ^ (changes & Math.floor(random() * 256));
  });
}
