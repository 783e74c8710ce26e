/**
 * Code that is not in memory from the start on. What only the calls given to `runLate` reach, the
 * build puts into one function, `$late`, at the script's end: until it is needed it takes the memory
 * of that one, not of the hundreds of functions in it. Tests that have no such function run the same.
 * @module
 */

/** Not before the script has come to its end, where `$late` is set. */
function read(call: () => void): void {
  const late = global.$late;
  if (late) {
    global.$late = undefined;
    // As a text, run at the top level: a function's inner functions would each hold its scope. The
    // interpreter keeps a function's text under this name, in flash, and does not copy it.
    setTimeout(late["\xffcod"], 0);
  }
  setTimeout(call, 0);
}

/**
 * Calls once the callback in hand has ended, with everything that it mentions there. It has to be
 * written in place, as a function expression; what it throws is uncaught.
 */
export function runLate(call: () => void): void {
  setTimeout(read, 0, call);
}
