/**
 * Runs a device program in Node: `tsx node-engine.ts PROGRAM`.
 * @module
 */
import "../device-globals.ts";
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { plainCode } from "../../host/tokens/plain.ts";
import { net } from "./node-socket.ts";

Object.assign(globalThis, {
  require: (name: string) => {
    if (name === "net") return net;
    throw new Error(`Module ${name} not found`);
  },
});
const [, , program] = process.argv;
if (program === undefined) throw new Error("expected the path of a program");
const { text } = plainCode(readFileSync(program, "latin1"));
runInThisContext(text, { filename: program });
