/**
 * The crystal's drift: measured from one setting of the clock to the next, kept, made good.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { machine } from "../../boards/linux.ts";
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { FileStore } from "../../host/board/index.ts";
import { openArea } from "../../src/store/containers.ts";
import { Journal } from "../../src/store/journal.ts";
import { useFlash } from "../store/fake-flash.ts";

const { base, page, storage, size } = machine.flash;
const flash = new NorFlash(new Uint8Array(size).fill(0xff), base, page);
new FileStore(flash, storage).write("area", Uint8Array.of(0x78), 0, 0, 16384 + page);
useFlash(flash, storage);

const DAY = 86_400;
/** The platform's clock, ms; the board's runs slow by `slow` ppm. */
let world = 0;
let board = 0;
let slow = 0;
Object.assign(globalThis, {
  getTime: () => board / 1000,
  setTime: (seconds: number) => {
    board = seconds * 1000;
  },
});
Date.now = () => board;

type Drift = typeof import("../../src/ali/drift.ts");
let starts = 0;
/** The module as a start of the board finds it. */
const start = (): Promise<Drift> => import(`../../src/ali/drift.ts?${++starts}`);
const { setClock } = await import("../../src/system/clock.ts");

function pass(seconds: number): void {
  world += seconds * 1000;
  board += seconds * 1000 * (1 - slow / 1e6);
}

/** As an answer of the platform does, whose way took `trip` ms. */
function set(drift: Drift, trip = 100): void {
  setClock(world);
  drift.measureDrift(world, trip);
}

/** What is kept, once what is written late has been. */
async function kept(): Promise<unknown> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  return new Journal(openArea()).get("clock")?.ppm;
}

beforeEach(() => {
  world = Date.UTC(2026, 5, 1);
  board = 0;
});

test("a day's drift is measured, kept over a restart and made good", async () => {
  slow = 37;
  const first = await start();
  first.readDrift();
  set(first);
  first.correctDrift();
  assert.equal(board, world, "nothing is known yet");
  for (let hour = 0; hour < 23; hour++) {
    pass(3600);
    // Each log-on sets the clock, but a measurement takes a day.
    set(first);
  }
  assert.equal(await kept(), undefined);
  pass(3600);
  set(first);
  assert.equal(await kept(), 37);

  board = 0;
  const second = await start();
  second.readDrift();
  second.correctDrift();
  assert.equal(board, 0, "a clock that is not set stays as it is");
  set(second);
  for (let hour = 0; hour < 24; hour++) {
    pass(3600);
    second.correctDrift();
    assert.ok(Math.abs(board - world) < 1, `off by ${board - world} ms`);
  }
  // What is measured is the crystal, whatever was made good.
  const { operations } = flash;
  set(second);
  assert.equal(flash.operations, operations, "the same again is not written");
});

test("only a change that matters is written, and at most once a day", async () => {
  const drift = await start();
  drift.readDrift();
  slow = 38;
  set(drift);
  pass(DAY);
  set(drift);
  assert.equal(await kept(), 37);
  slow = -12;
  pass(DAY / 2);
  set(drift);
  pass(DAY / 2);
  set(drift);
  assert.equal(await kept(), -12);
});

test("what can't be true is not believed", async () => {
  const drift = await start();
  drift.readDrift();
  slow = 0;
  set(drift, 600);
  pass(DAY);
  world += 20_000;
  set(drift, 600);
  assert.equal(await kept(), -12, "the round trips were too long to tell");
  pass(2 * DAY);
  set(drift);
  assert.equal(await kept(), 77);
  pass(DAY);
  world += 3_600_000;
  set(drift);
  assert.equal(await kept(), 77, "a platform whose clock has jumped");
  pass(DAY);
  set(drift);
  assert.equal(await kept(), 0);
});
