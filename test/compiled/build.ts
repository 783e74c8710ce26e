/**
 * The build, for all that runs compiled: a service of the run makes each, for its compiler is warm, which
 * takes a third of the time. Here it is told what to make, and says what the sources don't allow; the build
 * then finds the result as that of an earlier one, and where there is none, it makes it, or fails, itself.
 * @module
 */
import { connect } from "node:net";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Finding } from "../../host/build/check.ts";
import {
  BuildError,
  type BuildOptions,
  type BuildResult,
  build as buildHere,
} from "../../host/build/index.ts";

export * from "../../host/build/index.ts";

/** The service's socket, in the environment of the run. */
export const SERVICE = "BUILD_SERVICE";

export async function build(options: BuildOptions): Promise<BuildResult> {
  const service = process.env[SERVICE];
  if (service !== undefined) await ask(service, options);
  return buildHere(options);
}

/** Resolves when the service is done with it; rejects as the build, and where the service ends before. */
async function ask(service: string, options: BuildOptions): Promise<void> {
  const absolute: BuildOptions = { ...options, quiet: true };
  if (options.app !== undefined) absolute.app = resolve(options.app);
  if (options.outDir !== undefined) absolute.outDir = resolve(options.outDir);
  const socket = connect(service);
  socket.end(JSON.stringify(absolute));
  const answer = await text(socket);
  if (answer === "") throw new Error("the service that makes builds has closed the connection");
  const findings: Finding[] = JSON.parse(answer);
  if (findings.length > 0) throw new BuildError(findings);
}
