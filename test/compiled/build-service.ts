/**
 * Makes the builds of a run of the tests, one after the other: a process that listens on the socket
 * which is its argument. A connection brings the options of a build, and is closed when that is made, or
 * has failed.
 * @module
 */
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { build } from "../../host/build/index.ts";

const [, , socket = ""] = process.argv;
let last: Promise<unknown> = Promise.resolve();

createServer({ allowHalfOpen: true }, (connection) => {
  connection.on("error", () => {});
  void text(connection).then((options) => {
    // Whoever asked meets the same error.
    last = last.then(() => build(JSON.parse(options))).catch(() => {});
    void last.then(() => connection.end());
  });
}).listen(socket, () => process.send?.("ready"));
// The run has ended, however it did.
process.on("disconnect", () => process.exit());
