/**
 * The file server: ranges, signed addresses, uploads, and its faults, seen with Node's own clients.
 * @module
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { request as requestTls } from "node:https";
import { after, afterEach, before, test } from "node:test";
import { type Cloud, startCloud, type TraceDownload } from "../../host/cloud/index.ts";
import { Addresses } from "../../host/cloud/ota/addresses.ts";
import { parseRange } from "../../host/cloud/ota/byte-range.ts";
import { addPackage, MODULE, OtaDevice } from "./ota-setup.ts";

const BYTES = randomBytes(10_000);
let cloud: Cloud;
let device: OtaDevice;
let firmwareId: string;
/** Good for as long as the platform runs. */
let url: string;
before(async () => {
  cloud = await startCloud();
  device = await OtaDevice.connect(cloud);
  firmwareId = await addPackage(cloud, "1.0.0", BYTES);
  await cloud.ota.createJob({ firmwareId, devices: [device.name] });
  url = String((await device.pushed()).url);
});
after(async () => {
  await device.end();
  await cloud.close();
});
afterEach(() => {
  cloud.ota.faults = {};
  cloud.ota.setFaults(firmwareId, undefined);
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Whether the body came to its end. */
  complete: boolean;
}

/** @param enough ends the request after so many bytes, for answers that never end. */
function get(
  address: string,
  headers: Record<string, string> = {},
  { method = "GET", enough = Number.POSITIVE_INFINITY } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const secure = address.startsWith("https:");
    const send = secure ? requestTls : request;
    const options = { method, headers, agent: false as const, ...(secure ? { ca: cloud.ca } : {}) };
    const sent = send(address, options, (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      const finish = () => {
        const { statusCode: status = 0, headers: found, complete } = response;
        resolve({ status, headers: found, body: Buffer.concat(chunks), complete });
        sent.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).length >= enough) finish();
      });
      response.on("error", () => {});
      response.on("close", finish);
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("the whole file, with length, and a mark that it takes ranges", async () => {
  const { status, headers, body } = await get(url);
  assert.equal(status, 200);
  assert.equal(headers["content-length"], String(BYTES.length));
  assert.equal(headers["accept-ranges"], "bytes");
  assert.match(headers.etag ?? "", /^"[0-9A-F]{32}"$/);
  assert.deepEqual(body, BYTES);
});

for (const [range, from, to] of [
  ["bytes=0-0", 0, 1],
  ["bytes=0-4999", 0, 5000],
  ["bytes=5000-", 5000, 10_000],
  ["bytes=9999-9999", 9999, 10_000],
  ["bytes=-1", 9999, 10_000],
] as const) {
  test(`Range: ${range}`, async () => {
    const { status, headers, body } = await get(url, { range });
    assert.equal(status, 206);
    assert.equal(headers["content-range"], `bytes ${from}-${to - 1}/10000`);
    assert.equal(headers["content-length"], String(to - from));
    assert.deepEqual(body, BYTES.subarray(from, to));
  });
}

for (const range of [
  "bytes=10000-",
  "bytes=0-10000",
  "bytes=5-4",
  "bytes=a-b",
  "lines=0-1",
  "bytes=-",
]) {
  test(`Range: ${range} is ignored, as on Alibaba's storage`, async () => {
    assert.equal(parseRange(range, 10_000), undefined);
    const { status, body } = await get(url, { range });
    assert.equal(status, 200);
    assert.equal(body.length, 10_000);
  });
}

test("HEAD is 403: the signature is one for GET", async () => {
  assert.equal((await get(url, {}, { method: "HEAD" })).status, 403);
  assert.equal((await get(url, {}, { method: "DELETE" })).status, 403);
});

test("an address that was tampered with is 403", async () => {
  const later = new URL(url);
  later.searchParams.set("Expires", String(Number(later.searchParams.get("Expires")) + 1));
  const other = new URL(url);
  other.pathname = other.pathname.replace(/.\.bin$/, (end) => (end[0] === "0" ? "1.bin" : "0.bin"));
  const signed = new URL(url);
  signed.searchParams.set("Signature", "AAAA");
  const bare = url.split("?")[0] as string;
  for (const address of [later.href, other.href, signed.href, bare, `${cloud.endpoints.files}/x`]) {
    const { status, body } = await get(address);
    assert.equal(status, 403, address);
    assert.match(body.toString(), /<Code>(SignatureDoesNotMatch|AccessDenied)<\/Code>/);
  }
  const climbing = `${cloud.endpoints.files}/ota/..%2f..%2fstate?${new URL(url).searchParams}`;
  assert.equal((await get(climbing)).status, 403);
});

test("an address ends at its time", () => {
  const addresses = new Addresses({ id: "i", secret: "s" });
  const query = new URL(`http://x${addresses.sign("ota/a.bin", 1000)}`).searchParams;
  assert.equal(addresses.check("GET", "ota/a.bin", query, 999_999), undefined);
  const denial = addresses.check("GET", "ota/a.bin", query, 1_000_000);
  assert.deepEqual([denial?.status, denial?.message], [403, "Request has expired."]);
  const stranger = new Addresses({ id: "i", secret: "other" });
  assert.equal(stranger.check("GET", "ota/a.bin", query, 0)?.code, "SignatureDoesNotMatch");
});

test("the life of addresses is an option; the device gets a fresh one by asking", async () => {
  const brief = await startCloud({ downloads: { lifetimeMs: -2000, scheme: "https" } });
  const other = await OtaDevice.connect(brief);
  const id = await addPackage(brief, "1.0.0", BYTES);
  await brief.ota.createJob({ firmwareId: id, devices: [other.name] });
  const old = String((await other.pushed()).url);
  assert.ok(old.startsWith(brief.endpoints.filesTls));
  const expired = await new Promise<number>((resolve, reject) => {
    requestTls(old, { ca: brief.ca, agent: false }, ({ statusCode = 0 }) => resolve(statusCode))
      .on("error", reject)
      .end();
  });
  assert.equal(expired, 403);
  await other.end();
  await brief.close();
});

test("HTTPS with the platform's certificate", async () => {
  const secure = url.replace(cloud.endpoints.files, cloud.endpoints.filesTls);
  assert.deepEqual((await get(secure)).body, BYTES);
});

test("downloads are traced without their signatures", async () => {
  const traced = new Promise<TraceDownload>((resolve) => cloud.trace.once("download", resolve));
  await get(url, { range: "bytes=100-199" });
  const { at, file, ...rest } = await traced;
  assert.ok(at > 0);
  assert.ok(url.includes(`/${file}?`));
  assert.deepEqual(rest, { firmwareId, method: "GET", status: 206, from: 100, to: 200, sent: 100 });
});

test("fault: cut after so many bytes of each body", async () => {
  cloud.ota.faults = { dropAfter: 3000 };
  const first = await get(url);
  assert.equal(first.headers["content-length"], "10000");
  assert.equal(first.complete, false);
  assert.deepEqual(first.body, BYTES.subarray(0, 3000));
  const second = await get(url, { range: "bytes=3000-" });
  assert.deepEqual([second.status, second.complete], [206, false]);
  assert.deepEqual(second.body, BYTES.subarray(3000, 6000));
});

test("fault: cut at each multiple", async () => {
  cloud.ota.faults = { dropEvery: 4096 };
  assert.equal((await get(url)).body.length, 4096);
  assert.equal((await get(url, { range: "bytes=5000-" })).body.length, 8192 - 5000);
  const last = await get(url, { range: "bytes=8192-" });
  assert.deepEqual([last.body.length, last.complete], [10_000 - 8192, true]);
});

test("fault: wrong bytes, where the file has them", async () => {
  cloud.ota.faults = { wrongBytes: 6000 };
  const { body } = await get(url);
  assert.equal(body[6000], 0xff ^ (BYTES[6000] as number));
  body[6000] = BYTES[6000] as number;
  assert.deepEqual(body, BYTES);
  const part = await get(url, { range: "bytes=6000-6000" });
  assert.equal(part.body[0], 0xff ^ (BYTES[6000] as number));
  assert.deepEqual((await get(url, { range: "bytes=0-5999" })).body, BYTES.subarray(0, 6000));
});

test("fault: no ranges, a range from elsewhere", async () => {
  cloud.ota.faults = { noRange: true };
  const { status, headers, body } = await get(url, { range: "bytes=5000-" });
  assert.deepEqual([status, headers["accept-ranges"], body.length], [200, undefined, 10_000]);
  cloud.ota.faults = { rangeFrom: 10 };
  const moved = await get(url, { range: "bytes=5000-" });
  assert.equal(moved.headers["content-range"], "bytes 10-9999/10000");
});

test("fault: expired, other statuses, and only so often", async () => {
  cloud.ota.faults = { expired: true, times: 1 };
  assert.equal((await get(url)).status, 403);
  assert.equal((await get(url)).status, 200);
  cloud.ota.faults = { status: 500 };
  assert.equal((await get(url)).status, 500);
});

test("fault: goes silent", async () => {
  cloud.ota.faults = { stallAfter: 2000 };
  const { body, complete } = await get(url, {}, { enough: 2000 });
  assert.deepEqual([body.length, complete], [2000, false]);
});

test("fault: chunks, no length, an empty body", async () => {
  cloud.ota.faults = { chunked: true };
  const chunked = await get(url);
  assert.equal(chunked.headers["transfer-encoding"], "chunked");
  assert.equal(chunked.headers["content-length"], undefined);
  assert.deepEqual(chunked.body, BYTES);
  cloud.ota.faults = { noLength: true };
  const open = await get(url);
  assert.equal(open.headers["transfer-encoding"], undefined);
  assert.equal(open.headers["content-length"], undefined);
  assert.deepEqual(open.body, BYTES);
  cloud.ota.faults = { emptyBody: true };
  const empty = await get(url);
  assert.deepEqual([empty.status, empty.headers["content-length"]], [200, "0"]);
  assert.equal(empty.body.length, 0);
});

test("fault: a length that is too long", async () => {
  cloud.ota.faults = { lengthDelta: 5 };
  const { headers, body, complete } = await get(url);
  assert.equal(headers["content-length"], "10005");
  assert.deepEqual([body.length, complete], [10_000, false]);
});

test("fault: redirects", async () => {
  cloud.ota.faults = { redirect: 2 };
  let address = url;
  for (let hop = 1; hop <= 2; hop++) {
    const { status, headers } = await get(address);
    assert.equal(status, 302);
    address = headers.location ?? "";
    assert.ok(address.startsWith(cloud.endpoints.files));
  }
  assert.deepEqual((await get(address)).body, BYTES);
  cloud.ota.faults = { location: "ftp://elsewhere.invalid/" };
  assert.equal((await get(url)).headers.location, "ftp://elsewhere.invalid/");
});

test("faults of one package do not touch another", async () => {
  const other = await addPackage(cloud, "1.0.1", Buffer.from("other"));
  cloud.ota.setFaults(other, { expired: true });
  assert.equal((await get(url)).status, 200);
  cloud.ota.faults = { expired: true };
  cloud.ota.setFaults(firmwareId, {});
  assert.equal((await get(url)).status, 200, "its own count, even when there are none");
});

test("the module is told in the push", async () => {
  assert.equal((await device.get()).module, MODULE);
});
