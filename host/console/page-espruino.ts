/**
 * Fits `@espruino-tools/core` into the page. Its Bluetooth connection is what the page needs; left out
 * are its transpiler (1.4 MB) and the looks of its dialog, which the content policy refuses. Its log,
 * which puts every byte and so every secret on the browser's console, goes to a listener instead.
 * @module
 */
import type { Plugin } from "rollup";

/** The library's parts that are replaced by modules without a function. */
const ABSENT: Record<string, string> = {
  "@espruino-tools/transpiler": "export const transpile = undefined;",
  "./styles/modal": "export const classes = {};",
};

/** What is replaced in the library's UART: each has to be there. */
const REPLACED: [RegExp, string][] = [
  [/console\.log\("<UART> " \+ s\)/, "uart.onLog?.(level, s)"],
  [/\b(e|menu)\.setAttribute\("style", [^;]*;[^"]*"\);/g, ""],
  // It keeps all that was ever sent.
  [/__classPrivateFieldGet\(this, _UARTClass_sentChunks, "f"\)\.push\([^;]*\);/, ""],
];

const PREFIX = "\0absent:";

export function espruinoTools(): Plugin {
  return {
    name: "espruino-tools",
    resolveId(source, importer) {
      const isOurs = importer?.includes("@espruino-tools") && source in ABSENT;
      return isOurs ? PREFIX + source : null;
    },
    load(id) {
      return id.startsWith(PREFIX) ? (ABSENT[id.slice(PREFIX.length)] ?? null) : null;
    },
    transform(code, id) {
      if (!/@espruino-tools\/uart\/lib\/uart\.js$/.test(id)) return null;
      let fitted = code;
      for (const [pattern, replacement] of REPLACED) {
        const next = fitted.replace(pattern, replacement);
        if (next === fitted) throw new Error(`${id}: ${pattern} is not there any more`);
        fitted = next;
      }
      return { code: fitted, map: null };
    },
  };
}
