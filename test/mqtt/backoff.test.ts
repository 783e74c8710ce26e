import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { Backoff, DEFAULT_BACKOFF } from "../../src/mqtt/backoff.ts";
import {
  CONNECTION_CLOSED,
  REFUSED_CREDENTIALS,
  REFUSED_UNAVAILABLE,
} from "../../src/mqtt/error.ts";
import { Random } from "./random.ts";

test("waits double from 1 s to 60 s and begin anew after a reset", () => {
  const backoff = new Backoff(DEFAULT_BACKOFF);
  const waits = Array.from({ length: 9 }, () => backoff.afterFailure(CONNECTION_CLOSED, 0.5));
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
  backoff.reset();
  assert.equal(backoff.afterFailure(CONNECTION_CLOSED, 0.5), 1000);
});

test("jitter stays within 30 % both ways and no two of 100 seeds go alike", () => {
  const runs = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const random = new Random(seed);
    const backoff = new Backoff(DEFAULT_BACKOFF);
    const waits: number[] = [];
    for (let middle = 1000, n = 0; n < 12; n++, middle = Math.min(middle * 2, 60000)) {
      const wait = backoff.afterFailure(CONNECTION_CLOSED, random.next());
      assert.ok(wait >= middle * 0.7 - 1 && wait <= middle * 1.3 + 1, `${wait} for ${middle}`);
      waits.push(wait);
    }
    runs.add(waits.join());
  }
  assert.equal(runs.size, 100);
});

test("a refusal that is about the client waits five minutes at least; a busy server does not", () => {
  for (const random of [0, 0.5, 0.999]) {
    const wait = new Backoff(DEFAULT_BACKOFF).afterFailure(REFUSED_CREDENTIALS, random);
    assert.ok(wait >= 300000 && wait <= 390000, `${wait}`);
    assert.ok(new Backoff(DEFAULT_BACKOFF).afterFailure(REFUSED_UNAVAILABLE, random) <= 1300);
  }
});
