import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { HEADER_BYTES, packFiles, packImage, readImage } from "../../host/image/image.ts";
import { generateKey, isSignedBy, publicModulus } from "../../host/image/keys.ts";
import {
  buildHeader,
  entryRange,
  type ImageHeader,
  isSigned,
  parseHeader,
} from "../../src/ota/image.ts";
import { rawHeader, sampleEntries, sampleParts } from "./images.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const image = packImage(sampleParts);

test("the board reads what the packer wrote", () => {
  const header = parseHeader(text(image.subarray(0, HEADER_BYTES)));
  assert.deepEqual(header, readImage(image).header);
  assert.equal(header.board, "esp32");
  assert.equal(header.security, 3);
  assert.equal(header.size, image.length - HEADER_BYTES);
  for (const { name, bytes } of sampleEntries) {
    const range = entryRange(header, name);
    assert.ok(range);
    assert.deepEqual(image.subarray(range.offset, range.offset + range.length), Buffer.from(bytes));
  }
  assert.equal(entryRange(header, "absent"), undefined);
});

test("the board's own header is the packer's, byte by byte", () => {
  const header = parseHeader(text(image));
  assert.equal(buildHeader(header), text(image.subarray(0, HEADER_BYTES)));
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `file ${i}`, size: 1 }));
  assert.throws(() => buildHeader({ ...header, size: 40, entries: many }), /fewer entries/);
  assert.throws(() => buildHeader({ ...header, size: 1 }), /bytes together, but size is 1/);
});

test("each byte of a header matters", () => {
  for (let at = 0; at < 768; at++) {
    for (const bit of [1, 0x80]) {
      const changed = Buffer.from(image.subarray(0, HEADER_BYTES));
      changed[at] = (changed[at] as number) ^ bit;
      assert.throws(() => parseHeader(text(changed)), Error, `byte ${at} ^ ${bit}`);
      assert.notDeepEqual(readImage(Buffer.concat([changed, image.subarray(1024)])).problems, []);
    }
  }
  for (let at = 768; at < HEADER_BYTES; at++) {
    const changed = Buffer.from(image.subarray(0, HEADER_BYTES));
    changed[at] = 0xfe;
    assert.equal(isSigned(text(changed)), true, `byte ${at}`);
  }
});

test("images that are cut or go on are told", () => {
  for (let length = 0; length < image.length; length += 64) {
    const cut = image.subarray(0, length);
    assert.notDeepEqual(readImage(cut).problems, [], `${length} bytes`);
    if (length < HEADER_BYTES) {
      assert.throws(() => parseHeader(text(cut)), length < 8 ? /not an image/ : /cut short/);
    }
  }
  const longer = readImage(Buffer.concat([image, Buffer.from("x")]));
  assert.match(longer.problems.join(), /entries take \d+ bytes: the header says \d+/);
});

test("a damaged body is told", () => {
  for (let at = HEADER_BYTES; at < image.length; at += 7) {
    const changed = Buffer.from(image);
    changed[at] = (changed[at] as number) ^ 4;
    assert.deepEqual(readImage(changed).problems, [
      "SHA-256 of the entries differs from the header's",
    ]);
  }
});

const good = parseHeader(text(image));
const entry = (name: unknown, size: unknown = good.size) => ({ entries: [{ name, size }] });
const hostile: [unknown, RegExp][] = [
  [null, /not JSON/],
  [[], /not JSON/],
  [5, /not JSON/],
  ["{}", /not JSON/],
  [{}, /board/],
  [{ ...good, board: "" }, /board is not/],
  [{ ...good, board: 7 }, /board is not/],
  [{ ...good, board: ["esp32"] }, /board is not/],
  [{ ...good, module: "a b" }, /module is not/],
  [{ ...good, module: "a/b" }, /module is not/],
  [{ ...good, module: "m".repeat(65) }, /module is not/],
  [{ ...good, version: "" }, /version is not/],
  [{ ...good, version: undefined }, /version is not/],
  [{ ...good, version: "1.0\n" }, /version is not/],
  [{ ...good, security: -1 }, /security is not/],
  [{ ...good, security: 1.5 }, /security is not/],
  [{ ...good, security: "1" }, /security is not/],
  [{ ...good, security: null }, /security is not/],
  [{ ...good, security: 2 ** 32 }, /security is not/],
  [{ ...good, size: 0 }, /size is not/],
  [{ ...good, size: -5 }, /size is not/],
  [{ ...good, size: 2 ** 31 }, /size is not/],
  [{ ...good, size: true }, /size is not/],
  [{ ...good, size: good.size + 1 }, /together, but size is/],
  [{ ...good, sha256: good.sha256.toUpperCase() }, /sha256 is not/],
  [{ ...good, sha256: good.sha256.slice(1) }, /sha256 is not/],
  [{ ...good, sha256: 0 }, /sha256 is not/],
  [{ ...good, entries: [] }, /entries is not/],
  [{ ...good, entries: {} }, /entries is not/],
  [{ ...good, entries: "main.js" }, /entries is not/],
  [{ ...good, entries: [null] }, /entry's name/],
  [{ ...good, entries: [7] }, /entry's name/],
  [{ ...good, ...entry("") }, /entry's name/],
  [{ ...good, ...entry("a/b") }, /entry's name/],
  [{ ...good, ...entry("n".repeat(29)) }, /entry's name/],
  [{ ...good, ...entry("tab\t") }, /entry's name/],
  [{ ...good, ...entry(["x"]) }, /entry's name/],
  [{ ...good, ...entry("main.js", -1) }, /size of main.js is not/],
  [{ ...good, ...entry("main.js", 0) }, /size of main.js is not/],
  [{ ...good, ...entry("main.js", "9") }, /size of main.js is not/],
  [{ ...good, ...entry("main.js", 2 ** 24 + 1) }, /size of main.js is not/],
  [
    {
      ...good,
      size: 2,
      entries: [
        { name: "a", size: 1 },
        { name: "a", size: 1 },
      ],
    },
    /two entries are named a/,
  ],
  // Sizes that would add up by going round.
  [
    {
      ...good,
      size: 4,
      entries: [
        { name: "a", size: 2 ** 31 },
        { name: "b", size: 4 - 2 ** 31 },
      ],
    },
    /size of a is not/,
  ],
];

test("hostile headers are refused, with the member named", () => {
  for (const [header, reason] of hostile) {
    assert.throws(
      () => parseHeader(text(rawHeader(JSON.stringify(header)))),
      reason,
      JSON.stringify(header),
    );
  }
  for (const json of ["", "{", "{}{}", '{"board":', "[".repeat(700), "{board:1}", `{"a":"\xe9"}`]) {
    assert.throws(() => parseHeader(text(rawHeader(json))), /image header: /, json.slice(0, 20));
  }
});

/** A generator of numbers below a bound, the same in each run. */
function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % bound;
  };
}

test("headers of random JSON are read as they are, or refused", () => {
  const random = seeded(20);
  const values = [0, 1, -1, 1.5, 2 ** 40, "", "x", "1.0.0", null, true, [], {}, [{}], good.entries];
  const members = Object.keys(good) as (keyof ImageHeader)[];
  let taken = 0;
  for (let round = 0; round < 3000; round++) {
    const header: Record<string, unknown> = { ...good };
    for (let n = random(3); n > 0; n--) {
      const member = members[random(members.length)] as string;
      if (random(4) === 0) delete header[member];
      else header[member] = values[random(values.length)];
    }
    let json = JSON.stringify(header);
    if (random(4) === 0) {
      const at = random(json.length);
      json = json.slice(0, at) + String.fromCharCode(random(128)) + json.slice(at + 1);
    }
    let read: ImageHeader;
    try {
      read = parseHeader(text(rawHeader(json)));
    } catch (error) {
      assert.match((error as Error).message, /^image header: /);
      continue;
    }
    taken++;
    assert.deepEqual(read, JSON.parse(json));
    assert.ok(Number.isInteger(read.size) && read.size > 0);
    assert.equal(
      read.entries.reduce((sum, one) => sum + one.size, 0),
      read.size,
    );
  }
  assert.ok(taken > 300, `${taken} were taken`);
});

test("packing is deterministic, signed or not", () => {
  const privateKey = generateKey();
  assert.deepEqual(packImage(sampleParts), image);
  const signed = packImage({ ...sampleParts, privateKey });
  assert.deepEqual(packImage({ ...sampleParts, privateKey }), signed);
  assert.deepEqual(signed.subarray(0, 768), image.subarray(0, 768));
  assert.deepEqual(signed.subarray(HEADER_BYTES), image.subarray(HEADER_BYTES));
  assert.equal(isSigned(text(signed)), true);
  assert.equal(isSigned(text(image)), false);
  assert.equal(isSignedBy(signed, publicModulus(privateKey)), true);
  assert.equal(isSignedBy(signed, publicModulus(generateKey())), false);
});

test("a multi-file package is the same image in pieces", () => {
  const files = packFiles(sampleParts);
  assert.deepEqual(
    files.map(({ name }) => name),
    ["image.header", ...sampleEntries.map(({ name }) => name)],
  );
  assert.deepEqual(Buffer.concat(files.map(({ bytes }) => bytes)), image);
  const clash = [...sampleEntries, { name: "image.header", bytes: Buffer.from("x") }];
  assert.throws(() => packFiles({ ...sampleParts, entries: clash }), /another name/);
});

test("what does not fit an image is named", () => {
  const bytes = Buffer.from("x");
  const refused: [object, RegExp][] = [
    [{ board: "" }, /board "": expected/],
    [{ module: "a b" }, /module "a b": expected/],
    [{ version: "1/2" }, /version "1\/2": expected/],
    [{ security: -1 }, /security -1: expected/],
    [{ security: 0.5 }, /security 0.5: expected/],
    [{ entries: [] }, /at least one entry/],
    [{ entries: [{ name: "a/b", bytes }] }, /"a\/b": expected a name/],
    [{ entries: [{ name: "é", bytes }] }, /expected a name/],
    [{ entries: [{ name: "a", bytes: Buffer.alloc(0) }] }, /"a" is empty/],
    [
      {
        entries: [
          { name: "a", bytes },
          { name: "a", bytes },
        ],
      },
      /"a": expected each name once/,
    ],
    [
      { slotBytes: image.length - 1 },
      new RegExp(`${image.length} bytes.*holds ${image.length - 1}`),
    ],
    [
      { entries: Array.from({ length: 30 }, (_, i) => ({ name: `long name ${i}`, bytes })) },
      /header of 30 entries/,
    ],
    [{ privateKey: "rubbish" }, /expected an RSA-2048 private key/],
  ];
  for (const [parts, reason] of refused) {
    assert.throws(() => packImage({ ...sampleParts, ...parts }), reason);
  }
  assert.equal(packImage({ ...sampleParts, slotBytes: image.length }).length, image.length);
});
