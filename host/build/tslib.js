/**
 * The helpers that TypeScript's ES5 emit imports, written for the interpreter: classes copy their
 * statics (functions have no prototype chain there), and nothing needs Symbol or iterators.
 * @module
 */

export function __extends(derived, base) {
  for (var key in base) {
    if (key !== "prototype") derived[key] = base[key];
  }
  derived.prototype = Object.create(base.prototype);
  derived.prototype.constructor = derived;
}

export function __assign(target, source) {
  return source ? Object.assign(target, source) : target;
}

export function __rest(source, without) {
  var rest = {};
  var keys = Object.keys(source);
  var index;
  for (index = 0; index < keys.length; index++) {
    if (without.indexOf(keys[index]) < 0) rest[keys[index]] = source[keys[index]];
  }
  return rest;
}

export function __spreadArray(to, from) {
  var index;
  if (typeof from === "string") return to.concat(from.split(""));
  for (index = 0; index < from.length; index++) to.push(from[index]);
  return to;
}

export function __makeTemplateObject(cooked, raw) {
  cooked.raw = raw;
  return cooked;
}

export function __extendError(derived, base) {
  __extends(derived, base);
  derived.prototype.toString = function () {
    var name = this.name || "Error";
    return this.message ? [name, this.message].join(": ") : name;
  };
}

export function __error(self, error) {
  if (error.message === undefined) error.message = "";
  return Object.setPrototypeOf(error, Object.getPrototypeOf(self));
}

/** Runs the states of an async function; `body` makes what `__generator` returns. */
export function __awaiter(self, args, _promise, body) {
  return new Promise((resolve, reject) => {
    var resume = body.apply(self, args || []);
    function step(failed, value) {
      var result;
      try {
        result = resume(failed, value);
      } catch (error) {
        reject(error);
        return;
      }
      if (result.done) resolve(result.value);
      else Promise.resolve(result.value).then(next, fail);
    }
    function next(value) {
      step(false, value);
    }
    function fail(error) {
      step(true, error);
    }
    next();
  });
}

/**
 * The states of an async function. `body` runs up to the next instruction `[code, value]`: 2 return,
 * 3 jump to a label, 4 wait for a value, 5 run inner states, 6 an exception, 7 end of `finally`. A region of
 * `state.trys` is `[start, catch, finally, end]` in labels.
 */
export function __generator(self, body) {
  var sent;
  var failed;
  var pending = [];
  var inner;
  var state = {
    label: 0,
    trys: [],
    sent: () => {
      if (failed) throw sent;
      return sent;
    },
  };
  function goOn(code, value) {
    var regions = state.trys;
    var region;
    while (regions.length) {
      region = regions[regions.length - 1];
      if (code === 3 && value > region[0] && value < region[3]) break;
      if (code === 6 && state.label < region[1]) {
        failed = false;
        sent = value;
        state.label = region[1];
        return undefined;
      }
      if (state.label < region[2]) {
        pending.push([code, value]);
        state.label = region[2];
        return undefined;
      }
      if (region[2]) pending.pop();
      regions.pop();
    }
    if (code === 6) throw value;
    if (code === 2) return { done: true, value: value };
    state.label = value;
    return undefined;
  }
  return (wasFailure, value) => {
    var instruction;
    var result;
    failed = wasFailure;
    sent = value;
    while (!result) {
      try {
        if (inner) {
          result = inner(failed, sent);
          if (!result.done) return result;
          failed = false;
          sent = result.value;
          inner = result = undefined;
        }
        instruction = body.call(self, state);
      } catch (error) {
        inner = undefined;
        instruction = [6, error];
      }
      if (instruction[0] === 5) {
        inner = instruction[1];
        failed = false;
        sent = undefined;
        state.label++;
        continue;
      }
      if (instruction[0] === 4) {
        state.label++;
        return { done: false, value: instruction[1] };
      }
      if (instruction[0] === 7) {
        instruction = pending.pop();
        state.trys.pop();
      }
      result = goOn(instruction[0], instruction[1]);
    }
    return result;
  };
}
