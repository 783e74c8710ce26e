/**
 * The text of a function, which the interpreter keeps as the function's member `\xffcod`: without a
 * copy where the script was read from Storage.
 * @module
 */
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";
import { originalText } from "./rewriter.ts";

const MEMBER = "\xffcod";

/** Gives functions of scripts their text; those of the interpreter have none. */
export function installFunctionCode(core: Core): void {
  const { realm } = core;
  const code = (self: Value): Value => {
    if (typeof self !== "function" || realm.natives.has(self)) return undefined;
    const text = originalText(Function.prototype.toString.call(self));
    const body = text.slice(text.indexOf("{") + 1, text.lastIndexOf("}"));
    // Traces tell places in a file by the text that was read from it.
    for (const [source, view] of core.views) {
      const at = source.indexOf(body);
      if (at < 0) continue;
      core.views.set(body, { ...view, offset: view.offset + at });
      break;
    }
    return body;
  };
  Object.defineProperty(realm.intrinsics.Function.prototype, MEMBER, {
    configurable: true,
    get: realm.fn(code),
  });
}
