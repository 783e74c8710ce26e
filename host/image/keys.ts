/**
 * RSA-2048 keys that sign images. The board knows the modulus, in base64, and takes 65537 for the
 * exponent.
 * @module
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { HEADER_BYTES, SIGNED_BYTES } from "./header.ts";

const EXPONENT = 65537n;
/** Bytes of a modulus. */
const MODULUS_BYTES = 256;

/** A new private key as PKCS#8 PEM. */
export function generateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 8 * MODULUS_BYTES });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** Reads a private key in PEM. Throws unless it is one of RSA with 2048 bits and exponent 65537. */
function readKey(pem: string): KeyObject {
  const expected = "expected an RSA-2048 private key in PEM, without a pass phrase";
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error(`key: not readable; ${expected}`);
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  const found = `${key.asymmetricKeyType}${modulusLength ? `-${modulusLength}` : ""}`;
  if (found !== "rsa-2048") throw new Error(`key: found ${found}; ${expected}`);
  if (publicExponent !== EXPONENT) {
    throw new Error(`key: public exponent ${publicExponent}; expected ${EXPONENT}`);
  }
  return key;
}

/**
 * The public modulus of a private key, as a board's list of keys has it: 344 characters of base64.
 * @throws Error when the key is not RSA-2048
 */
export function publicModulus(pem: string): string {
  const { n } = createPublicKey(readKey(pem)).export({ format: "jwk" });
  return Buffer.from(n as string, "base64url").toString("base64");
}

/** PKCS#1 v1.5 signature with SHA-256 over a header's signed part; the same for the same bytes. */
export function signHeader(header: Uint8Array, pem: string): Buffer {
  return sign("sha256", header.subarray(0, SIGNED_BYTES), readKey(pem));
}

/** Whether a header was signed by the key with this modulus (base64). */
export function isSignedBy(header: Uint8Array, modulus: string): boolean {
  const n = Buffer.from(modulus, "base64");
  if (n.length !== MODULUS_BYTES) {
    throw new Error(`key of ${n.length} bytes: expected ${MODULUS_BYTES} in base64`);
  }
  const key = createPublicKey({
    key: { kty: "RSA", n: n.toString("base64url"), e: "AQAB" },
    format: "jwk",
  });
  const signature = header.subarray(SIGNED_BYTES, HEADER_BYTES);
  return verify("sha256", header.subarray(0, SIGNED_BYTES), key, signature);
}
