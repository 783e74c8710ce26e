/**
 * `assert.ok` without a text of its own fails at once. Node would read the failing expression out of
 * the source, at its place in what tsx made of it: that is another place, and the search for the
 * expression's end there takes minutes. Loaded before each test file.
 * @module
 */
import assert from "node:assert/strict";

const ok = assert.ok;
assert.ok = function check(value, message) {
  if (value) return;
  try {
    ok(value, message ?? `expected a true value, got ${String(value)}`);
  } catch (error) {
    // The first line of the trace is the test's.
    if (error instanceof assert.AssertionError) Error.captureStackTrace(error, check);
    throw error;
  }
};
