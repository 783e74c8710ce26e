/**
 * Which image runs: trial, confirmation, failure, and cuts between.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import {
  armTrial,
  clearTrial,
  confirmTrial,
  failedTrial,
  freeSlot,
  readChoice,
  requestSafe,
  settleStart,
} from "../../src/store/choice.ts";
import { allowFlash } from "../../src/store/flash.ts";
import { Journal } from "../../src/store/journal.ts";
import { setBoot, useFlash } from "./fake-flash.ts";

let flash: NorFlash;
let journal: Journal;
let unwatched = 0;

beforeEach(() => {
  flash = new NorFlash(new Uint8Array(8192).fill(0xff), 0, 1024);
  useFlash(flash);
  allowFlash(0, 8192);
  journal = new Journal(0);
  unwatched = 0;
});

/** What the loader does when it starts an image. */
function start(slot: number, trial = false) {
  if (trial) {
    const mark = [0, 1, 2].find((i) => !journal.isMarked("boot", i)) ?? -1;
    assert.ok(journal.mark("boot", mark));
  }
  const boot = { slot, trial, timer: trial ? 4711 : 0, fail: () => {} };
  setBoot(boot);
  journal = new Journal(0);
  return boot;
}

/** `removeAllListeners` of the interpreter's `process`. */
Object.assign(process, {
  removeAllListeners: (event: string) => {
    assert.equal(event, "uncaughtException");
    unwatched++;
  },
});

const choice = (active: number, previous: number, trial: number, security = 0) => ({
  active,
  previous,
  trial,
  security,
});

describe("the choice", () => {
  test("is the factory image before any update", () => {
    start(2);
    assert.deepEqual(readChoice(journal), choice(2, -1, -1));
    assert.equal(failedTrial(journal), undefined);
    assert.ok(clearTrial(journal));
    assert.ok(freeSlot(journal, 0));
    assert.equal(flash.operations, 0);
  });

  test("goes from slot to slot through trial and confirmation", () => {
    start(2);
    assert.ok(armTrial(journal, 0));
    assert.deepEqual(readChoice(journal), choice(2, -1, 0));
    assert.equal(failedTrial(journal), undefined);
    let boot = start(0, true);
    assert.equal(failedTrial(journal), undefined);
    assert.ok(confirmTrial(journal, 3));
    assert.deepEqual(readChoice(journal), choice(0, -1, -1, 3));
    assert.deepEqual([boot.trial, boot.timer, unwatched], [false, 0, 1]);
    assert.equal(confirmTrial(journal, 3), false);
    start(0);
    assert.ok(freeSlot(journal, 1));
    assert.ok(armTrial(journal, 1));
    boot = start(1, true);
    assert.ok(confirmTrial(journal, 1));
    assert.deepEqual(readChoice(journal), choice(1, 0, -1, 3));
    start(1);
    assert.ok(freeSlot(journal, 0));
    assert.deepEqual(readChoice(journal), choice(1, -1, -1, 3));
    assert.ok(armTrial(journal, 0));
    assert.deepEqual(readChoice(journal), choice(1, -1, 0, 3));
  });

  test("a trial that failed is told once, with the loader's words", () => {
    start(2);
    assert.ok(armTrial(journal, 1));
    start(1, true);
    assert.ok(journal.mark("boot", 3));
    assert.ok(journal.put("why", { slot: 1, text: "no sensor at :3:7" }));
    start(2);
    assert.deepEqual(failedTrial(journal), { slot: 1, why: "no sensor at :3:7" });
    assert.ok(clearTrial(journal));
    assert.equal(failedTrial(journal), undefined);
    assert.equal(journal.get("why"), undefined);
    assert.deepEqual(readChoice(journal), choice(2, -1, -1));
  });

  test("says how a trial ended that left no word", () => {
    start(2);
    armTrial(journal, 1);
    for (let i = 0; i < 3; i++) start(1, true);
    start(2);
    assert.deepEqual(failedTrial(journal), { slot: 1, why: "not confirmed within 3 starts" });
    clearTrial(journal);
    armTrial(journal, 1);
    start(1, true);
    journal.mark("boot", 3);
    start(2);
    assert.deepEqual(failedTrial(journal), { slot: 1, why: "failed" });
  });

  test("words about an older trial are not told of a newer one", () => {
    start(2);
    armTrial(journal, 1);
    start(1, true);
    journal.mark("boot", 3);
    journal.put("why", { slot: 1, text: "old" });
    start(2);
    assert.ok(armTrial(journal, 1));
    for (let i = 0; i < 3; i++) start(1, true);
    start(2);
    assert.equal(failedTrial(journal)?.why, "not confirmed within 3 starts");
  });

  test("a slot that is to be overwritten is named by nothing", () => {
    journal.put("boot", { a: 0, p: 1, t: -1, s: 2 }, 12);
    start(0);
    assert.equal(freeSlot(journal, 0), false);
    assert.ok(freeSlot(journal, 1));
    assert.deepEqual(readChoice(journal), choice(0, -1, -1, 2));
    // The active image was damaged, the previous one runs.
    journal.put("boot", { a: 0, p: 1, t: -1, s: 2 }, 12);
    start(1);
    assert.ok(freeSlot(journal, 0));
    assert.deepEqual(readChoice(journal), choice(1, -1, -1, 2));
    // Both were, the factory's runs.
    journal.put("boot", { a: 0, p: 1, t: -1, s: 2 }, 12);
    start(2);
    assert.ok(freeSlot(journal, 0));
    assert.deepEqual(readChoice(journal), choice(2, 1, -1, 2));
    assert.ok(armTrial(journal, 0));
    assert.deepEqual(readChoice(journal), choice(2, 1, 0, 2));
  });

  test("safe mode keeps choice and marks, and is asked for anew each time", () => {
    start(2);
    armTrial(journal, 0);
    start(0, true);
    assert.ok(requestSafe(journal));
    assert.deepEqual(readChoice(journal), choice(2, -1, 0));
    assert.equal(journal.get("boot").m, 1);
    const marks = () => [0, 1, 3, 10].map((i) => journal.isMarked("boot", i));
    assert.deepEqual(marks(), [true, false, false, false]);
    journal.mark("boot", 10);
    assert.ok(requestSafe(journal));
    assert.deepEqual(marks(), [true, false, false, false]);
  });

  test("safe mode before any choice leaves the factory image chosen", () => {
    start(2);
    assert.ok(requestSafe(journal));
    assert.deepEqual(readChoice(journal), choice(2, -1, -1));
    assert.equal(journal.get("boot").m, 1);
  });

  test("a good start forgets failures of starts, without a write when there was none", () => {
    journal.put("boot", { a: 0, p: 1, t: -1, s: 2 }, 12);
    start(0);
    const { operations } = flash;
    assert.ok(settleStart(journal));
    assert.equal(flash.operations, operations);
    journal.mark("boot", 4);
    assert.ok(settleStart(journal));
    assert.equal(journal.isMarked("boot", 4), false);
    assert.deepEqual(readChoice(journal), choice(0, 1, -1, 2));
  });

  test("nothing changes when the journal can't be written", () => {
    journal.put("boot", { a: 0, p: 1, t: -1, s: 2 }, 12);
    start(0);
    flash.hook = () => ({ kind: "skip" });
    assert.equal(freeSlot(journal, 1), false);
    assert.equal(armTrial(journal, 1), false);
    assert.equal(requestSafe(journal), false);
    flash.hook = undefined;
    assert.deepEqual(readChoice(new Journal(0)), choice(0, 1, -1, 2));
  });
});
