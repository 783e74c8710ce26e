/**
 * Runs first inside the board's context: keeps what the interpreter's parts need of the language,
 * then takes away whatever the interpreter lacks. Plain JavaScript, as it is evaluated in there.
 * @module
 */
(host) => {
  const globals = globalThis;
  const intrinsics = {};
  for (const name of [
    "Object Array Function String Number Boolean Error TypeError ReferenceError SyntaxError",
    "Promise RegExp Date Math JSON ArrayBuffer DataView Uint8Array Int8Array Uint8ClampedArray",
    "Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Proxy Reflect eval",
    "parseInt parseFloat isNaN isFinite",
  ]
    .join(" ")
    .split(" "))
    intrinsics[name] = globals[name];
  intrinsics.TypedArray = Object.getPrototypeOf(Uint8Array);

  // The functions that scripts see are the context's own, so that nothing leads back to Node.
  const fn = (call) =>
    ({
      native(...args) {
        try {
          return call(this, args);
        } catch (error) {
          throw host.toScript(error);
        }
      },
    }).native;
  // A constructor that works with and without `new`, as all of the interpreter's do.
  const makeClass = (construct) => {
    function Class(...args) {
      const self = new.target ? this : Object.create(Class.prototype);
      try {
        const other = construct(self, args);
        return other === undefined ? self : other;
      } catch (error) {
        throw host.toScript(error);
      }
    }
    return Class;
  };

  const keep = (owner, names, what) => {
    const kept = names.split(" ");
    for (const name of Object.getOwnPropertyNames(owner))
      if (!kept.includes(name) && !delete owner[name]) host.cannotHide(`${what}.${name}`);
  };
  const removeAbsent = () => {
    for (const [name, statics, methods] of host.present) {
      const owner = intrinsics[name];
      keep(owner, `length name prototype ${statics}`, name);
      if (owner.prototype) keep(owner.prototype, `constructor ${methods}`, `${name}.prototype`);
    }
    keep(intrinsics.Math, host.presentMath, "Math");
    keep(globals, `${host.presentGlobals} Infinity NaN undefined globalThis`, "global");
  };

  return { globals, intrinsics, fn, makeClass, removeAbsent };
};
