/**
 * The build as a whole: what it writes, its source map, its refusals.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import vm from "node:vm";
import { boardNames, loadBoard } from "../../host/build/boards.ts";
import { BuildError, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { showSizes } from "../../host/build/sizes.ts";
import { readScript } from "./script.ts";

const folder = mkdtempSync(join(tmpdir(), "build-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function entry(name: string, text: string): string {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, text);
  return file;
}

function into(name: string): string {
  return join(folder, name);
}

const SAMPLE = `import { device } from "#board";

class Gauge {
  constructor(private readonly name: string) {}

  read(): number {
    throw new Error("broken " + this.name);
  }
}

print(device.name);
new Gauge("g").read();
`;

test("the firmware builds for every board, within its slot", async () => {
  const names = boardNames();
  for (const board of ["esp32", "esp32c3", "esp32s3", "linux"]) assert.ok(names.includes(board));
  assert.ok(!names.includes("board"));
  for (const board of names) {
    // In the usual folders: what other tests have built of the same sources is not built again.
    const { sizes, firmware, boot0, map, dir } = await build({ board, quiet: true });
    const { device } = await loadBoard(board);
    assert.equal(sizes.slot, device.flash.slotBytes - 1024);
    assert.equal(sizes.minified, statSync(firmware).size);
    assert.ok(sizes.packed < sizes.slot && sizes.gzip < sizes.minified, JSON.stringify(sizes));
    assert.ok(sizes.minified < sizes.source);
    assert.equal(dir, inProject("dist", board));
    const loader = readScript(boot0).text;
    assert.match(loader, /eval/);
    assert.doesNotThrow(() => new vm.Script(loader));
    const { sources, sourcesContent } = JSON.parse(readFileSync(map, "utf8"));
    const main = sources.findIndex((source: string) => source.endsWith("src/main.ts"));
    assert.equal(sourcesContent[main], readFileSync(inProject("src/main.ts"), "utf8"));
  }
});

test("a bundle holds the board's device part only, flat and with prefixed names", async () => {
  const file = entry("sample", SAMPLE);
  const { firmware } = await build({ board: "linux", entry: file, outDir: into("s"), quiet: true });
  const script = readScript(firmware).text;
  assert.match(script, /"linux"/);
  assert.doesNotMatch(script, /slotBytes|RASPBERRYPI|sourceMappingURL|\.prototype\./);
  assert.match(script, /^function \$\w/);
  const context = vm.createContext({ print: () => {} });
  assert.throws(() => vm.runInContext(script, context));
  const names = Object.keys(context).filter((name) => name !== "print");
  assert.ok(names.length > 0);
  for (const name of names) assert.match(name, /^\$[a-zA-Z0-9_]{1,3}$/);
});

test("the source map leads from the script to the TypeScript line", async () => {
  const file = entry("mapped", SAMPLE);
  const result = await build({ board: "esp32", entry: file, outDir: into("m"), quiet: true });
  const script = readScript(result.firmware);
  const map = new SourceMap(JSON.parse(readFileSync(result.map, "utf8")));
  const places = ["throw", "new $", "print("].map((text) => {
    const found = map.findEntry(0, script.inCode(script.text.indexOf(text)));
    assert.ok("originalSource" in found, text);
    assert.equal(resolve(result.dir, found.originalSource), file);
    return found.originalLine + 1;
  });
  assert.deepEqual(places, [7, 12, 11]);
});

test("the same sources give the same bytes; an unchanged build is reused", async () => {
  const file = entry("twice", SAMPLE);
  const options = { board: "esp32", entry: file, quiet: true };
  const first = await build({ ...options, outDir: into("first") });
  const second = await build({ ...options, outDir: into("second") });
  assert.deepEqual(readFileSync(first.firmware), readFileSync(second.firmware));
  assert.deepEqual(readFileSync(first.map), readFileSync(second.map));
  const { mtimeMs } = statSync(first.firmware);
  assert.deepEqual(await build({ ...options, outDir: into("first") }), first);
  assert.equal(statSync(first.firmware).mtimeMs, mtimeMs);
  writeFileSync(first.firmware, "changed");
  await build({ ...options, outDir: into("first") });
  assert.deepEqual(readFileSync(first.firmware), readFileSync(second.firmware));
  writeFileSync(file, SAMPLE.replace("broken", "torn"));
  await build({ ...options, outDir: into("first") });
  assert.match(readFileSync(first.firmware, "latin1"), /torn/);
});

test("type errors and foreign constructs fail the build with file, line and column", async () => {
  const bad = entry("bad", 'const n: number = "x";\nprint(n);\nexport {};\n');
  const error = await build({ board: "esp32", entry: bad, quiet: true, outDir: into("b") }).then(
    () => assert.fail("built"),
    (reason) => reason,
  );
  assert.ok(error instanceof BuildError);
  assert.match(error.message, /bad\.ts:1:7 TS2322: /);

  const foreign = entry("foreign", "outer: for (;;) {\n  break outer;\n}\nexport {};\n");
  await assert.rejects(
    build({ board: "esp32", entry: foreign, quiet: true, outDir: into("b") }),
    /foreign\.ts:1:1 labels are not supported by the interpreter: put the loop into a function/,
  );
});

test("what only the script shows is found at its place in the sources", async () => {
  const file = entry(
    "global",
    "declare const unheardOf: any;\nprint(1, unheardOf());\nexport {};\n",
  );
  await assert.rejects(
    build({ board: "esp32", entry: file, quiet: true, outDir: into("g") }),
    /global\.ts:2:10 .*the interpreter has no "unheardOf"/,
  );
});

test("a firmware over the slot, an unknown board and a missing entry are refused", async () => {
  const { device } = await loadBoard("linux");
  const room = device.flash.slotBytes - 1024;
  const big = entry("big", `print("${"x".repeat(room)}");\nexport {};\n`);
  await assert.rejects(
    build({ board: "linux", entry: big, quiet: true, outDir: into("o") }),
    new RegExp(`takes \\d+ bytes: the slot holds ${room}`),
  );
  await assert.rejects(
    build({ board: "esp64" }),
    /unknown board "esp64": expected one of esp32, .*\blinux\b/,
  );
  const none = join(folder, "none.ts");
  await assert.rejects(build({ board: "esp32", entry: none }), /none\.ts is missing/);
});

test("the size table shows bytes and the slot's share", () => {
  const sizes = { source: 1000, minified: 250, packed: 250, gzip: 100, slot: 500 };
  const firmware = inProject("dist/esp32/firmware.js");
  const text = showSizes({ board: "esp32", dir: "", firmware, boot0: "", map: "", sizes });
  assert.match(text, /dist\/esp32\/firmware\.js for esp32/);
  assert.match(text, /minified +250 bytes +50\.0 % of the slot of 500/);
  const tight = { ...sizes, packed: 200 };
  const packed = showSizes({ board: "x", dir: "", firmware, boot0: "", map: "", sizes: tight });
  assert.match(packed, /in an image +200 bytes +40\.0 % of the slot of 500/);
});
