/**
 * Public keys as people have them.
 * @module
 */
import { createPublicKey } from "node:crypto";
import { publicModulus } from "./keys.ts";

/**
 * The modulus (base64) of a private or public key in PEM, or of a modulus as in a board's file.
 * @throws Error that says what was expected
 */
export function modulusOf(text: string): string {
  if (/PRIVATE KEY/.test(text)) return publicModulus(text);
  if (/PUBLIC KEY/.test(text)) {
    const { n } = createPublicKey(text).export({ format: "jwk" });
    const modulus = Buffer.from(n ?? "", "base64url");
    if (modulus.length === 256) return modulus.toString("base64");
  }
  const bare = text.trim().replace(/^"|",?$/g, "");
  if (/^[A-Za-z0-9+/]{342}==$/.test(bare)) return bare;
  throw new Error("expected an RSA-2048 key in PEM, or a line for `keys` of a board's file");
}
