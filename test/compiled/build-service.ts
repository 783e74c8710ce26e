/**
 * Makes the builds of a run of the tests, one after the other: a process that listens on the socket
 * which is its argument. A connection brings the options of a build, and gets an answer in JSON when that
 * is made, or has failed: what the sources don't allow.
 * @module
 */
import { createServer } from "node:net";
import type { Finding } from "../../host/build/check.ts";
import { BuildError, type BuildOptions, build } from "../../host/build/index.ts";

const [, , socket = ""] = process.argv;
let last: Promise<Finding[]> = Promise.resolve([]);

async function refused(options: BuildOptions): Promise<Finding[]> {
  try {
    await build(options);
  } catch (error) {
    if (error instanceof BuildError) return error.findings;
    // Whoever asked meets any other error, too.
  }
  return [];
}

createServer({ allowHalfOpen: true }, (connection) => {
  let options = "";
  connection.on("error", () => {});
  connection.setEncoding("utf8").on("data", (text) => {
    options += text;
  });
  // What reads a stream to its end closes both of its ways: this one stays open until the build is made.
  connection.on("end", () => {
    last = last.then(() => refused(JSON.parse(options)));
    void last.then((findings) => connection.end(JSON.stringify(findings)));
  });
}).listen(socket, () => process.send?.("ready"));
// The run has ended, however it did.
process.on("disconnect", () => process.exit());
