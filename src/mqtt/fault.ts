/**
 * Where exceptions of the application go.
 * @module
 */

/** Reports an application's exception as uncaught, from a timer, without harm to the caller. */
export function throwLater(error: any): void {
  setTimeout(() => {
    throw error;
  }, 0);
}

/** Calls an application's callback; what it throws goes to `onFault`. */
export function callSafely<A, B>(
  done: ((first: A, second: B) => void) | undefined,
  first: A,
  second: B,
  onFault: (error: any) => void,
): void {
  if (!done) return;
  try {
    done(first, second);
  } catch (fault) {
    onFault(fault);
  }
}
