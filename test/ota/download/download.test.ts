/**
 * Downloads over HTTP into a slot, from a server with every fault, on the virtual boards and on the
 * interpreters.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { makeCertificates } from "../../../host/cloud/certificate/authority.ts";
import { Run } from "../../mqtt/interpreter.ts";
import { type DownloadCase, downloadCases, type Result } from "./cases.ts";
import { boardEngines, buildProgram, wifi } from "./engines.ts";
import { FaultyServer } from "./faulty-server.ts";

/** The times of a device, made short. */
const limits = { firstPause: 4, longestPause: 30, tries: 4, silence: 2000, linkPause: 20 };

const pathOf = (index: number) => `/${index}?Expires=1718086400&Signature=abc%3D`;

function judge(one: DownloadCase, result: Result, server: FaultyServer, path: string): void {
  const { outcome } = result;
  const requests = server.requests(path);
  if (one.fails) {
    assert.ok(typeof outcome === "object", `ended as ${outcome}`);
    assert.match(outcome.text, one.fails);
    assert.equal(outcome.expired ?? false, one.expired ?? false);
    assert.doesNotMatch(outcome.text, /Signature/);
  } else if (!one.check || outcome !== "stopped") {
    assert.equal(outcome, "complete");
  }
  const wrong = one.check?.(result, requests);
  assert.equal(wrong, undefined);
  const whole = result.position === one.file.length;
  if (!one.fails && !one.more) assert.ok(whole, `only ${result.position} bytes`);
  if (whole && !one.more)
    assert.equal(result.digest, createHash("sha256").update(one.file).digest("hex"));
  if (one.requests !== undefined) assert.equal(requests.length, one.requests);
  const most = (one.fetched ?? 1000) * one.file.length;
  assert.ok(server.bodyBytes(path) <= most, `${server.bodyBytes(path)} bytes were fetched`);
}

describe("download over HTTP", { concurrency: 2 }, () => {
  for (const engine of boardEngines()) {
    test(engine.name, async (t) => {
      const program = await buildProgram("download", engine.board);
      const certificates = await makeCertificates(["127.0.0.1"]);
      const server = await new FaultyServer().listen({
        cert: certificates.certificate,
        key: certificates.key,
      });
      const cases = downloadCases(server);
      for (const [index, one] of cases.entries())
        server.serve(pathOf(index), (request) => one.serve(request, one.file));
      const run = new Run(engine, program, {
        wifi,
        limits,
        slotBytes: 48 << 10,
        cases: cases.map((one, index) => ({
          url: one.tls
            ? `https://127.0.0.1:${server.tlsPort}${pathOf(index)}`
            : `http://127.0.0.1:${server.port}${pathOf(index)}#part`,
          size: one.file.length,
          ...one.more,
        })),
      });
      try {
        for (const [index, one] of cases.entries()) {
          await t.test(one.name, async () => {
            judge(one, JSON.parse(await run.line(`case ${index}`)), server, pathOf(index));
          });
        }
        await run.line("end");
      } finally {
        await run.end();
        await server.close();
      }
    });
  }
});
