/**
 * The hidden helpers that prepared scripts call (see source.ts). They are bound as constants of the
 * script scope, which no script of a board can name.
 * @module
 */
import { PowerCut } from "../flash/nor-flash.ts";
import { Interruption } from "./aborts.ts";
import type { Core } from "./core.ts";
import type { Realm, Value } from "./realm.ts";
import { hidden } from "./rewriter.ts";

/** What the helpers count; places in the array `state`. */
const place = { depth: 0, aborting: 1, ticks: 2, limit: 3, lineLimit: 4 } as const;
/** Stack of the Linux build, in bytes. */
const largeStack = 1_000_000;

/** Makes the helpers of one context. */
export class Runtime {
  private readonly state: Float64Array;
  private isBroken = false;

  constructor(
    core: Core,
    realm: Realm,
    parts: {
      translate(error: unknown): unknown;
      evaluate(text: Value): Value;
      prepare(text: string): string;
      /** The regular expression of a literal. */
      makePattern(source: string, flags: string): Value;
      /** Looks after the world while a loop runs; throws what ends it. */
      tick(): void;
    },
  ) {
    const { machine } = core.board;
    const state = new realm.intrinsics.Float64Array(5) as Float64Array;
    this.state = state;
    state[place.limit] = machine.stackBytes || largeStack;
    state[place.lineLimit] = machine.stackBytes || largeStack;
    const abort = (error: Interruption | PowerCut): never => {
      state[place.aborting] = 1;
      throw error;
    };
    const helpers: Record<string, Value> = {
      s: state,
      c: realm.fn((_self, thrown) => {
        const error = parts.translate(thrown);
        if (error instanceof Interruption || error instanceof PowerCut) return abort(error);
        return error;
      }),
      o: realm.fn(() => {
        if (this.isBroken) realm.throw("SyntaxError", "Got [ERASED] expected EOF");
        return abort(new Interruption("Too much recursion - the stack is about to overflow"));
      }),
      t: realm.fn(() => {
        state[place.ticks] = 0;
        try {
          parts.tick();
        } catch (error) {
          state[place.aborting] = 1;
          throw error;
        }
      }),
      v: realm.fn((_self, text) => (typeof text === "string" ? parts.prepare(text) : text)),
      r: realm.fn((_self, source, flags) => parts.makePattern(source, flags)),
      e: realm.fn((_self, text) => parts.evaluate(text)),
      n: realm.fn((_self, value) => core.text(value)),
      l: realm.fn((_self, target, value) => {
        if (realm.isArray(target) || typeof target === "string" || ArrayBuffer.isView(target))
          realm.throw("TypeError", "Assignment to a constant");
        target.length = value;
        return value;
      }),
    };
    const { global } = realm;
    global.helpers = helpers;
    realm.run(
      `const ${Object.keys(helpers)
        .map((name) => `${hidden}${name}=helpers.${name}`)
        .join(",")},${hidden}a=${addition};delete globalThis.helpers;`,
      "helpers",
    );
  }

  /** Called before each call into the script. */
  begin(): void {
    this.state[place.depth] = 0;
    this.state[place.aborting] = 0;
  }

  /** Called when an abort was thrown by the interpreter's own parts. */
  aborting(): void {
    this.state[place.aborting] = 1;
  }

  /** The code in Storage has moved away under its functions: each call of one fails. */
  breakCode(): void {
    this.isBroken = true;
    this.state[place.limit] = -1;
  }
}

// Texts of numbers are the interpreter's only where JavaScript's are otherwise.
const addition = `(l,r)=>{
  const a=typeof l,b=typeof r;
  if(a===b&&(a==="number"||a==="string"))return l+r;
  if(a==="number"&&b==="string")return (l|0)===l?l+r:${hidden}n(l)+r;
  if(a==="string"&&b==="number")return (r|0)===r?l+r:l+${hidden}n(r);
  if(a==="object"&&l!==null&&typeof l.valueOf==="function"){const v=l.valueOf();if(typeof v!=="object")l=v;}
  if(b==="object"&&r!==null&&typeof r.valueOf==="function"){const v=r.valueOf();if(typeof v!=="object")r=v;}
  const o=(x)=>typeof x==="object"&&x!==null||typeof x==="function";
  if(o(l)||o(r)||typeof l==="string"||typeof r==="string")return ${hidden}n(l)+${hidden}n(r);
  return l+r;
}`.replace(/\n\s*/g, " ");
