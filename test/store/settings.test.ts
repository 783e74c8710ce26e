/**
 * The settings: the file, its copy in the area, what a wiped Storage leaves.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, describe, type TestContext, test } from "node:test";
import { machine } from "../../boards/linux.ts";
import { NorFlash } from "../../host/board/flash/nor-flash.ts";
import { FileStore } from "../../host/board/index.ts";
import { keepConfig, keptConfig, readSettings, writeSettings } from "../../src/store/settings.ts";
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

const isThere = () => store.find("device.json") !== undefined;

describe("settings", () => {
  test("come from the file, with or without the area", () => {
    put(JSON.stringify(example));
    assert.deepEqual(readSettings(), example);
    assert.ok(isThere(), "there is no other place for them");
    store.eraseAll();
    withArea();
    put(JSON.stringify(example, null, 2));
    assert.deepEqual(readSettings(), example);
  });

  test("are taken over once: the file goes, and nothing is written again", () => {
    withArea();
    put(`${JSON.stringify(example, null, 2)}\n`);
    assert.deepEqual(readSettings(), example);
    assert.ok(!isThere());
    const { operations } = flash;
    assert.deepEqual(readSettings(), example);
    assert.equal(flash.operations, operations);
  });

  test("of another file replace the old ones; the same file changes nothing", () => {
    withArea();
    put(JSON.stringify(example));
    readSettings();
    put(JSON.stringify({ ...example, deviceName: "other" }));
    assert.equal(readSettings()?.deviceName, "other");
    put(JSON.stringify({ ...example, deviceName: "other" }));
    const { operations } = flash;
    assert.equal(readSettings()?.deviceName, "other");
    assert.equal(flash.operations, operations + 1, "the file is deleted");
    assert.equal(readSettings()?.deviceName, "other");
  });

  test("of 3.5 KB are taken over; longer ones are used where they are", (context) => {
    withArea();
    const warnings = context.mock.method(globalThis as never, "print" as never, () => {});
    const padded = (length: number) => `{"a":"${"x".repeat(length - 8)}"}`;
    for (const text of [padded(3584), padded(3583), padded(3584)]) {
      put(text);
      readSettings();
      assert.ok(!isThere());
    }
    assert.equal(JSON.stringify(readSettings()).length, 3584);
    assert.equal(warnings.mock.callCount(), 0);
    put(padded(3585));
    assert.equal(JSON.stringify(readSettings()).length, 3585);
    assert.match(String(warnings.mock.calls[0]?.arguments), /could not be kept in the area/);
    assert.ok(isThere());
    store.erase("device.json");
    assert.equal(JSON.stringify(readSettings()).length, 3584);
    assert.throws(() => writeSettings(padded(3585)), /does not take the settings/);
  });

  const broken = ['{"deviceSecret":"s3cret"', '"s3cret"', "null", "s3cret"];

  test("that are not JSON are not shown; those before them count", (context) => {
    withArea();
    put(JSON.stringify(example));
    readSettings();
    const lines = context.mock.method(globalThis as never, "print" as never, () => {});
    for (const text of broken) {
      put(text);
      assert.deepEqual(readSettings(), example);
      assert.ok(!isThere());
    }
    const said = lines.mock.calls.map((call) => String(call.arguments));
    assert.equal(said.length, broken.length);
    for (const line of said) {
      assert.match(line, /device\.json (is not valid JSON|must hold a JSON object): deleted/);
      assert.doesNotMatch(line, /s3cret/);
    }
  });

  test("that are not JSON are refused, and stay, where there are no others", () => {
    for (const prepare of [() => {}, withArea]) {
      prepare();
      for (const text of broken) {
        put(text);
        assert.throws(readSettings, (error: Error) => {
          assert.match(error.message, /^device\.json (is not valid JSON|must hold a JSON object)$/);
          return true;
        });
        assert.ok(isThere());
        assert.throws(() => writeSettings(text), /^Error: device\.json /);
      }
      store.erase("device.json");
    }
  });

  test("are missing when nothing was ever written", () => {
    assert.equal(readSettings(), undefined);
    withArea();
    assert.equal(readSettings(), undefined);
  });

  test("that provisioning writes come before those of a file, which goes", () => {
    withArea();
    put(JSON.stringify(example));
    writeSettings(JSON.stringify({ ...example, deviceName: "new" }));
    assert.ok(!isThere());
    assert.equal(readSettings()?.deviceName, "new");
  });

  test("leave room for a configuration, and come first", () => {
    assert.equal(keptConfig(), undefined);
    assert.equal(keepConfig("{}"), false, "a board without the area keeps none");
    withArea();
    put(JSON.stringify(example));
    readSettings();
    const config = (length: number) => `{"id":"1","config":{"text":"${"x".repeat(length)}"}}`;
    assert.equal(keepConfig(config(3000)), true);
    assert.equal(keepConfig(config(3800)), false);
    assert.equal(keptConfig(), config(3000));
    writeSettings(JSON.stringify({ ...example, deviceName: "other" }));
    assert.equal(keptConfig(), config(3000));
    const large = { ...example, note: "n".repeat(1000) };
    writeSettings(JSON.stringify(large));
    assert.deepEqual(readSettings(), large);
    assert.equal(keptConfig(), undefined);
    assert.equal(keepConfig(config(2000)), true);
    assert.deepEqual(readSettings(), large);
  });
});

describe("a power cut", () => {
  const other = JSON.stringify({ ...example, deviceName: "other" });
  const old = JSON.stringify(example);

  function use(bytes: Uint8Array): NorFlash {
    flash = new NorFlash(bytes, base, page);
    store = new FileStore(flash, storage);
    useFlash(flash, storage);
    return flash;
  }

  /**
   * Does work on a copy of the flash as it is now, once for each of its operations, with the power
   * going before, within and at the end of it; then looks what is there.
   * @returns how often the power went
   */
  function cutEverywhere(work: () => void, look: (place: string) => void): number {
    const start = flash.bytes.slice();
    const planned = use(start.slice());
    work();
    const { operations } = planned;
    for (let operation = 1; operation <= operations; operation++) {
      for (const share of [0, 0.5, 1]) {
        const cut = use(start.slice());
        let seen = 0;
        cut.hook = ({ length }) => {
          seen++;
          if (seen < operation) return undefined;
          // From then on nothing reaches the flash, though code that catches goes on.
          return { kind: "cut", bytes: seen === operation ? Math.floor(share * length) : 0 };
        };
        try {
          work();
        } catch (_error) {
          // the power is off
        }
        use(cut.bytes.slice());
        look(`operation ${operation} of ${operations}, ${share} of it`);
      }
    }
    return 3 * operations;
  }

  const quietly = (context: TestContext) =>
    context.mock.method(globalThis as never, "print" as never, () => {});

  test("while the file is taken over loses nothing", (context) => {
    quietly(context);
    for (const before of [undefined, old]) {
      use(new Uint8Array(size).fill(0xff));
      withArea();
      if (before) writeSettings(before);
      put(other);
      const cuts = cutEverywhere(readSettings, (place) => {
        assert.equal(readSettings()?.deviceName, "other", place);
        assert.ok(!isThere(), place);
        assert.equal(readSettings()?.deviceName, "other", place);
      });
      assert.ok(cuts >= 6, `${cuts}`);
    }
  });

  test("while provisioning writes leaves the old settings or the new ones", (context) => {
    quietly(context);
    withArea();
    writeSettings(old);
    let moves = 0;
    for (let round = 0; moves < 2; round++) {
      const [next, names] = round % 2 ? [old, ["other", "tracker"]] : [other, ["tracker", "other"]];
      const here = flash.bytes.slice();
      const { erases } = use(here.slice());
      writeSettings(next);
      const after = flash;
      // The first is added to the block; later ones, when that is full, move to the other block.
      if (after.erases > erases || round === 0) {
        moves++;
        use(here);
        cutEverywhere(
          () => writeSettings(next),
          (place) => assert.ok(names.includes(readSettings()?.deviceName ?? ""), place),
        );
      }
      use(after.bytes.slice());
    }
  });

  test("while the file arrives leaves the old settings", (context) => {
    quietly(context);
    withArea();
    writeSettings(old);
    cutEverywhere(
      () => put(other),
      (place) => {
        const found = readSettings()?.deviceName;
        assert.ok(found === "tracker" || found === "other", place);
        assert.ok(!isThere(), place);
      },
    );
  });

  test("while a configuration is kept leaves it or the one before, and the settings", (context) => {
    quietly(context);
    use(new Uint8Array(size).fill(0xff));
    withArea();
    writeSettings(old);
    const config = (id: number) => `{"id":"${id}","config":"${"x".repeat(1500)}"}`;
    let kept = 0;
    // The third one goes to the other block.
    for (const id of [1, 2, 3]) {
      const seen = new Set<string | undefined>();
      const start = flash.bytes.slice();
      const cuts = cutEverywhere(
        () => keepConfig(config(id)),
        (place) => {
          const found = keptConfig();
          seen.add(found);
          assert.ok(found === config(id) || found === (kept ? config(kept) : undefined), place);
          assert.deepEqual(readSettings(), example, place);
        },
      );
      assert.ok(cuts >= 3);
      assert.equal(seen.size, 2);
      use(start);
      assert.ok(keepConfig(config(id)));
      kept = id;
    }
    // What the settings displace for a larger place of their own.
    const large = JSON.stringify({ ...example, note: "n".repeat(3000) });
    const found = new Set<string>();
    cutEverywhere(
      () => writeSettings(large),
      (place) => {
        const { note } = readSettings() as unknown as { note: string };
        assert.ok(note === example.note || note.length === 3000, place);
        found.add(note);
      },
    );
    assert.equal(found.size, 2);
  });
});
