import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { offersPackage, packageName, readPackage } from "../../src/ota/package.ts";

const MD5 = "0cc175b9c0f1b6a831c399e269772661";
const SHA256 = "CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB";

const single = {
  size: 131072,
  version: "1.5.0",
  isDiff: 0,
  url: "https://ota.example.invalid/fw/1.5.0.bin?Expires=1718086400&Signature=abc%3D",
  signMethod: "Md5",
  sign: MD5,
  md5: MD5,
  module: "tracker",
  digestsign: "BASE64SIG==",
  extData: { key1: "v1", _package_udi: "{}" },
};
const file = { fileName: "main.bin", fileSize: 2048, fileUrl: "http://h/a", fileSign: MD5 };
const several = {
  version: "1.5.0",
  signMethod: "Md5",
  module: "tracker",
  files: [file, { ...file, fileName: "lib.bin", fileSize: 1024, fileUrl: "http://h/b" }],
};
const overMqtt = {
  version: "1.5.0",
  size: 9,
  sign: SHA256,
  signMethod: "Sha256",
  dProtocol: "mqtt",
  streamId: 1397473524,
  streamFileId: 2,
};

describe("a package of the platform", () => {
  test("is read from the whole message and from its data alike", () => {
    const whole = readPackage({ code: "1000", id: 1, message: "success", data: single });
    assert.deepEqual(whole, readPackage(single));
    assert.deepEqual(whole, {
      module: "tracker",
      version: "1.5.0",
      files: [{ name: "main.js", url: single.url, size: 131072, digest: MD5 }],
      size: 131072,
    });
  });

  test("may have several files", () => {
    const { files, size } = readPackage({ data: several });
    assert.equal(size, 3072);
    assert.deepEqual(
      files.map(({ name, url }) => [name, url]),
      [
        ["main.bin", "http://h/a"],
        ["lib.bin", "http://h/b"],
      ],
    );
    const old = { ...several, files: [{ ...file, fileSign: undefined, fileMd5: MD5 }] };
    assert.equal(readPackage(old).files[0]?.digest, MD5);
  });

  test("may come over MQTT, without a module and without an address", () => {
    const pkg = readPackage({ data: overMqtt });
    assert.equal(pkg.module, "default");
    assert.deepEqual(pkg.stream, { streamId: 1397473524, fileId: 2 });
    assert.equal(pkg.files[0]?.digest, SHA256.toLowerCase());
  });

  test("has its sign method in any case, or none: then the digest's length tells", () => {
    for (const signMethod of ["MD5", "md5", undefined]) {
      assert.equal(readPackage({ ...single, signMethod }).files[0]?.digest, MD5);
    }
    const unnamed = readPackage({ ...overMqtt, signMethod: undefined });
    assert.equal(unnamed.files[0]?.digest, SHA256.toLowerCase());
  });

  test("names module and version even when it is bad", () => {
    assert.deepEqual(packageName({ data: { version: "2", module: "x", isDiff: 1 } }), {
      module: "x",
      version: "2",
    });
    for (const message of [undefined, null, 7, "text", [], {}]) {
      assert.deepEqual(packageName(message), { module: "default", version: "" });
      assert.equal(offersPackage(message), false);
      assert.throws(() => readPackage(message), /no version/);
    }
    assert.equal(offersPackage({ id: "1", code: 200, data: {} }), false);
    assert.equal(offersPackage({ data: single }), true);
  });

  const bad: [object, RegExp][] = [
    [{ ...single, isDiff: 1 }, /differential/],
    [{ ...single, version: "" }, /no version/],
    [{ ...single, size: 0 }, /size is 0/],
    [{ ...single, size: "many" }, /size is many/],
    [{ ...single, size: 1.5 }, /size is 1.5/],
    [{ ...single, sign: undefined, md5: undefined }, /must have 32 hex digits/],
    [{ ...single, sign: MD5.slice(1) }, /must have 32 hex digits/],
    [{ ...single, signMethod: "Sha256" }, /must have 64 hex digits/],
    [{ ...single, signMethod: "CRC" }, /MD5 or SHA256/],
    [{ ...single, url: undefined }, /address/],
    [{ ...single, url: "ftp://host/x" }, /address/],
    [{ ...overMqtt, streamFileId: undefined }, /streamFileId/],
    [{ ...several, files: [] }, /0 files/],
    [{ ...several, files: new Array(21).fill(file) }, /21 files/],
    [{ ...several, files: [{ ...file, fileName: "" }] }, /no name/],
    [{ ...several, files: [{ ...file, fileUrl: 5 }] }, /address/],
    [{ ...several, files: [{ ...file, fileSign: undefined }] }, /hex digits/],
  ];
  for (const [message, expected] of bad) {
    test(`is refused: ${expected.source}`, () => {
      assert.throws(() => readPackage({ data: message }), expected);
    });
  }
});
