/**
 * The settings: the file, its copy in the area, what a wiped Storage leaves.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { machine } from "../../boards/linux.ts";
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { FileStore } from "../../host/board/index.ts";
import { readSettings } from "../../src/store/settings.ts";
import { setBoot, useFlash } from "./fake-flash.ts";

const { base, page, storage, size } = machine.flash;
let flash: NorFlash;
let store: FileStore;

beforeEach(() => {
  flash = new NorFlash(new Uint8Array(size).fill(0xff), base, page);
  store = new FileStore(flash, storage);
  useFlash(flash, storage);
  setBoot(undefined);
});

const withArea = () => store.write("area", Uint8Array.of(0x78), 0, 0, 16384 + page);
const put = (text: string) => store.write("device.json", Buffer.from(text, "utf8"));
const example = { deviceName: "tracker", deviceSecret: "s3cret", note: 'a "}" \n', list: [1, 2.5] };

describe("settings", () => {
  test("come from the file, with or without the area", () => {
    put(JSON.stringify(example));
    assert.deepEqual(readSettings(), example);
    store.eraseAll();
    withArea();
    put(JSON.stringify(example, null, 2));
    assert.deepEqual(readSettings(), example);
  });

  test("outlive the file", () => {
    withArea();
    put(`${JSON.stringify(example, null, 2)}\n`);
    readSettings();
    store.erase("device.json");
    assert.deepEqual(readSettings(), example);
  });

  test("are copied once, and again when the file differs", () => {
    withArea();
    put(JSON.stringify(example));
    readSettings();
    const { operations } = flash;
    readSettings();
    assert.equal(flash.operations, operations);
    store.erase("device.json");
    put(JSON.stringify({ ...example, deviceName: "other" }));
    assert.equal(readSettings().deviceName, "other");
    store.erase("device.json");
    assert.equal(readSettings().deviceName, "other");
  });

  test("of 3.5 KB are copied; longer ones are used all the same, without a copy", (context) => {
    withArea();
    const warnings = context.mock.method(globalThis as never, "print" as never, () => {});
    const padded = (length: number) => `{"a":"${"x".repeat(length - 8)}"}`;
    for (const text of [padded(3584), padded(3583), padded(3584)]) {
      put(text);
      readSettings();
    }
    store.erase("device.json");
    assert.equal(JSON.stringify(readSettings()).length, 3584);
    assert.equal(warnings.mock.callCount(), 0);
    put(padded(3585));
    assert.equal(JSON.stringify(readSettings()).length, 3585);
    assert.match(String(warnings.mock.calls[0]?.arguments), /over 3584 bytes: no copy/);
    store.erase("device.json");
    assert.equal(JSON.stringify(readSettings()).length, 3584);
  });

  test("that are not JSON are refused, not copied and not shown", () => {
    withArea();
    put(JSON.stringify(example));
    readSettings();
    for (const text of ['{"deviceSecret":"s3cret"', '"s3cret"', "null", "s3cret"]) {
      store.erase("device.json");
      put(text);
      assert.throws(readSettings, (error: Error) => {
        assert.match(error.message, /^device\.json (is not valid JSON|must hold a JSON object)$/);
        return true;
      });
    }
    store.erase("device.json");
    assert.deepEqual(readSettings(), example);
  });

  test("are missing when nothing was ever written", () => {
    assert.throws(readSettings, /no device\.json in Storage: the device is not set up/);
    withArea();
    assert.throws(readSettings, /no device\.json in Storage: the device is not set up/);
  });
});
