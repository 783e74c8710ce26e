/**
 * What a signed API request must not get away with: changed parameters, old time stamps, repeats.
 * @module
 */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { RequestError } from "../../host/cloud/openapi/parameters.ts";
import { type ApiRequest, SignatureCheck } from "../../host/cloud/openapi/signature.ts";

const KEY = { accessKeyId: "LTAItest", accessKeySecret: "secret" };
const NOW = Date.parse("2018-01-20T12:00:00Z");
const check = (now = NOW) => new SignatureCheck(KEY, () => now);

function code(run: () => void): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RequestError, String(error));
    return error.code;
  }
  return "accepted";
}

/** Signed by hand, for the one query that stays as it is. */
function rpcRequest(nonce = "1"): ApiRequest & { parameters: Map<string, string> } {
  const canonical =
    `AccessKeyId=LTAItest&Action=Pub&SignatureMethod=HMAC-SHA1&SignatureNonce=${nonce}` +
    "&SignatureVersion=1.0&Timestamp=2018-01-20T12%3A00%3A00Z&Version=2018-01-20";
  const text = `GET&%2F&${encodeURIComponent(canonical)}`;
  const signature = createHmac("sha1", "secret&").update(text).digest("base64");
  const parameters = new Map(new URLSearchParams(canonical));
  parameters.set("Signature", signature);
  const body = Buffer.alloc(0);
  return { method: "GET", path: "/", parameters, query: parameters, headers: {}, body };
}

function acs3Request(): ApiRequest & { headers: Record<string, string> } {
  const body = Buffer.from("Items=%7B%7D");
  const hash = createHash("sha256").update(body).digest("hex");
  const headers: Record<string, string> = {
    host: "127.0.0.1",
    "x-acs-action": "Pub",
    "x-acs-content-sha256": hash,
    "x-acs-date": "2018-01-20T12:00:00Z",
    "x-acs-signature-nonce": "1",
    "x-acs-version": "2018-01-20",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const signed = Object.keys(headers).join(";");
  const canonical = `POST\n/\nProductKey=a1\n${lines.join("")}\n${signed}\n${hash}`;
  const digest = createHash("sha256").update(canonical).digest("hex");
  const text = `ACS3-HMAC-SHA256\n${digest}`;
  const signature = createHmac("sha256", "secret").update(text).digest("hex");
  headers.authorization = `ACS3-HMAC-SHA256 Credential=LTAItest,SignedHeaders=${signed},Signature=${signature}`;
  const query = new Map([["ProductKey", "a1"]]);
  return { method: "POST", path: "/", parameters: query, query, headers, body };
}

test("hand-made signatures of both forms are accepted", () => {
  assert.equal(
    code(() => check().check(rpcRequest())),
    "accepted",
  );
  assert.equal(
    code(() => check().check(acs3Request())),
    "accepted",
  );
});

for (const [what, change, expected] of [
  [
    "another action",
    (request) => request.parameters.set("Action", "RRpc"),
    "SignatureDoesNotMatch",
  ],
  ["one parameter more", (request) => request.parameters.set("A", "1"), "SignatureDoesNotMatch"],
  [
    "another method",
    (request) => Object.assign(request, { method: "POST" }),
    "SignatureDoesNotMatch",
  ],
  ["no signature", (request) => request.parameters.delete("Signature"), "MissingSignature"],
  ["no nonce", (request) => request.parameters.delete("SignatureNonce"), "SignatureDoesNotMatch"],
  [
    "a time of another form",
    (request) => request.parameters.set("Timestamp", "20 January"),
    "InvalidTimeStamp.Format",
  ],
] as [string, (request: ReturnType<typeof rpcRequest>) => unknown, string][]) {
  test(`RPC form with ${what}: ${expected}`, () => {
    const request = rpcRequest();
    change(request);
    assert.equal(
      code(() => check().check(request)),
      expected,
    );
  });
}

for (const [what, change, expected] of [
  [
    "another action",
    (request) => Object.assign(request.headers, { "x-acs-action": "RRpc" }),
    "SignatureDoesNotMatch",
  ],
  [
    "another body",
    (request) => Object.assign(request, { body: Buffer.from("x") }),
    "SignatureDoesNotMatch",
  ],
  [
    "another query",
    (request) => Object.assign(request, { query: new Map([["ProductKey", "b2"]]) }),
    "SignatureDoesNotMatch",
  ],
  [
    "an action that is not signed",
    (request) => {
      const { authorization = "" } = request.headers;
      request.headers.authorization = authorization.replace("x-acs-action;", "");
    },
    "MissingSignedHeader",
  ],
  [
    "no signature",
    (request) => {
      request.headers.authorization = "ACS3-HMAC-SHA256 Credential=LTAItest,SignedHeaders=host";
    },
    "IncompleteSignature",
  ],
] as [string, (request: ReturnType<typeof acs3Request>) => unknown, string][]) {
  test(`ACS3 form with ${what}: ${expected}`, () => {
    const request = acs3Request();
    change(request);
    assert.equal(
      code(() => check().check(request)),
      expected,
    );
  });
}

test("a request holds for 15 minutes and counts once", () => {
  const quarter = 15 * 60 * 1000;
  for (const now of [NOW - quarter, NOW + quarter]) {
    assert.equal(
      code(() => check(now).check(rpcRequest())),
      "accepted",
    );
  }
  for (const now of [NOW - quarter - 1000, NOW + quarter + 1000]) {
    assert.equal(
      code(() => check(now).check(acs3Request())),
      "InvalidTimeStamp.Expired",
    );
  }
  const one = check();
  one.check(rpcRequest("7"));
  assert.equal(
    code(() => one.check(rpcRequest("7"))),
    "SignatureNonceUsed",
  );
  one.check(rpcRequest("8"));
});
