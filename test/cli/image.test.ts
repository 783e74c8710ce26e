/**
 * `npm run image`: what it says of good, damaged and foreign images, and of two of them.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { diffImages } from "../../host/image/diff.ts";
import { type PackOptions, packImage } from "../../host/image/image.ts";
import { type ImageReport, inspectImage } from "../../host/image/inspect.ts";
import { generateKey, publicModulus } from "../../host/image/keys.ts";
import { modulusOf } from "../../host/image/public-key.ts";
import { program } from "../compiled/program.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/image.ts");
const folder = mkdtempSync(join(tmpdir(), "image-"));
after(() => rmSync(folder, { recursive: true }));

const pem = generateKey();
const key = publicModulus(pem);
const board = { keys: [] as string[], flash: { slotBytes: 4096 } as never };

function parts(further: Partial<PackOptions> = {}): PackOptions {
  const entries = [{ name: "main.js", bytes: Buffer.from("print(1)") }];
  return { board: "esp32", module: "Tracker", version: "1.0.0", entries, ...further };
}

function save(name: string, image: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, image);
  return file;
}

test("an image is told with its entries and who signed it", () => {
  const image = packImage(parts({ privateKey: pem, security: 3 }));
  const report = inspectImage(image, { board: { ...board, keys: [key] } });
  assert.deepEqual(report.problems, []);
  assert.equal(report.size, 1024 + 8);
  assert.equal(report.header?.security, 3);
  assert.deepEqual(
    report.entries.map(({ name, size }) => [name, size]),
    [["main.js", 8]],
  );
  assert.equal(report.signature.state, "good");
});

test("what a board refuses is a problem", () => {
  const problems = (image: Uint8Array, options: Parameters<typeof inspectImage>[1] = { board }) =>
    inspectImage(image, options).problems.join("\n");
  const plain = packImage(parts());
  const signed = packImage(parts({ privateKey: pem }));
  const own = { board: { ...board, keys: [key] } };
  const other = { board: { ...board, keys: [publicModulus(generateKey())] } };
  assert.equal(problems(plain), "");
  assert.match(problems(plain, own), /not signed: expected a signature by the board's keys/);
  assert.match(problems(signed, other), /bad, or not by the board's keys/);
  assert.match(problems(signed, { ...own, keys: [] }), /^$/);
  assert.match(problems(plain, { board, keys: [key] }), /not signed.*the key given/);
  assert.match(problems(packImage(parts({ board: "esp99" })), {}), /"esp99" is none of/);
  const damaged = Buffer.from(signed);
  damaged[700] = 0x21;
  assert.match(problems(damaged, own), /CRC-32/);
  assert.match(problems(signed.subarray(0, 1030), own), /entries take 6 bytes/);
  assert.match(problems(Buffer.from("hello")), /not an image/);
  const big = parts({ entries: [{ name: "main.js", bytes: Buffer.alloc(4000, 65) }] });
  assert.match(problems(packImage(big)), /5024 bytes: a slot of esp32 holds 4096/);
});

test("a key is read from PEM, private or public, and from a board file's line", () => {
  const open = createPublicKey(pem).export({ type: "spki", format: "pem" }) as string;
  for (const text of [pem, open, `"${key}",\n`]) assert.equal(modulusOf(text), key);
  assert.throws(() => modulusOf("hello"), /expected an RSA-2048 key in PEM/);
});

test("a difference names fields, entries, sizes and what stands against an update", () => {
  const report = (further: Partial<PackOptions>): ImageReport =>
    inspectImage(packImage(parts(further)), { board });
  const entry = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });
  const old = report({ security: 2, entries: [entry("main.js", "1"), entry("a", "same")] });
  const next = report({ version: "1.1.0", entries: [entry("main.js", "22"), entry("b", "new")] });
  const diff = diffImages(old, next);
  assert.deepEqual(
    diff.fields.map(({ name }) => name),
    ["version", "security"],
  );
  assert.deepEqual(
    diff.entries.map(({ name, change }) => `${name} ${change}`),
    ["main.js changed", "b added", "a removed"],
  );
  assert.match(diff.obstacles.join(), /security counter 0 is below 2/);
  assert.equal(diff.same, false);
  assert.equal(diffImages(old, old).same, true);
});

async function run(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [...program(SCRIPT), ...args]);
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out })));
}

test("the command's exit codes and JSON", async () => {
  const old = save("old.bin", packImage(parts()));
  const next = save("next.bin", packImage(parts({ version: "1.1.0" })));
  const bad = save("bad.bin", Buffer.from("hello"));
  const runs = await Promise.all([
    run("verify", old, next),
    run("verify", old, bad),
    run("diff", old, next, "--json"),
    run("inspect", old, "--json"),
    run("verify", join(folder, "absent.bin")),
    run("look", old),
  ]);
  assert.deepEqual(
    runs.map(({ code }) => code),
    [0, 1, 1, 0, 2, 2],
    runs.map(({ out }) => out).join("\n"),
  );
  assert.match(runs[0]?.out ?? "", /old\.bin: good\n.*next\.bin: good/);
  assert.match(runs[1]?.out ?? "", /bad\.bin: not an image/);
  assert.equal(JSON.parse(runs[2]?.out ?? "").fields[0].to, "1.1.0");
  assert.equal(JSON.parse(runs[3]?.out ?? "").header.module, "Tracker");
  assert.match(runs[4]?.out ?? "", /absent\.bin/);
  assert.match(runs[5]?.out ?? "", /look: expected inspect, verify or diff/);
});
