import "../device-globals.ts";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clock } from "../../src/mqtt/clock.ts";

const globals = globalThis as unknown as { getTime: () => number };
const was = globals.getTime;
let shown = 1_000_000;
before(() => {
  globals.getTime = () => shown;
});
after(() => {
  globals.getTime = was;
});

/** Seconds pass. */
function pass(seconds: number): void {
  shown += seconds;
}

test("seconds are counted until the next look, and by a timer at least so many", () => {
  const clock = new Clock();
  clock.expect(60);
  pass(20);
  assert.equal(clock.now(), 20);
  pass(44);
  assert.equal(clock.now(), 64);
  clock.expect(10);
  pass(9);
  assert.equal(clock.reach(74), 74);
  clock.expect(10);
  pass(5);
  assert.equal(clock.now(), 79);
});

for (const step of [-3600, 3600, 1_700_000_000]) {
  test(`a clock that is set by ${step} s: the time until the next look is not counted, then all is`, () => {
    const clock = new Clock();
    clock.expect(60);
    pass(30);
    assert.equal(clock.now(), 30);
    pass(step);
    pass(5);
    assert.equal(clock.now(), 30);
    pass(5);
    assert.equal(clock.now(), 35);
    // The timer was not moved.
    pass(20);
    assert.equal(clock.reach(60), 60);
    clock.expect(60);
    pass(7);
    assert.equal(clock.now(), 67);
    assert.equal(clock.last, 67);
  });
}
