/**
 * The signature in a device's MQTT password (help.aliyun.com/document_detail/73742.html).
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** `signmethod` values and the digests they stand for. */
export const SIGN_METHODS: Readonly<Record<string, string>> = {
  hmacmd5: "md5",
  hmacsha1: "sha1",
  hmacsha256: "sha256",
};

/** Names and values of the signed parameters, sorted by name, without separators. */
export function signContent(parameters: Record<string, string>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => name + parameters[name])
    .join("");
}

/** Lower-case hex HMAC of a content; `method` is a key of {@link SIGN_METHODS}. */
export function sign(method: string, secret: string, content: string): string {
  const digest = SIGN_METHODS[method];
  if (!digest) {
    const known = Object.keys(SIGN_METHODS).join(", ");
    throw new RangeError(`sign method "${method}" is unknown; expected one of ${known}`);
  }
  return createHmac(digest, secret).update(content).digest("hex");
}

/** Compares hex signatures in constant time and without regard to case. */
export function sameSignature(expected: string, given: string): boolean {
  return sameToken(expected.toLowerCase(), given.toLowerCase());
}

/** Compares secrets in constant time. */
export function sameToken(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
