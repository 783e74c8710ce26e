/**
 * The interpreter's Promise: reactions run from the event queue, `finally` and most statics are
 * missing, an unhandled rejection is an exception of the idle loop.
 * @module
 */
import { Interruption } from "./aborts.ts";
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";

interface State {
  status: "pending" | "fulfilled" | "rejected";
  value: Value;
  /** Whether its end is decided, though it shows only from the idle loop. */
  settled: boolean;
  handled: boolean;
  reactions: { onFulfilled: Value; onRejected: Value; next: Value }[];
}

export function installPromise(core: Core): void {
  const { realm } = core;
  const states = new WeakMap<object, State>();

  const settle = (promise: Value, status: "fulfilled" | "rejected", value: Value) => {
    const state = states.get(promise) as State;
    if (state.settled) return;
    state.settled = true;
    core.queue(
      realm.fn(() => {
        state.status = status;
        state.value = value;
        if (status === "rejected" && !state.handled)
          realm.throw("Error", `Unhandled promise rejection: ${core.text(value)}`);
        for (const reaction of state.reactions) react(state, reaction);
        state.reactions = [];
      }),
      undefined,
      [],
    );
  };
  const resolve = (promise: Value, value: Value) => {
    if (states.get(promise)?.settled) return;
    if (value !== null && (typeof value === "object" || typeof value === "function")) {
      const then = value.then;
      if (typeof then === "function") {
        let settled = false;
        const once = (how: (promise: Value, value: Value) => void) =>
          realm.fn((_self, result) => {
            if (!settled) how(promise, result);
            settled = true;
          });
        try {
          then.call(value, once(resolve), once(reject));
        } catch (error) {
          if (error instanceof Interruption) throw error;
          if (!settled) reject(promise, error);
        }
        return;
      }
    }
    settle(promise, "fulfilled", value);
  };
  const reject = (promise: Value, value: Value) => settle(promise, "rejected", value);

  const react = (state: State, reaction: State["reactions"][number]) => {
    core.queue(
      realm.fn(() => {
        const handler = state.status === "fulfilled" ? reaction.onFulfilled : reaction.onRejected;
        if (typeof handler !== "function") {
          if (state.status === "fulfilled") settle(reaction.next, "fulfilled", state.value);
          else reject(reaction.next, state.value);
          return;
        }
        let result: Value;
        try {
          result = handler.call(realm.global, state.value);
        } catch (error) {
          if (error instanceof Interruption) throw error;
          reject(reaction.next, error);
          return;
        }
        resolve(reaction.next, result);
      }),
      undefined,
      [],
    );
  };

  const create = () => {
    const promise = Object.create(PromiseClass.prototype);
    states.set(promise, {
      status: "pending",
      value: undefined,
      settled: false,
      handled: false,
      reactions: [],
    });
    return promise;
  };
  const then = (promise: Value, onFulfilled: Value, onRejected: Value) => {
    const state = states.get(promise);
    if (!state) return realm.throw("TypeError", "not a Promise");
    const next = create();
    const reaction = { onFulfilled, onRejected, next };
    state.handled = true;
    if (state.status === "pending") state.reactions.push(reaction);
    else react(state, reaction);
    return next;
  };
  const PromiseClass: Value = realm.class(
    (_self, executor) => {
      if (typeof executor !== "function")
        realm.throw("TypeError", "Executor function required in Promise constructor");
      const promise = create();
      try {
        executor(
          realm.fn((_this, value) => resolve(promise, value)),
          realm.fn((_this, reason) => reject(promise, reason)),
        );
      } catch (error) {
        if (error instanceof Interruption) throw error;
        reject(promise, error);
      }
      return promise;
    },
    { catch: (self, onRejected) => then(self, undefined, onRejected) },
  );
  const thenMethod = realm.fn((self, onFulfilled, onRejected) =>
    then(self, onFulfilled, onRejected),
  );
  realm.hide(PromiseClass.prototype, "then", thenMethod);
  realm.define(PromiseClass, {
    resolve: (_self, value) => {
      if (states.has(value)) return value;
      const promise = create();
      resolve(promise, value);
      return promise;
    },
    reject: (_self, reason) => {
      const promise = create();
      reject(promise, reason);
      return promise;
    },
    all: (_self, list) => {
      const promise = create();
      const results = realm.array(new Array(list.length).fill(undefined));
      let missing = list.length;
      if (missing === 0) resolve(promise, results);
      Array.from(list as ArrayLike<Value>).forEach((item, i) => {
        const one = create();
        resolve(one, item);
        then(
          one,
          realm.fn((_this, value) => {
            results[i] = value;
            if (--missing === 0) resolve(promise, results);
          }),
          realm.fn((_this, reason) => reject(promise, reason)),
        );
      });
      return promise;
    },
  });
  realm.hide(realm.global, "Promise", PromiseClass);
}
