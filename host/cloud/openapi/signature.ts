/**
 * The signatures of Alibaba's API requests: the older RPC form (HMAC-SHA1 over the parameters,
 * help.aliyun.com/document_detail/30563.html) and ACS3-HMAC-SHA256 over headers and body
 * (help.aliyun.com/document_detail/2712195.html).
 * @module
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { API_CLOCK_SKEW_MS } from "../defaults.ts";
import { RequestError } from "./parameters.ts";

export interface ApiRequest {
  method: string;
  path: string;
  /** Parameters of the query and, with a form as the body, of the body. */
  parameters: ReadonlyMap<string, string>;
  /** Parameters of the query alone. */
  query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
}

export const ACS3 = "ACS3-HMAC-SHA256";
/** Headers that a request has to sign, or somebody else could exchange them. */
const ACS3_SIGNED = [
  "host",
  "x-acs-action",
  "x-acs-version",
  "x-acs-date",
  "x-acs-signature-nonce",
];

/** Checks requests against one access key and refuses repeated nonces. */
export class SignatureCheck {
  readonly #key: AccessKey;
  readonly #now: () => number;
  /** When each nonce was used, oldest first. */
  readonly #nonces = new Map<string, number>();

  /** @param now milliseconds since 1970. */
  constructor(key: AccessKey, now: () => number = Date.now) {
    this.#key = key;
    this.#now = now;
  }

  /** @throws RequestError with Alibaba's code for what is wrong. */
  check(request: ApiRequest): void {
    const isAcs3 = request.headers.authorization?.startsWith(ACS3) ?? false;
    const nonce = isAcs3 ? this.#checkAcs3(request) : this.#checkRpc(request);
    this.#useNonce(nonce);
  }

  #checkRpc({ method, parameters }: ApiRequest): string {
    const get = (name: string): string => {
      const value = parameters.get(name);
      if (value) return value;
      throw new RequestError(400, `Missing${name}`, `${name} is mandatory for this action.`);
    };
    this.#checkKeyId(get("AccessKeyId"));
    if (get("SignatureMethod") !== "HMAC-SHA1" || get("SignatureVersion") !== "1.0") {
      const text = "SignatureMethod has to be HMAC-SHA1 and SignatureVersion 1.0.";
      throw new RequestError(400, "InvalidParameter.SignatureMethod", text);
    }
    this.#checkTime(get("Timestamp"));
    const signature = get("Signature");
    const pairs = [...parameters].filter(([name]) => name !== "Signature");
    const text = `${method}&${encode("/")}&${encode(canonicalQuery(pairs))}`;
    const secret = `${this.#key.accessKeySecret}&`;
    compare(createHmac("sha1", secret).update(text).digest("base64"), signature, text);
    return get("SignatureNonce");
  }

  #checkAcs3({ method, path, query, headers, body }: ApiRequest): string {
    const fields = parseAuthorization(headers.authorization as string);
    this.#checkKeyId(fields.Credential);
    const signed = fields.SignedHeaders.split(";");
    for (const name of ACS3_SIGNED) {
      if (headers[name] === undefined || !signed.includes(name)) {
        throw new RequestError(400, "MissingSignedHeader", `Header ${name} has to be signed.`);
      }
    }
    this.#checkTime(headers["x-acs-date"] as string);
    const hash = createHash("sha256").update(body).digest("hex");
    if (headers["x-acs-content-sha256"] !== hash) {
      const text = "x-acs-content-sha256 is not the hash of the body.";
      throw new RequestError(400, "SignatureDoesNotMatch", text);
    }
    const lines = signed.map((name) => `${name}:${(headers[name] ?? "").trim()}\n`).join("");
    const canonical = [method, path, canonicalQuery([...query]), lines, fields.SignedHeaders, hash];
    const request = canonical.join("\n");
    const text = `${ACS3}\n${createHash("sha256").update(request).digest("hex")}`;
    const expected = createHmac("sha256", this.#key.accessKeySecret).update(text).digest("hex");
    compare(expected, fields.Signature, request);
    return headers["x-acs-signature-nonce"] as string;
  }

  #checkKeyId(accessKeyId: string): void {
    if (accessKeyId === this.#key.accessKeyId) return;
    throw new RequestError(
      404,
      "InvalidAccessKeyId.NotFound",
      "Specified access key is not found.",
    );
  }

  #checkTime(text: string): void {
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
    if (Number.isNaN(time)) {
      const message = `Time stamp "${text}" is not of the form 2018-01-20T12:00:00Z.`;
      throw new RequestError(400, "InvalidTimeStamp.Format", message);
    }
    if (Math.abs(this.#now() - time) > API_CLOCK_SKEW_MS) {
      const message = "Time stamp is more than 15 minutes away from the platform's clock.";
      throw new RequestError(400, "InvalidTimeStamp.Expired", message);
    }
  }

  #useNonce(nonce: string): void {
    const now = this.#now();
    for (const [old, at] of this.#nonces) {
      if (now - at <= 2 * API_CLOCK_SKEW_MS) break;
      this.#nonces.delete(old);
    }
    if (this.#nonces.has(nonce)) {
      throw new RequestError(
        400,
        "SignatureNonceUsed",
        "Specified signature nonce was used already.",
      );
    }
    this.#nonces.set(nonce, now);
  }
}

function parseAuthorization(header: string): {
  Credential: string;
  SignedHeaders: string;
  Signature: string;
} {
  const field = (name: string): string => {
    const value = new RegExp(`[ ,]${name}=([^,]+)`).exec(header)?.[1];
    if (value !== undefined) return value.trim();
    throw new RequestError(400, "IncompleteSignature", `Authorization has no ${name}.`);
  };
  return {
    Credential: field("Credential"),
    SignedHeaders: field("SignedHeaders"),
    Signature: field("Signature"),
  };
}

function canonicalQuery(pairs: [string, string][]): string {
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

/** Percent-encoding of RFC 3986: everything but letters, digits and `- _ . ~`. */
function encode(text: string): string {
  const strict = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, strict);
}

function compare(expected: string, given: string, signed: string): void {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  if (left.length === right.length && timingSafeEqual(left, right)) return;
  throw new RequestError(
    400,
    "SignatureDoesNotMatch",
    `Specified signature does not match our calculation. server string to sign is:${signed}`,
  );
}
