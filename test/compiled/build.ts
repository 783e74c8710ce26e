/**
 * The build, for all that runs compiled: a service of the run makes each, for its compiler is warm, which
 * takes a third of the time. Here it is told what to make; the build then finds the result as that of
 * an earlier one, and where there is none, it makes it, or fails, itself.
 * @module
 */
import { connect } from "node:net";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { type BuildOptions, type BuildResult, build as buildHere } from "../../host/build/index.ts";

export * from "../../host/build/index.ts";

/** The service's socket, in the environment of the run. */
export const SERVICE = "BUILD_SERVICE";

export async function build(options: BuildOptions): Promise<BuildResult> {
  const service = process.env[SERVICE];
  if (service !== undefined) await ask(service, options);
  return buildHere(options);
}

/** What the service says at last. */
export const DONE = "done";

/** Resolves when the service is done with it; rejects where it ends before. */
async function ask(service: string, options: BuildOptions): Promise<void> {
  const absolute: BuildOptions = { ...options, quiet: true };
  if (options.app !== undefined) absolute.app = resolve(options.app);
  if (options.outDir !== undefined) absolute.outDir = resolve(options.outDir);
  const socket = connect(service);
  socket.end(JSON.stringify(absolute));
  const answer = await text(socket);
  if (answer !== DONE) throw new Error("the service that makes builds has closed the connection");
}
