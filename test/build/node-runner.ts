/**
 * Runs fixtures on Node: as they are written, and as they are built.
 * @module
 */
import vm from "node:vm";
import { rollup } from "rollup";
import ts from "../../host/build/typescript.js";

/** The fixture as a script for Node: types taken away, nothing else changed. */
export async function plainScript(entry: string): Promise<string> {
  const built = await rollup({
    input: entry,
    treeshake: false,
    plugins: [
      {
        name: "strip-types",
        transform: (code) =>
          ts.transpileModule(code.replace(/^#!.*/, ""), {
            compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
          }).outputText,
      },
    ],
  });
  const { output } = await built.generate({ format: "iife" });
  return output[0].code;
}

/** What a script prints on Node; waits for its promises and timers. */
export async function runOnNode(code: string): Promise<string> {
  const lines: string[] = [];
  let waiting = 0;
  let idle = () => {};
  const done = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const later = (call: () => void, ms: number) => {
    waiting++;
    setTimeout(() => {
      call();
      if (--waiting === 0) setImmediate(() => waiting === 0 && idle());
    }, ms);
  };
  vm.runInNewContext(code, {
    print: (...values: unknown[]) => lines.push(values.map(String).join(" ")),
    setTimeout: later,
    getTime: () => Date.now() / 1000,
    btoa,
    atob,
  });
  later(() => {}, 0);
  await done;
  return lines.join("\n");
}
