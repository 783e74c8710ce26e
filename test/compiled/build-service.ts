/**
 * Makes the builds of a run of the tests, one after the other: a process that listens on the socket
 * which is its argument. A connection brings the options of a build, and gets a word when that is made, or
 * has failed.
 * @module
 */
import { createServer } from "node:net";
import { build } from "../../host/build/index.ts";
import { DONE } from "./build.ts";

const [, , socket = ""] = process.argv;
let last: Promise<unknown> = Promise.resolve();

createServer({ allowHalfOpen: true }, (connection) => {
  let options = "";
  connection.on("error", () => {});
  connection.setEncoding("utf8").on("data", (text) => {
    options += text;
  });
  // What reads a stream to its end closes both of its ways: this one stays open until the build is made.
  connection.on("end", () => {
    // Whoever asked meets the same error.
    last = last.then(() => build(JSON.parse(options))).catch(() => {});
    void last.then(() => connection.end(DONE));
  });
}).listen(socket, () => process.send?.("ready"));
// The run has ended, however it did.
process.on("disconnect", () => process.exit());
