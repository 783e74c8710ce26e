/**
 * Runs a device program in Node: `tsx node-engine.ts PROGRAM`.
 * @module
 */
import "../device-globals.ts";
import { runInThisContext } from "node:vm";
import { readScript } from "../build/script.ts";
import { net } from "./node-socket.ts";

Object.assign(globalThis, {
  require: (name: string) => {
    if (name === "net") return net;
    throw new Error(`Module ${name} not found`);
  },
});
const [, , program] = process.argv;
if (program === undefined) throw new Error("expected the path of a program");
runInThisContext(readScript(program).text, { filename: program });
