/**
 * Stops scripts that grow without bound where the board's JsVars are limited. The board's own memory
 * can't be counted as it is used; far more than it has is taken for too much.
 * @module
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import vm from "node:vm";
import { outOfMemory } from "./aborts.ts";

/** V8's bytes for what a JsVar holds, generously. */
const bytesPerVar = 1500;

let collect: (() => void) | undefined;

export class MemoryGuard {
  private readonly limit: number;
  private readonly atStart = getHeapStatistics().used_heap_size;

  constructor(jsVars: { total: number }) {
    this.limit = jsVars.total > 0 ? jsVars.total * bytesPerVar : Number.POSITIVE_INFINITY;
  }

  private get grown(): number {
    return getHeapStatistics().used_heap_size - this.atStart;
  }

  /** Ends the script's run when it holds too much. */
  check(): void {
    if (this.grown < this.limit * 2) return;
    if (!collect) {
      setFlagsFromString("--expose-gc");
      collect = vm.runInNewContext("gc") as () => void;
      // Contexts made from now on must not have it.
      setFlagsFromString("--no-expose-gc");
    }
    collect();
    if (this.grown > this.limit) throw outOfMemory();
  }
}
