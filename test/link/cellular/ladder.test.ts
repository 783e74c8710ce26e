import assert from "node:assert/strict";
import test from "node:test";
import { CONTEXT, Ladder, PAUSE, RADIO, RESTART } from "../../../src/link/cellular/ladder.ts";

test("what comes again is answered by more: context three times, radio once, then restarts", () => {
  const ladder = new Ladder();
  const levels = Array.from({ length: 7 }, () => ladder.next(CONTEXT, 0));
  assert.deepEqual(levels, [CONTEXT, CONTEXT, CONTEXT, RADIO, RESTART, RESTART, RESTART]);
});

test("a failure of the modem itself begins higher, and nothing goes back down by itself", () => {
  const ladder = new Ladder();
  assert.equal(ladder.next(RADIO, 0), RADIO);
  assert.equal(ladder.next(CONTEXT, 0), RESTART);
  assert.equal(new Ladder().next(RESTART, 0), RESTART);
});

test("three restarts in vain are followed by pauses of 10, 30, 60, 60 minutes, one restart each", () => {
  const ladder = new Ladder();
  let now = 0;
  const told: number[] = [];
  for (let i = 0; i < 11; i++) {
    const level = ladder.next(RESTART, now);
    told.push(level === PAUSE ? -ladder.pause / 60 : level);
    now += level === PAUSE ? ladder.pause : 60;
  }
  const R = RESTART;
  assert.deepEqual(told, [R, R, R, -10, R, -30, R, -60, R, -60, R]);
});

test("success takes it all back", () => {
  const ladder = new Ladder();
  for (let i = 0; i < 8; i++) ladder.next(CONTEXT, 0);
  ladder.reset();
  assert.equal(ladder.next(CONTEXT, 0), CONTEXT);
});

test("no more than 30 restarts and radio cycles a day, however often they help", () => {
  const ladder = new Ladder();
  const cyclesUntil = (end: number) => {
    let cycles = 0;
    for (; now < end; now += 600) {
      if (ladder.next(RADIO, now) !== PAUSE) cycles++;
      ladder.reset();
    }
    return cycles;
  };
  let now = 0;
  assert.equal(cyclesUntil(86400), 30);
  assert.equal(cyclesUntil(2 * 86400), 30);
});

test("when the day's restarts are used up, the context is still taken down and up", () => {
  const ladder = new Ladder();
  let now = 0;
  for (; now < 30 * 600; now += 600) {
    ladder.next(RADIO, now);
    ladder.reset();
  }
  const levels = Array.from({ length: 6 }, () => {
    const level = ladder.next(CONTEXT, now);
    now += level === PAUSE ? ladder.pause : 60;
    return level;
  });
  assert.deepEqual(levels, [CONTEXT, CONTEXT, CONTEXT, PAUSE, CONTEXT, CONTEXT]);
});

test("a modem that never works again is restarted at most 30 times a day", () => {
  const ladder = new Ladder();
  let restarts = 0;
  for (let now = 0; now < 86400; ) {
    if (ladder.next(RESTART, now) === PAUSE) now += ladder.pause;
    else {
      restarts++;
      now += 40;
    }
  }
  assert.ok(restarts > 10 && restarts <= 30, `${restarts}`);
});
