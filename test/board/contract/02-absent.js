// Globals and methods of JavaScript that the interpreter has or lacks.
(
  "Symbol Map Set WeakMap WeakRef Proxy Reflect Intl BigInt URL TextEncoder TextDecoder encodeURI escape Buffer fetch " +
  "setImmediate queueMicrotask structuredClone module exports RangeError AggregateError WebAssembly Atomics SharedArrayBuffer " +
  "atob btoa encodeURIComponent decodeURIComponent parseInt parseFloat isNaN isFinite globalThis global process console require eval " +
  "setTimeout setInterval changeInterval clearTimeout clearInterval getTime setTime getSerial Uint8Array Uint16Array Int32Array Float32Array " +
  "Float64Array Uint8ClampedArray DataView ArrayBuffer Promise JSON Error SyntaxError TypeError ReferenceError InternalError E url print echo load reset save dump trace " +
  "Modules Serial Serial1 Socket Server httpSrv StorageFile LoopbackA USB Telnet"
)
  .split(" ")
  .forEach((name) => {
    var type;
    try {
      type = eval("typeof " + name);
    } catch (e) {
      type = "throws";
    }
    print(name, type);
  });
function has(object, names) {
  print(
    names
      .split(" ")
      .map((name) => name + ":" + (object[name] !== undefined))
      .join(" "),
  );
}
has(
  [],
  "at concat copyWithin entries every fill filter find findIndex findLast flat flatMap forEach includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice unshift values",
);
has(Array, "from of isArray");
has(
  Object,
  "assign create defineProperty defineProperties entries fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf setPrototypeOf keys values freeze isFrozen seal preventExtensions is hasOwn groupBy",
);
has(
  {},
  "on emit clone removeListener removeAllListeners addListener prependListener once off listeners isPrototypeOf propertyIsEnumerable hasOwnProperty toString valueOf",
);
has(Promise, "all resolve reject race any allSettled withResolvers");
has(Promise.resolve(1), "then catch finally");
has(Number, "MAX_VALUE isInteger isFinite isNaN isSafeInteger MAX_SAFE_INTEGER EPSILON parseInt");
has(
  Math,
  "clip wrap randInt abs floor pow min max trunc sign log2 log10 hypot imul clz32 cbrt fround",
);
has(console, "log debug info warn error trace table time assert");
has(Date, "now parse UTC");
has(
  new Date(0),
  "getTime getHours getUTCHours setUTCHours toISOString toJSON toLocaleString toLocalISOString",
);
has(process, "env memory nextTick exit argv on");
has(new Error("x"), "message type stack name");
print("#END");
