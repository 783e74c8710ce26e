/**
 * The helpers that TypeScript's ES5 emit imports, written for the interpreter: classes copy their
 * statics (functions have no prototype chain there), and nothing needs Symbol or iterators.
 * @module
 */

export function __extends(derived, base) {
  for (var key in base) {
    if (key !== "prototype" && Object.hasOwn(base, key)) {
      derived[key] = base[key];
    }
  }
  derived.prototype = Object.create(base.prototype);
  derived.prototype.constructor = derived;
}

export function __assign(target, source) {
  return source ? Object.assign(target, source) : target;
}

export function __rest(source, without) {
  var rest = {};
  for (var key in source) {
    if (Object.hasOwn(source, key) && without.indexOf(key) < 0) {
      rest[key] = source[key];
    }
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
