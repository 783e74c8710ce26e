/**
 * The log of records over a flash that loses power and lies.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type FlashFault, NorFlash } from "../../host/board/flash/nor-flash.ts";
import { allowFlash } from "../../src/store/flash.ts";
import { RecordLog } from "../../src/store/record-log.ts";
import { useFlash } from "./fake-flash.ts";

/** Pages are those of board `linux`. */
const PAGE = 1024;
const PAGES = 4;
let flash: NorFlash;

function use(bytes: Uint8Array): void {
  flash = new NorFlash(bytes, 0, PAGE);
  useFlash(flash);
}

const blank = () => new Uint8Array(PAGES * PAGE).fill(0xff);
const open = () => new RecordLog(0, PAGES * PAGE);
const all = (log: RecordLog) => log.read(10_000, 1e9);
/** Records of all lengths, each with a number. */
const record = (n: number) => `${n}:${"x".repeat((n * 37) % 190)}`;

beforeEach(() => {
  use(blank());
  allowFlash(0, PAGES * PAGE);
});

test("records come back in order, over restarts, until they are settled", () => {
  let log = open();
  assert.deepEqual(all(log), []);
  for (let n = 0; n < 8; n++) assert.ok(log.append(record(n)));
  log = open();
  assert.equal(log.count, 8);
  assert.deepEqual(log.read(3, 1e9), [0, 1, 2].map(record));
  assert.deepEqual(log.read(9, record(0).length + record(1).length), [0, 1].map(record));
  assert.deepEqual(log.read(9, 0), [record(0)], "one at least");
  log.settle(3);
  assert.equal(log.count, 5);
  assert.deepEqual(all(open()), [3, 4, 5, 6, 7].map(record));
  log.settle(9);
  assert.equal(log.count, 0);
  assert.equal(open().count, 0);
  assert.ok(log.append("later"));
  assert.deepEqual(all(log), ["later"]);
  assert.deepEqual(all(open()), ["later"]);
});

test("when it is full, whole pages of the oldest go and are counted", () => {
  const log = open();
  let n = 0;
  while (log.dropped === 0) assert.ok(log.append(record(n++)));
  assert.equal(log.count + log.dropped, n);
  const left = all(log);
  assert.deepEqual(
    left,
    Array.from({ length: log.count }, (_, i) => record(log.dropped + i)),
  );
  assert.ok(left.join("").length > (PAGES - 2) * PAGE, "no more than a page goes");
  assert.deepEqual(all(open()), left);
});

test("erases are spread over all pages, and none is needed for what fits", () => {
  const erased: number[] = Array(PAGES).fill(0);
  flash.hook = ({ kind, address }) => {
    if (kind === "erase") (erased[Math.floor(address / PAGE)] as number)++;
    return undefined;
  };
  let log = open();
  for (let n = 0; n < 400; n++) {
    assert.ok(log.append(record(n)));
    if (n % 3 === 0) log.settle(2);
    if (n % 7 === 0) log = open();
  }
  assert.ok(Math.max(...erased) - Math.min(...erased) <= 1, erased.join());
  const bytes = Array.from({ length: 400 }, (_, n) => record(n).length + 18);
  const least = bytes.reduce((sum, one) => sum + one, 0) / PAGE;
  const count = erased.reduce((sum, one) => sum + one, 0);
  assert.ok(count <= 1.2 * least, `${count} erases for ${least} pages`);
});

test("what a page does not hold is refused", () => {
  const log = open();
  assert.ok(log.append("y".repeat(log.longest)));
  assert.deepEqual(all(open()), ["y".repeat(log.longest)]);
  assert.equal(log.append("y".repeat(log.longest + 1)), false);
  assert.equal(log.count, 1);
});

test("rubbish in the flash is no record and no trouble", () => {
  for (const fill of [0, 0x30, 0x41, 0x7f]) {
    use(blank().fill(fill));
    const log = open();
    assert.equal(log.count, 0);
    assert.ok(log.append("a"));
    assert.deepEqual(all(open()), ["a"]);
  }
});

/** A step with the flash before it. */
interface Step {
  name: string;
  bytes: Uint8Array;
  before: string[];
  after: string[];
  operations: number;
  run(log: RecordLog): boolean;
}

/** Appends and settles through three turns of the ring. */
function record3Turns(): Step[] {
  const steps: Step[] = [];
  const step = (name: string, run: (log: RecordLog) => boolean) => {
    const bytes = flash.bytes.slice();
    const before = all(open());
    const operations = flash.operations;
    assert.ok(run(open()), name);
    const done = flash.operations - operations;
    steps.push({ name, bytes, before, after: all(open()), operations: done, run });
  };
  for (let n = 0; n < 120; n++) {
    step(`append ${n}`, (log) => log.append(record(n)));
    if (n % 40 > 25) {
      step("settle 2", (log) => {
        log.settle(2);
        return true;
      });
    }
  }
  return steps;
}

/** Runs a step with a fault at one of its operations, counted from 1. */
function runWith(
  { bytes, run }: Step,
  operation: number,
  fault: (length: number, kind: string) => FlashFault,
): boolean {
  use(bytes.slice());
  let count = 0;
  let isDead = false;
  flash.hook = ({ length, kind }) => {
    // Whatever the program makes of a cut's exception, nothing is written any more.
    if (isDead) return { kind: "cut", bytes: 0 };
    count++;
    if (count !== operation) return undefined;
    const made = fault(length, kind);
    isDead = made.kind === "cut";
    return made;
  };
  const result = run(open());
  flash.hook = undefined;
  assert.ok(count >= operation, "the operation was not reached");
  return result;
}

/** Each bit that an erase has not set yet may be set or not. */
function scatter(torn: Uint8Array, old: Uint8Array, seed: number): void {
  let random = seed;
  for (let at = 0; at < torn.length; at++) {
    random = (random * 1103515245 + 12345) & 0x7fffffff;
    const here = old[at] as number;
    if (here !== torn[at]) torn[at] = here | ((random >> 16) & 0xff);
  }
}

/** Whether a list lies between two: nothing is lost that both have, nothing is new or twice. */
function isBetween(found: string[], before: string[], after: string[]): boolean {
  const fresh = after.filter((one) => !before.includes(one));
  const every = [...before, ...fresh];
  const kept = before.filter((one) => after.includes(one));
  const from = every.indexOf(found[0] ?? "");
  if (found.length === 0) return kept.length === 0;
  return (
    from >= 0 &&
    found.every((one, index) => one === every[from + index]) &&
    kept.every((one) => found.includes(one))
  );
}

test("a power cut at any operation loses nothing but what goes anyway", (context) => {
  const steps = record3Turns();
  let cases = 0;
  for (const one of steps) {
    for (let operation = 1; operation <= one.operations; operation++) {
      for (const torn of [0, 1, 5, 0.5, -4, -1, 1e9]) {
        let isErase = false;
        runWith(one, operation, (length, kind) => {
          const bytes = torn === 0.5 ? length >> 1 : torn < 0 ? length + torn : torn;
          isErase = kind === "erase" && bytes > 0;
          return { kind: "cut", bytes: Math.max(0, Math.min(bytes, length)) };
        });
        const left = flash.bytes.slice();
        for (let round = 0; round < (isErase ? 4 : 1); round++) {
          cases++;
          const bytes = left.slice();
          if (round > 0) scatter(bytes, one.bytes, operation * 7 + round);
          use(bytes);
          const found = all(open());
          const id = `${one.name}, operation ${operation}, ${torn} bytes, round ${round}`;
          assert.ok(isBetween(found, one.before, one.after), `${id}: ${found}`);
          // And it goes on.
          const log = open();
          assert.ok(log.append("later"), id);
          assert.equal(all(open()).at(-1), "later", id);
          log.settle(1e9);
          assert.equal(open().count, 0, id);
        }
      }
    }
  }
  context.diagnostic(`${cases} cuts in ${steps.length} steps`);
  assert.ok(cases > 1000);
});

for (const [name, fault] of [
  ["does nothing", () => ({ kind: "skip" })],
  ["throws", () => ({ kind: "fail" })],
  ["flips the first bit", () => ({ kind: "flip", bit: 0 })],
  ["flips a bit in the middle", (length) => ({ kind: "flip", bit: length * 4 + 3 })],
] as [string, (length: number) => FlashFault][]) {
  test(`a flash that ${name} once loses no record that was taken`, () => {
    for (const one of record3Turns()) {
      for (let operation = 1; operation <= one.operations; operation++) {
        const taken = runWith(one, operation, fault);
        const id = `${one.name}, operation ${operation}`;
        assert.ok(taken, id);
        const found = all(open());
        if (one.name.startsWith("append")) {
          // A page that fails is left out, and with it what it held.
          assert.ok(found.length > 0 && found.at(-1) === one.after.at(-1), id);
          const kept = found.slice(0, -1);
          const from = one.before.length - kept.length;
          assert.deepEqual(kept, one.before.slice(from), id);
        } else assert.ok(isBetween(found, one.before, one.after), `${id}: ${found}`);
      }
    }
  });
}

test("a flash that takes nothing any more: false, and what is there stays", () => {
  const log = open();
  for (let n = 0; n < 5; n++) log.append(record(n));
  for (const kind of ["skip", "fail"] as const) {
    flash.hook = () => ({ kind });
    for (let n = 0; n < 3; n++) assert.equal(log.append("z".repeat(600)), false);
    flash.hook = undefined;
  }
  assert.equal(all(open()).at(0), record(0));
});
