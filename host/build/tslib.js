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
  for (var index = 0; index < keys.length; index++) {
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
  return Object.setPrototypeOf(error, Object.getPrototypeOf(self));
}
