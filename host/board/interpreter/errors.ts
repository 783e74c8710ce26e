/**
 * Exceptions in the interpreter's form: `type` instead of `name`, its message texts, `stack` with
 * the script's positions only; a TypeError is no instance of Error.
 * @module
 */
import { Interruption, outOfMemory } from "./aborts.ts";
import type { ErrorType, Realm, Value } from "./realm.ts";

/** V8's messages and what the interpreter says instead. */
const messages: [RegExp, ErrorType, string][] = [
  [
    /^Cannot (?:read|set) properties of (\w+) \((?:reading|setting) '(.*)'\)$/,
    "Error",
    "Can't read property '$2' of $1",
  ],
  [/^(\S+) is not defined$/, "ReferenceError", '"$1" is not defined'],
  [/^Cannot access '(.*)' before initialization$/, "ReferenceError", '"$1" is not defined'],
  [/^Assignment to constant variable\.$/, "TypeError", "Assignment to a constant"],
  [/^(?:.*\.)(\w+) is not a function$/, "Error", 'Function "$1" not found!'],
  [/^(\S+) is not a constructor$/, "Error", "Constructor should be a function, but is $1"],
  [/^([\w$]+) is not a function$/, "Error", 'Function "$1" not found!'],
  [/^.* is not a function$/, "Error", "Expecting function, got Object"],
  [/^Cannot assign to read only property .*$/, "TypeError", "Assignment to a constant"],
  [
    /^Reduce of empty array with no initial value$/,
    "Error",
    "Used on empty array with no initial value",
  ],
];

/** Writes V8's trace as the interpreter's. */
export type TraceWriter = (stack: string) => string;

/** Installs the exceptions and `Error.prototype.toString`; answers the translator of V8's own. */
export function installErrors(realm: Realm, traceText: TraceWriter): (error: unknown) => unknown {
  const { intrinsics, global } = realm;
  const made = new WeakSet<object>();
  const natives = new Map<string, Value>();

  const dress = (error: Value, type: string, message: string, stack: string) => {
    for (const name of ["message", "type", "stack"]) delete error[name];
    error.message = message;
    error.type = type;
    error.stack = stack;
    made.add(error);
    return error;
  };
  const build = (type: string, message: string): Value => {
    const error = new intrinsics.Error(message);
    Object.setPrototypeOf(error, global[type].prototype);
    return dress(error, type, message, traceText(String(error.stack)));
  };

  for (const type of ["Error", "TypeError", "ReferenceError", "SyntaxError", "InternalError"]) {
    const native = intrinsics[type] ?? intrinsics.Error;
    const Type = realm.class((_self, message) =>
      build(type, message === undefined ? "" : String(message)),
    );
    const prototype = type === "InternalError" ? Type.prototype : native.prototype;
    if (type !== "InternalError") Type.prototype = prototype;
    Object.setPrototypeOf(prototype, intrinsics.Object.prototype);
    for (const name of ["name", "message"]) delete prototype[name];
    realm.hide(prototype, "constructor", Type);
    realm.define(prototype, {
      toString: (self: Value) =>
        self.message === undefined || self.message === ""
          ? `${self.type}`
          : `${self.type}: ${self.message}`,
    });
    realm.hide(global, type, Type);
    natives.set(type, prototype);
  }
  realm.makeError = build;

  return (error) => {
    // Those of Node's own world end the run; they are not the script's.
    if (error instanceof Error) return error;
    if (typeof error !== "object" || error === null || made.has(error)) return error;
    if (Object.prototype.toString.call(error) !== "[object Error]") return error;
    const native = error as Value;
    const text = String(native.message);
    if (/^Maximum call stack size exceeded/.test(text))
      return new Interruption("Too much recursion - the stack is about to overflow");
    if (/^Invalid (?:string|array|typed array) length|^Array buffer allocation/.test(text))
      return outOfMemory();
    const type = [...natives].find(([, prototype]) => Object.getPrototypeOf(native) === prototype);
    for (const [pattern, asType, replacement] of messages) {
      if (!pattern.test(text)) continue;
      const message = text.replace(pattern, replacement);
      Object.setPrototypeOf(native, global[asType].prototype);
      return dress(native, asType, message, traceText(String(native.stack)));
    }
    if (!type) Object.setPrototypeOf(native, global.Error.prototype);
    return dress(native, type?.[0] ?? "Error", text, traceText(String(native.stack)));
  };
}
