import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import test from "node:test";
import { HEADER_BYTES, packImage, readImage } from "../../host/image/image.ts";
import { generateKey, publicModulus } from "../../host/image/keys.ts";
import { buildProgram, engines, Run } from "../mqtt/interpreter.ts";
import { rawHeader, sampleParts } from "./images.ts";

const privateKey = generateKey();
const image = packImage({ ...sampleParts, privateKey });
const unsigned = packImage(sampleParts);
const good = readImage(image).header;
assert.ok(good);

/** Headers that have to be refused, and by what words. */
function refusedHeaders(): [Buffer, RegExp][] {
  const refused: [Buffer, RegExp][] = [];
  for (let at = 0; at < 768; at += 29) {
    const changed = Buffer.from(image.subarray(0, HEADER_BYTES));
    changed[at] = (changed[at] as number) ^ 2;
    refused.push([changed, at < 8 ? /not an image/ : /damaged/]);
  }
  for (const length of [0, 7]) refused.push([image.subarray(0, length), /not an image/]);
  for (const length of [8, 16, 700, 768, 1023]) {
    refused.push([image.subarray(0, length), /cut short/]);
  }
  const json = (change: object) => rawHeader(JSON.stringify({ ...good, ...change }));
  refused.push([Buffer.alloc(HEADER_BYTES, 0xff), /not an image/]);
  refused.push([rawHeader("null"), /not JSON/]);
  refused.push([rawHeader("{"), /JSON/]);
  refused.push([rawHeader("{} {}"), /JSON/]);
  refused.push([rawHeader(`${"[".repeat(600)}`), /not JSON/]);
  refused.push([rawHeader(`{"a":${"[".repeat(600)}`), /nested deeper/]);
  refused.push([rawHeader('{"board":"esp32"}'), /module/]);
  refused.push([rawHeader('{"a":"\xe9"}'), /not JSON in printable ASCII/]);
  refused.push([json({ board: "é" }), /not JSON in printable ASCII/]);
  refused.push([json({ board: {} }), /board is not/]);
  refused.push([json({ version: "1 0" }), /version is not/]);
  refused.push([json({ security: 1e300 }), /security is not/]);
  refused.push([json({ size: -1 }), /size is not/]);
  refused.push([json({ size: 2 ** 32 + 4 }), /size is not/]);
  refused.push([json({ sha256: "g".repeat(64) }), /sha256 is not/]);
  refused.push([json({ entries: 5 }), /entries is not/]);
  refused.push([json({ entries: [[]] }), /entry's name/]);
  refused.push([json({ entries: [{ name: "../x", size: 1 }] }), /entry's name/]);
  refused.push([
    json({ entries: [{ name: "\x7f", size: 1 }] }),
    /not JSON in printable|entry's name/,
  ]);
  refused.push([json({ entries: [{ name: "x", size: 1 }] }), /bytes together/]);
  return refused;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
/** Headers that one run on a 32-bit interpreter reads: they are in its memory with the program. */
const BATCH = 12;

// In Node the same is tested in image.test.ts and verify.test.ts.
const boards = engines().filter(({ name }) => name !== "Node");

const program = buildProgram(join(import.meta.dirname, "device/image.ts"));

test("images on the virtual board and the interpreters", async (t) => {
  const script = await program;
  const own = publicModulus(privateKey);
  const [first, second] = [publicModulus(generateKey()), publicModulus(generateKey())];
  const settings = {
    headers: [image, unsigned].map((bytes) => hex(bytes.subarray(0, HEADER_BYTES))),
    image: hex(image),
    keys: [[own], [first, own], [first, second]],
  };
  for (const engine of boards) {
    await t.test(engine.name, async () => {
      const run = new Run(engine, script, settings);
      try {
        for (const [index, kind] of ["signed", "unsigned"].entries()) {
          const line = await run.line(`header ${index}`);
          assert.ok(line.startsWith(`${kind} true `), line);
          assert.deepEqual(JSON.parse(line.slice(kind.length + 6)), good);
        }
        assert.equal(await run.line("sha256"), good.sha256);
        assert.equal(await run.line("md5"), md5(image.subarray(HEADER_BYTES)));
        assert.equal(await run.line("md5"), md5(image));
        assert.equal(await run.line("md5"), md5(Buffer.alloc(0)));
        assert.equal(await run.line("signature 0"), "true");
        assert.equal(await run.line("signature 1"), "true");
        assert.equal(await run.line("signature 2"), "false");
        assert.equal(await run.line("stopped"), "silent");
      } finally {
        await run.end();
      }
    });
  }
});

test("headers that the virtual board and the interpreters refuse", async (t) => {
  const script = await program;
  const refused = refusedHeaders();
  for (const engine of boards) {
    await t.test(engine.name, async () => {
      const size = engine.name === "32-bit" ? BATCH : refused.length;
      for (let from = 0; from < refused.length; from += size) {
        const batch = refused.slice(from, from + size);
        const headers = batch.map(([bytes]) => hex(bytes));
        const run = new Run(engine, script, { headers, image: "", keys: [] });
        try {
          for (const [index, [bytes, reason]] of batch.entries()) {
            const line = await run.line(`header ${index}`);
            const shown = `${bytes.toString("latin1", 0, 80)}: ${line}`;
            assert.match(line, /^error /, shown);
            assert.match(line, reason, shown);
          }
        } finally {
          await run.end();
        }
      }
    });
  }
});
