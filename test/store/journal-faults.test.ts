/**
 * The journal over a flash that loses power and lies.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { FlashFault } from "../../host/board/flash/nor-flash.ts";
import { flash, open, type Step, size, state, steps, use, useBlank } from "./journal-story.ts";

beforeEach(useBlank);

/** A step with the flash before it, the states before and after it, and its flash operations. */
interface Recorded {
  step: Step;
  bytes: Uint8Array;
  before: string;
  after: string;
  operations: number;
}

function record(): Recorded[] {
  useBlank();
  return steps.map((step) => {
    const bytes = flash.bytes.slice();
    const operations = flash.operations;
    const journal = open();
    const before = state(journal);
    if (!step.run(journal)) throw new Error(`${step.name} failed`);
    const after = state(open());
    return { step, bytes, before, after, operations: flash.operations - operations };
  });
}

/** Runs a recorded step with a fault at one of its operations, counted from 1. */
function runWith(
  { step, bytes }: Recorded,
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
  const result = step.run(open());
  flash.hook = undefined;
  assert.ok(count >= operation, "the operation was not reached");
  return result;
}

/** Where an erase was under way, each bit that it has not set yet may be set or not. */
function scatter(torn: Uint8Array, old: Uint8Array, seed: number): void {
  let random = seed;
  for (let at = 0; at < torn.length; at++) {
    random = (random * 1103515245 + 12345) & 0x7fffffff;
    const here = old[at] as number;
    if (here !== torn[at]) torn[at] = here | ((random >> 16) & 0xff);
  }
}

describe("a power cut", () => {
  const recorded = record();
  let cases = 0;

  for (const [name, bytes] of [
    ["before", () => 0],
    ["after 1 byte of", () => 1],
    ["after 5 bytes of", () => 5],
    ["in the middle of", (length: number) => length >> 1],
    ["before the last word of", (length: number) => length - 4],
    ["before the last byte of", (length: number) => length - 1],
    ["after", (length: number) => length],
  ] as const)
    test(`${name} an operation leaves the state before the change or after it`, () => {
      for (const one of recorded) {
        const { step, before, after } = one;
        for (let operation = 1; operation <= one.operations; operation++) {
          let isErase = false;
          runWith(one, operation, (length, kind) => {
            isErase = kind === "erase" && bytes(length) > 0;
            return { kind: "cut", bytes: bytes(length) };
          });
          const left = flash.bytes.slice();
          for (let round = 0; round < (isErase ? 4 : 1); round++) {
            cases++;
            const torn = left.slice();
            if (round > 0) scatter(torn, one.bytes, operation * 7 + round);
            use(torn);
            const found = state(open());
            const id = `${step.name}, operation ${operation}, round ${round}`;
            assert.ok(found === before || found === after, `${id}: ${found}`);
            // And it goes on.
            assert.ok(step.run(open()), id);
            assert.equal(state(open()), after, id);
            assert.ok(open().put("later", { n: 1 }), id);
            assert.equal(open().get("later").n, 1, id);
          }
        }
      }
    });

  test("was tried at every operation", (context) => {
    const operations = recorded.reduce((sum, one) => sum + one.operations, 0);
    context.diagnostic(`${cases} cuts at ${operations} operations`);
    assert.ok(cases >= 7 * operations);
  });
});

describe("a flash that lies", () => {
  const recorded = record();
  const faults: [string, (length: number) => FlashFault][] = [
    ["does nothing", () => ({ kind: "skip" })],
    ["throws", () => ({ kind: "fail" })],
    ["flips the first bit", () => ({ kind: "flip", bit: 0 })],
    ["flips the last bit", (length) => ({ kind: "flip", bit: length * 8 - 1 })],
    ["flips a bit in the middle", (length) => ({ kind: "flip", bit: length * 4 + 3 })],
  ];
  for (const [name, fault] of faults)
    test(`and ${name} once: no change is lost or half done`, () => {
      for (const one of recorded)
        for (let operation = 1; operation <= one.operations; operation++) {
          const result = runWith(one, operation, fault);
          const id = `${one.step.name}, operation ${operation}`;
          // What can't be written even the second time is refused, and the old state stays.
          assert.equal(state(open()), result ? one.after : one.before, id);
          assert.ok(result, id);
        }
    });

  test("and takes nothing any more: the change is refused, the old state stays", () => {
    for (const kind of ["skip", "fail"] as const) {
      use(new Uint8Array(size).fill(0xff));
      const journal = open();
      assert.ok(journal.put("boot", { a: 1 }, 12));
      assert.ok(journal.put("plan", { n: 1 }, 4));
      const before = state(journal);
      flash.hook = () => ({ kind });
      assert.equal(journal.put("boot", { a: 2 }, 12), false);
      assert.equal(journal.mark("boot", 3), false);
      flash.hook = undefined;
      assert.equal(state(open()), before);
      assert.ok(journal.put("boot", { a: 3 }, 12));
      assert.equal(open().get("boot").a, 3);
    }
  });
});
