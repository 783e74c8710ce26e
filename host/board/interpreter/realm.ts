/**
 * The isolated context that scripts run in: its own copies of the language's objects without what
 * the interpreter lacks, and the bridge by which the interpreter's parts appear in it.
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { PowerCut } from "../flash/nor-flash.ts";
import { Interruption } from "./aborts.ts";
import { present, presentGlobals, presentMath } from "./present.ts";

/** A value of the script's world. */
// biome-ignore lint/suspicious/noExplicitAny: scripts are untyped
export type Value = any;
/** A function of the interpreter's: `this` first, then the arguments. */
export type Native = (self: Value, ...args: Value[]) => Value;

let prelude: vm.Script | undefined;
const scripts = new Map<string, vm.Script>();

/** Types of exception that the interpreter knows. */
export type ErrorType = "Error" | "TypeError" | "ReferenceError" | "SyntaxError" | "InternalError";

/** One context. */
export class Realm {
  readonly global: Value;
  /** The language's objects as they were before anything was taken away. */
  readonly intrinsics: Record<string, Value>;
  /** Makes an exception of the script's world; set by the part that knows their form. */
  /** Hears of exceptions that no script may catch; set by the part that lets none do so. */
  aborting: () => void = () => {};
  makeError: (type: ErrorType, message: string) => Value = (_type, message) =>
    new this.intrinsics.Error(message);
  /** Functions of the interpreter's own. */
  readonly natives = new WeakSet<object>();
  private readonly context: vm.Context;
  private readonly parts: {
    fn(call: (self: Value, args: Value[]) => Value): Value;
    makeClass(construct: (self: Value, args: Value[]) => Value): Value;
    removeAbsent(): void;
  };

  constructor() {
    this.context = vm.createContext({});
    prelude ??= new vm.Script(readFileSync(join(import.meta.dirname, "prelude.js"), "utf8"), {
      filename: "prelude.js",
    });
    const parts = prelude.runInContext(this.context)({
      present,
      presentGlobals,
      presentMath,
      toScript: (error: unknown) => this.toScript(error),
      cannotHide: (name: string) => {
        // Constants can't be deleted: Number is replaced as a whole, this one is left.
        if (name.startsWith("Number.") || name.endsWith("BYTES_PER_ELEMENT")) return;
        throw new Error(`cannot take ${name} out of a board's context`);
      },
    });
    this.parts = parts;
    this.global = parts.globals;
    this.intrinsics = parts.intrinsics;
    parts.removeAbsent();
  }

  /** Evaluates a whole script; positions in traces refer to `file`. */
  run(source: string, file: string): Value {
    const key = `${file}\n${source}`;
    let script = scripts.get(key);
    if (!script) {
      script = new vm.Script(source, { filename: file });
      if (scripts.size > 200) scripts.clear();
      scripts.set(key, script);
    }
    return script.runInContext(this.context, { displayErrors: false });
  }

  /** A function of the context. */
  fn(native: Native): Value {
    const made = this.parts.fn((self, args) => this.toScriptValue(native(self, ...args)));
    this.natives.add(made);
    return made;
  }

  /** A library object: the interpreter takes them for functions. */
  library(methods: Record<string, Native> = {}): Value {
    const made = this.fn(() => undefined);
    delete made.name;
    this.define(made, methods);
    return made;
  }

  /** A constructor with methods; `construct` fills the new object or returns another. */
  class(construct: Native, methods: Record<string, Native> = {}): Value {
    const made = this.parts.makeClass((self, args) => construct(self, ...args));
    this.natives.add(made);
    this.define(made.prototype, methods);
    return made;
  }

  /** Adds methods that loops over the object don't show. */
  define(target: Value, methods: Record<string, Native>): void {
    for (const [name, native] of Object.entries(methods)) this.hide(target, name, this.fn(native));
  }

  /** Sets a property that loops over the object don't show. */
  hide(target: Value, name: string, value: Value): void {
    Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }

  object(properties: Record<string, Value> = {}): Value {
    const made = new this.intrinsics.Object();
    for (const [name, value] of Object.entries(properties)) made[name] = this.toScriptValue(value);
    return made;
  }

  array(items: Iterable<Value>): Value {
    const made = new this.intrinsics.Array();
    for (const item of items) made.push(this.toScriptValue(item));
    return made;
  }

  bytes(bytes: Uint8Array): Value {
    const made = new this.intrinsics.Uint8Array(bytes.length);
    made.set(bytes);
    return made;
  }

  isArray(value: Value): boolean {
    return this.intrinsics.Array.isArray(value);
  }

  /** Throws an exception of the script's world. */
  throw(type: ErrorType, message: string): never {
    throw this.makeError(type, message);
  }

  /** Objects of Node's world become the context's own; everything else passes as it is. */
  toScriptValue(value: Value): Value {
    if (typeof value !== "object" || value === null) return value;
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.object(value);
    if (prototype === Array.prototype) return this.array(value);
    if (prototype === Uint8Array.prototype || Buffer.isBuffer(value)) return this.bytes(value);
    if (prototype === ArrayBuffer.prototype) return this.bytes(new Uint8Array(value)).buffer;
    return value;
  }

  /** Exceptions of Node's world become the script's; what can't be caught stays as it is. */
  private toScript(error: unknown): unknown {
    if (error instanceof Interruption || error instanceof PowerCut) {
      this.aborting();
      return error;
    }
    if (error instanceof Error) return this.makeError("Error", error.message);
    return error;
  }
}
