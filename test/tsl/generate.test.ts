/**
 * TypeScript made from thing models: what it says, that it is always the same, and that what the
 * project keeps of it is up to date.
 * @module
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { inProject } from "../../host/build/project.ts";
import { generateTypes, mergeModules, missingModules, readModel } from "../../host/tsl/index.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const METER = [fixture("meter.json"), fixture("meter-battery.json")];

function load(files: string[]): Record<string, unknown> {
  return mergeModules(files.map((file) => ({ file, json: readModel(file) })));
}

function generate(files: string[]): string {
  return generateTypes(
    load(files),
    files.map((file) => basename(file)),
  );
}

/** As the project's formatter would have it. */
function formatted(text: string): string {
  const biome = inProject("node_modules/@biomejs/biome/bin/biome");
  const command = [biome, "format", "--stdin-file-path=src/app/model.ts"];
  const done = spawnSync(process.execPath, command, { input: text, cwd: inProject(".") });
  assert.equal(done.status, 0, done.stderr.toString());
  return done.stdout.toString();
}

test("all types of a custom and a default module, as in the file that the compiler's test uses", () => {
  const expected = readFileSync(join(import.meta.dirname, "device/meter-model.ts"), "utf8");
  assert.equal(generate(METER), expected);
  assert.equal(generate(METER), generate([...METER]), "the same again");
});

test("the sample application's model is that of the demo product", () => {
  const expected = readFileSync(inProject("src/app/model.ts"), "utf8");
  assert.equal(generate([inProject("examples/products/demo.tsl.json")]), expected);
});

test("a real product's model, in the project's format", () => {
  const text = generate([inProject("examples/products/tracker.tsl.json")]);
  assert.equal(formatted(text), text);
  assert.equal(text.match(/^ {4}\w+: /gm)?.length, 33 + 7, "properties that are no struct, events");
});

test("the order of files does not matter, that of the thing model is kept", () => {
  const text = generateTypes(
    load([...METER].reverse()),
    METER.map((file) => basename(file)),
  );
  assert.equal(text, generate(METER));
  const names = [...text.matchAll(/^ {4}"?([\w:]+)"?: /gm)].map(([, name]) => name);
  assert.deepEqual(names.slice(0, 3), ["flow", "count", "valve"]);
});

test("a product with nothing takes nothing", () => {
  const text = generateTypes({}, ["empty.json"]);
  assert.match(text, /Thing model of a product, made from empty\.json/);
  assert.match(text, /^ {2}properties: \{ \[identifier: string\]: never \};$/m);
  assert.match(text, /^ {2}writable: never;$/m);
  assert.equal(text, readFileSync(join(import.meta.dirname, "device/empty-model.ts"), "utf8"));
  assert.equal(formatted(text), text);
});

test("a custom module alone, and one whose file is missing", () => {
  const alone = generate([fixture("meter-battery.json")]);
  assert.match(alone, /product a1MeterTest/);
  assert.match(alone, /"battery:level": number;/);
  assert.deepEqual(missingModules(load([fixture("meter.json")])), ["battery"]);
  assert.deepEqual(missingModules(load(METER)), []);
});

test("files that don't belong together are refused", () => {
  const part = (file: string, json: Record<string, unknown>) => ({ file, json });
  assert.throws(() => mergeModules([part("a", {}), part("b", {})]), /a and b both are the default/);
  const module = { functionBlockId: "x" };
  assert.throws(() => mergeModules([part("a", module), part("b", module)]), /b: module "x" is in/);
  const first = part("a", { profile: { productKey: "a1" } });
  const second = part("b", { ...module, profile: { productKey: "a2" } });
  assert.throws(() => mergeModules([first, second]), /different products: a1, a2/);
});

test("names and remarks can't leave their comment", () => {
  const property = (name: string, desc: string) => ({
    properties: [{ identifier: "a", name, desc, accessMode: "r", dataType: { type: "int" } }],
  });
  const text = generateTypes(property("*/ evil(); /*", "first\r\nsecond */\u2028third"), [
    "x.json",
  ]);
  const comment = text.slice(text.indexOf("properties: {"), text.indexOf("    a: number;"));
  assert.equal(comment.split("*/").length, 2, comment);
  assert.match(comment, /\* first\n {5}\* second \*\\\/\n {5}\* third\n/);
});
