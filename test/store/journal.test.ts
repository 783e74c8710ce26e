/**
 * The journal over a flash that loses power and lies.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { type FlashFault, NorFlash } from "../../host/board/flash/nor-flash.ts";
import { allowFlash } from "../../src/store/flash.ts";
import { Journal } from "../../src/store/journal.ts";
import { useFlash } from "./fake-flash.ts";

const size = 16384;
/** `Journal` erases by the pages of board `linux`. */
const page = 1024;
let flash: NorFlash;

/** A journal as the next start finds it. */
function open(): Journal {
  return new Journal(0);
}

function use(bytes: Uint8Array): void {
  flash = new NorFlash(bytes, 0, page);
  useFlash(flash);
}

beforeEach(() => {
  use(new Uint8Array(size).fill(0xff));
  allowFlash(0, size);
});

/** A change of the journal, and the state that it leads to; states are kept as JSON. */
interface Step {
  name: string;
  run(journal: Journal): boolean;
}

/** All that a reader of the journal sees. */
function state(journal: Journal): string {
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
const steps: Step[] = [];
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

describe("the journal", () => {
  test("keeps records, their marks and removals over starts and moves", () => {
    for (const step of steps) {
      const journal = open();
      assert.ok(step.run(journal), step.name);
      assert.equal(state(open()), state(journal), step.name);
    }
    const last = open();
    assert.equal(last.get("boot").a, 13);
    assert.equal(last.get("plan").n, 13);
    assert.equal(last.get("why"), undefined);
    assert.ok(last.isMarked("plan", 23) && !last.isMarked("plan", 22));
    assert.ok(flash.erases > 0, "no block was ever full");
  });

  test("is empty on blank flash and on rubbish", () => {
    for (const fill of [0xff, 0, 0x5a]) {
      use(new Uint8Array(size).fill(fill));
      const journal = open();
      assert.equal(journal.get("boot"), undefined);
      assert.equal(journal.markCount("boot"), 0);
      assert.equal(journal.isMarked("boot", 0), false);
      assert.equal(journal.mark("boot", 0), false);
      assert.ok(journal.put("boot", { a: 1 }, 12));
      assert.equal(open().get("boot").a, 1);
    }
  });

  test("takes kinds named as what every object has", () => {
    const journal = open();
    assert.equal(journal.get("constructor"), undefined);
    assert.ok(journal.put("constructor", { a: 1 }));
    assert.equal(open().get("constructor").a, 1);
  });

  test("takes texts with quotes, braces, line feeds and UTF-8", () => {
    const odd = '"}\n{\\\xe4\xb8\xad';
    assert.ok(open().put("plan", { text: odd }, 4));
    assert.equal(open().get("plan").text, odd);
    assert.ok(open().putText("file", '{ "a": "}" }\n'));
    assert.equal(open().getText("file"), '{ "a": "}" }\n');
  });

  test("says that a record is too long, and keeps the old one", () => {
    const journal = open();
    assert.ok(journal.put("plan", { a: 1 }));
    assert.throws(
      () => journal.put("plan", { text: "x".repeat(1500) }),
      /record "plan" has 15\d\d bytes and 0 marks, expected up to 1500/,
    );
    assert.throws(() => journal.put("plan", {}, 300), /300 marks, expected up to 1500 and 252/);
    assert.equal(journal.get("plan").a, 1);
  });

  test("refuses what finds no room, and keeps what is there", () => {
    const journal = open();
    for (const kind of ["a", "b"]) assert.ok(journal.put(kind, { text: "x".repeat(1450) }));
    assert.equal(journal.put("c", { text: "x".repeat(1450) }), false);
    assert.ok(journal.put("a", { n: 1 }));
    const after = open();
    assert.equal(after.get("a").n, 1);
    assert.equal(after.get("b").text.length, 1450);
    assert.equal(after.get("c"), undefined);
  });

  test("leaves the loader room for a line", () => {
    const journal = open();
    for (let n = 0; n < 300; n++) {
      assert.ok(journal.put("plan", { text: "x".repeat((n * 7) % 400) }, n % 30));
      for (const block of [0, 4096])
        assert.ok(flash.isErased(block + 4096 - 260, 260), `after ${n} records`);
    }
  });

  test("erases no page twice in a move, and none that is blank", () => {
    const journal = open();
    let pages: number[] = [];
    flash.hook = ({ kind, address }) => {
      if (kind === "erase") pages.push(address);
      return undefined;
    };
    for (let n = 0; n < 200; n++) {
      pages = [];
      assert.ok(journal.put("boot", { n }, 12));
      assert.equal(new Set(pages).size, pages.length);
    }
    assert.ok(flash.erases <= 4 * Math.ceil((200 * 64) / 3800), `${flash.erases} erases`);
  });

  test("marks change nothing else, with one write of one byte", () => {
    const journal = open();
    assert.ok(journal.put("plan", { a: 1 }, 10));
    assert.ok(journal.put("boot", { a: 1 }, 12));
    const before = flash.bytes.slice();
    const operations = flash.operations;
    assert.ok(journal.mark("plan", 9));
    assert.ok(journal.mark("plan", 9));
    assert.equal(flash.operations, operations + 1);
    const changed = [...before.keys()].filter((at) => before[at] !== flash.bytes[at]);
    assert.equal(changed.length, 1);
    assert.equal(journal.isMarked("plan", 9), true);
    assert.equal(journal.mark("plan", 12), false);
    assert.equal(journal.mark("plan", -1), false);
  });
});

/** A step with the flash before it, the states before and after it, and its flash operations. */
interface Recorded {
  step: Step;
  bytes: Uint8Array;
  before: string;
  after: string;
  operations: number;
}

function record(): Recorded[] {
  use(new Uint8Array(size).fill(0xff));
  allowFlash(0, size);
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
