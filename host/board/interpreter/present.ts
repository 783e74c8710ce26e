/**
 * What of JavaScript's own objects the interpreter has; whatever is not listed here is absent from a
 * board's context.
 * @module
 */

const arrayMethods =
  "length concat every fill filter find findIndex forEach includes indexOf join map pop push reduce reverse shift slice some sort splice unshift toString";
const typedMethods =
  "every fill filter find findIndex forEach includes indexOf join map reduce reverse set slice some sort subarray buffer byteOffset byteLength length toString";
const typedArrays =
  "Uint8Array Int8Array Uint8ClampedArray Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array";

/** Constructor, its static members, its prototype's members; names separated by blanks. */
export const present: [name: string, statics: string, methods: string][] = [
  [
    "Object",
    "assign create defineProperty defineProperties entries fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf setPrototypeOf keys values",
    "toString valueOf hasOwnProperty __proto__",
  ],
  ["Array", "isArray", arrayMethods],
  ["Function", "", "apply bind call toString"],
  [
    "String",
    "fromCharCode",
    "length charAt charCodeAt concat endsWith includes indexOf lastIndexOf match padEnd padStart repeat replace replaceAll slice split startsWith substr substring toLowerCase toString toUpperCase trim valueOf",
  ],
  [
    "Number",
    "MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY",
    "toFixed toString valueOf",
  ],
  ["Boolean", "", "toString valueOf"],
  ["Error", "captureStackTrace stackTraceLimit", "message toString"],
  ["TypeError", "", "message"],
  ["ReferenceError", "", "message"],
  ["SyntaxError", "", "message"],
  ["RegExp", "", "exec flags global ignoreCase lastIndex source test toString"],
  [
    "Date",
    "now parse",
    "getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime toISOString toJSON toString valueOf",
  ],
  ["ArrayBuffer", "", "byteLength"],
  [
    "DataView",
    "",
    "buffer byteLength byteOffset getFloat32 getFloat64 getInt16 getInt32 getInt8 getUint16 getUint32 getUint8 setFloat32 setFloat64 setInt16 setInt32 setInt8 setUint16 setUint32 setUint8",
  ],
  ["TypedArray", "", typedMethods],
  ...typedArrays.split(" ").map((name): [string, string, string] => [name, "", ""]),
];

export const presentMath =
  "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan";

/** Globals of the language; the interpreter's own come on top. */
export const presentGlobals = `Object Array Function String Number Boolean Error TypeError ReferenceError SyntaxError RegExp Date Math JSON ArrayBuffer DataView ${typedArrays} decodeURIComponent encodeURIComponent eval isFinite isNaN parseFloat parseInt`;
