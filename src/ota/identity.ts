/**
 * The identity of a package: the same whatever addresses it comes with.
 * @module
 */
import type { OtaPackage } from "./package.ts";
import { sha256Hex } from "./verify.ts";

/** 16 hex digits over version and files. */
export function identify(pkg: OtaPackage): string {
  let text = pkg.version;
  for (const file of pkg.files) text += file.name + file.size + file.digest;
  return sha256Hex(text).substr(0, 16);
}
