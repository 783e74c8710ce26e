/**
 * The authority and server of platforms that keep no data, for all that runs compiled: each run makes its
 * own, and every process of the run has that. To make one takes a second of processor time.
 * @module
 */
import { readFileSync } from "node:fs";
import {
  type ThrowAway,
  throwAway as throwAwayHere,
} from "../../host/cloud/certificate/throw-away.ts";

/** A file with the run's, in the environment of the run. */
export const CERTIFICATES = "RUN_CERTIFICATES";

export async function throwAway(): Promise<ThrowAway> {
  const file = process.env[CERTIFICATES];
  return file === undefined ? throwAwayHere() : JSON.parse(readFileSync(file, "utf8"));
}
