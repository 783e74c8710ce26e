/**
 * An authority and a server of a process that keeps no data.
 * @module
 */
import type { Authority } from "./signing.ts";

/** All PEM. */
export interface ThrowAway {
  authority: Authority;
  /** Of a server on this machine. */
  certificate: string;
  /** PKCS #8. */
  key: string;
}

let made: Promise<ThrowAway> | undefined;

/** Made when it is asked for first. */
export function throwAway(): Promise<ThrowAway> {
  made ??= make();
  return made;
}

async function make(): Promise<ThrowAway> {
  const { makeAuthority, makeServerKey, signServer } = await import("./signing.ts");
  const [authority, key] = await Promise.all([makeAuthority(), makeServerKey()]);
  const certificate = await signServer(authority, ["localhost", "127.0.0.1"], key);
  return { authority, certificate, key };
}
