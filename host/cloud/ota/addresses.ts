/**
 * Addresses and upload permits of the file server, signed as those of Alibaba's object storage
 * (help.aliyun.com/document_detail/31952.html for addresses, 31988.html for forms).
 * @module
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The pair that signs, apart from the OpenAPI's. */
export interface FileKey {
  id: string;
  secret: string;
}

/** What is wrong with an address or a form: code and text as the object storage words them. */
export interface Denial {
  status: 400 | 403;
  code: string;
  message: string;
}

/** What a browser's form would send along with the file. */
export interface UploadForm {
  key: string;
  policy: string;
  OSSAccessKeyId: string;
  signature: string;
}

const BUCKET = "iotx-ota";
const UPLOAD_PREFIX = "ota/";

export class Addresses {
  readonly #key: FileKey;

  constructor(key: FileKey) {
    this.#key = key;
  }

  /**
   * The path and query of a download.
   * @param expires seconds since 1970.
   */
  sign(fileKey: string, expires: number): string {
    const query = new URLSearchParams({
      Expires: String(expires),
      OSSAccessKeyId: this.#key.id,
      Signature: this.#signature("GET", fileKey, String(expires)),
    });
    return `/${fileKey}?${query}`;
  }

  /** Why a request is not served, or undefined. @param now milliseconds since 1970. */
  check(method: string, fileKey: string, query: URLSearchParams, now: number): Denial | undefined {
    const expires = query.get("Expires") ?? "";
    const id = query.get("OSSAccessKeyId");
    const given = query.get("Signature") ?? "";
    if (id !== this.#key.id || !/^\d{1,12}$/.test(expires)) {
      return denied("AccessDenied", "The address is not signed.");
    }
    if (!equal(this.#signature(method, fileKey, expires), given)) {
      return denied("SignatureDoesNotMatch", "The signature does not fit the request.");
    }
    return Number(expires) * 1000 > now
      ? undefined
      : denied("AccessDenied", "Request has expired.");
  }

  /**
   * A permit to upload one file.
   * @param until milliseconds since 1970.
   */
  permit(fileKey: string, until: number, maxBytes: number): UploadForm {
    const conditions = [
      ["content-length-range", 0, maxBytes],
      ["eq", "$key", fileKey],
    ];
    const expiration = new Date(until).toISOString();
    const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
    const signature = this.#hmac(policy);
    return { key: fileKey, policy, OSSAccessKeyId: this.#key.id, signature };
  }

  /** Why a form is not accepted, or undefined. */
  checkForm(form: Partial<UploadForm>, bytes: number, now: number): Denial | undefined {
    const { key = "", policy = "", OSSAccessKeyId, signature = "" } = form;
    if (OSSAccessKeyId !== this.#key.id) {
      return denied("InvalidAccessKeyId", "OSSAccessKeyId is not known here.");
    }
    if (!equal(this.#hmac(policy), signature)) {
      return denied("SignatureDoesNotMatch", "The signature does not fit the policy.");
    }
    const { expiration, conditions } = JSON.parse(Buffer.from(policy, "base64").toString()) as {
      expiration: string;
      conditions: [[string, number, number], [string, string, string]];
    };
    if (Date.parse(expiration) <= now) {
      return denied("AccessDenied", "Invalid according to Policy: Policy expired.");
    }
    const [[, , most], [, , wanted]] = conditions;
    if (key !== wanted || !key.startsWith(UPLOAD_PREFIX)) {
      return denied("AccessDenied", "Invalid according to Policy: key is another one.");
    }
    if (bytes <= most) return undefined;
    return {
      status: 400,
      code: "EntityTooLarge",
      message: `The file has more than ${most} bytes.`,
    };
  }

  #signature(method: string, fileKey: string, expires: string): string {
    return this.#hmac(`${method}\n\n\n${expires}\n/${BUCKET}/${fileKey}`);
  }

  #hmac(text: string): string {
    return createHmac("sha1", this.#key.secret).update(text).digest("base64");
  }
}

function denied(code: string, message: string): Denial {
  return { status: 403, code, message };
}

function equal(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
