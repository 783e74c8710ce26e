/**
 * `npm run pack`: what it writes and prints, what it refuses.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadBoard } from "../../host/build/boards.ts";
import { packImage, readImage } from "../../host/image/image.ts";
import { isSignedBy, publicModulus } from "../../host/image/keys.ts";
import { program } from "../compiled/program.ts";
import { sampleParts } from "../ota/images.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/pack.ts");
const folder = mkdtempSync(join(tmpdir(), "pack-"));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

function pack(...args: string[]): Promise<{ code: number | null; out: string; errors: string }> {
  return new Promise((resolve) => {
    const command = [...program(SCRIPT), ...args];
    const child = spawn(process.execPath, command, { cwd: folder });
    let out = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    child.on("close", (code) => resolve({ code, out, errors }));
  });
}

const hash = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");

test("a key is made, and signs an image; the same input gives the same bytes", async () => {
  const made = await pack("--new-key", file("key.pem"));
  assert.equal(made.code, 0, made.errors);
  const pem = readFileSync(file("key.pem"), "latin1");
  assert.equal(statSync(file("key.pem")).mode & 0o777, 0o600);
  const modulus = publicModulus(pem);
  assert.ok(made.out.includes(`"${modulus}"`), made.out);
  assert.doesNotMatch(made.out, /PRIVATE KEY/);
  const again = await pack("--new-key", file("key.pem"));
  assert.equal(again.code, 2, "an old key is not overwritten");
  assert.equal(readFileSync(file("key.pem"), "latin1"), pem);

  writeFileSync(file("table.json"), '{"a":1}');
  const args = ["--board", "esp32", "--version", "1.2.3", "--security", "4"];
  args.push("--key", file("key.pem"), file("table.json"));
  const first = await pack(...args, "--out", file("sub/a.bin"));
  assert.equal(first.code, 0, first.errors);
  const image = readFileSync(file("sub/a.bin"));
  for (const text of [`${image.length} bytes`, hash("md5", image), hash("sha256", image)]) {
    assert.ok(first.out.includes(text), `${text} in ${first.out}`);
  }
  const { header, entries, problems } = readImage(image);
  assert.deepEqual(problems, []);
  assert.ok(header);
  const { board, module, version, security } = header;
  assert.deepEqual(
    { board, module, version, security },
    { board: "esp32", module: "QuecPython-Tracker", version: "1.2.3", security: 4 },
  );
  assert.deepEqual(
    entries.map(({ name }) => name),
    ["main.js", "table.json"],
  );
  assert.equal(Buffer.from(entries[1]?.bytes ?? []).toString(), '{"a":1}');
  assert.equal(isSignedBy(image, modulus), true);

  const split = await pack(...args, "--split", file("parts"));
  assert.equal(split.code, 0, split.errors);
  assert.deepEqual(readdirSync(file("parts")).sort(), ["image.header", "main.js", "table.json"]);
  const parts = ["image.header", "main.js", "table.json"].map((name) => {
    return readFileSync(join(file("parts"), name));
  });
  assert.deepEqual(Buffer.concat(parts), image);

  const inspected = await pack("--inspect", file("sub/a.bin"), "--key", file("key.pem"));
  assert.match(inspected.out, /Signature good, by key /);
  assert.equal(inspected.code, 0, inspected.out);
});

test("a bad image is told as one, with exit code 1", async () => {
  const image = packImage(sampleParts);
  image[1030] = 0;
  writeFileSync(file("bad.bin"), image);
  const damaged = await pack("--inspect", file("bad.bin"));
  assert.match(damaged.out, /Problem {3}SHA-256 of the entries differs/);
  assert.equal(damaged.code, 1);
  writeFileSync(file("no.bin"), "no image");
  const foreign = await pack("--inspect", file("no.bin"));
  assert.match(foreign.out, /Problem {3}not an image: expected one made by npm run pack/);
  assert.equal(foreign.code, 1);
});

test("what can't be used is named with what was expected, with exit code 2", async () => {
  const keys = {
    small: generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey,
    exponent: generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 }).privateKey,
    curve: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
  };
  for (const [name, key] of Object.entries(keys)) {
    writeFileSync(file(`${name}.pem`), key.export({ type: "pkcs8", format: "pem" }));
  }
  writeFileSync(file("rubbish.pem"), "rubbish");
  writeFileSync(file("empty"), "");
  writeFileSync(file("main.js"), "x");
  writeFileSync(file("n".repeat(29)), "x");
  const { device } = await loadBoard("esp32");
  writeFileSync(file("large"), Buffer.alloc(device.flash.slotBytes));
  const good = ["--board", "esp32", "--version", "1", "--out", file("never.bin")];
  const cases: [string[], RegExp][] = [
    [[], /--board : expected one of esp32, .*linux/],
    [["--board", "esp8266"], /--board esp8266: expected one of/],
    [["--board", "esp32"], /--version: expected one/],
    [["--board", "esp32", "--version", "1 0"], /--version "1 0": expected 1 to 64/],
    [[...good, "--module", "a/b"], /--module "a\/b": expected 1 to 64/],
    [[...good, "--security", "-1"], /security/],
    [[...good, "--security", "1.5"], /--security 1.5: expected a whole number/],
    [[...good, "--colour", "red"], /--colour/],
    [[...good, "--key", file("absent.pem")], /absent.pem/],
    [
      [...good, "--key", file("rubbish.pem")],
      /rubbish.pem: key: not readable; expected an RSA-2048/,
    ],
    [[...good, "--key", file("small.pem")], /found rsa-1024; expected an RSA-2048/],
    [[...good, "--key", file("exponent.pem")], /public exponent 3; expected 65537/],
    [[...good, "--key", file("curve.pem")], /found ec; expected an RSA-2048/],
    [[...good, file("empty")], /entry "empty" is empty/],
    [[...good, file("main.js")], /entry "main.js": expected each name once/],
    [[...good, file("n".repeat(29))], /expected a name of 1 to 28/],
    [[...good, file("large")], new RegExp(`a slot of esp32 holds ${device.flash.slotBytes}`)],
    [["--inspect", file("absent.bin")], /absent.bin/],
  ];
  // A few at a time: each is a process of its own.
  for (let from = 0; from < cases.length; from += 4) {
    await Promise.all(
      cases.slice(from, from + 4).map(async ([args, reason]) => {
        const { code, errors } = await pack(...args);
        assert.match(errors, reason, args.join(" "));
        assert.equal(code, 2, args.join(" "));
      }),
    );
  }
  assert.ok(!readdirSync(folder).includes("never.bin"));
});
