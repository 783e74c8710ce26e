/**
 * The journal: records, marks, moves from block to block.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { flash, open, size, state, steps, use, useBlank } from "./journal-story.ts";

beforeEach(useBlank);

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
