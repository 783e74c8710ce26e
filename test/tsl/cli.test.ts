/**
 * `npm run tsl`: what it writes and prints, exit codes.
 * @module
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program } from "../compiled/program.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/tsl.ts");
const METER = join(import.meta.dirname, "fixtures/meter.json");
const BATTERY = join(import.meta.dirname, "fixtures/meter-battery.json");
const folder = mkdtempSync(join(tmpdir(), "tsl-"));
after(() => rmSync(folder, { recursive: true }));

function tsl(args: string[], input = "") {
  const command = [...program(SCRIPT), ...args];
  const done = spawnSync(process.execPath, command, { cwd: folder, input, encoding: "utf8" });
  return { code: done.status, out: done.stdout, errors: done.stderr };
}

test("--out writes the file once, and leaves it where nothing changed", () => {
  const first = tsl([METER, BATTERY, "--out", "sub/model.ts"]);
  assert.equal(first.code, 0, first.errors);
  assert.equal(first.out, "sub/model.ts: written\n");
  const file = join(folder, "sub/model.ts");
  const { mtimeMs } = statSync(file);
  const again = tsl([METER, BATTERY, "--out", "sub/model.ts", "--json"]);
  assert.deepEqual(JSON.parse(again.out), { out: "sub/model.ts", changed: false });
  assert.equal(statSync(file).mtimeMs, mtimeMs);

  const shown = tsl([METER]);
  assert.equal(shown.code, 0);
  assert.match(shown.out, /^export interface Model \{$/m);
  assert.match(shown.errors, /module "battery" is left out: give its file, too/);
  assert.notEqual(shown.out, readFileSync(file, "utf8"));
});

test("--check tells the platform's answer", () => {
  const bad = tsl([METER, BATTERY, "--check", "-"], '{"flow":20,"valve":1}');
  assert.equal(bad.code, 1, bad.errors);
  assert.match(
    bad.out,
    /^answer {3}\/sys\/a1MeterTest\/device\/thing\/event\/property\/post_reply$/m,
  );
  assert.match(bad.out, /"data":\{"flow":"tsl parse: value is above 12\.5"\}/);
  assert.match(bad.out, /^remark {3}flow: 6322 value is above 12\.5$/m);
  writeFileSync(join(folder, "good.json"), '{"params":{"litres":1}}');
  const method = ["--method", "thing.service.calibrate", "--json"];
  const good = tsl([METER, BATTERY, "--check", "good.json", ...method]);
  assert.equal(good.code, 0, good.errors);
  assert.equal(JSON.parse(good.out).accepted, true);
});

test("a thing model with faults gives all of them and exit code 1", () => {
  const properties = [{ identifier: "a", accessMode: "r", dataType: { type: "colour" } }];
  writeFileSync(join(folder, "bad.json"), JSON.stringify({ properties, events: 1 }));
  const text = tsl(["bad.json", "--out", "never.ts"]);
  assert.equal(text.code, 1);
  assert.match(
    text.errors,
    /^bad\.json: properties\[0\]\.dataType\.type \("a"\): expected one of/m,
  );
  assert.match(text.errors, /^bad\.json: events: expected a list, not 1$/m);
  assert.throws(() => statSync(join(folder, "never.ts")), /ENOENT/);
  const { file, faults } = JSON.parse(tsl(["bad.json", "--json"]).out);
  assert.equal(file, "bad.json");
  assert.deepEqual(
    faults.map(({ path }: { path: string }) => path),
    ["properties[0].dataType.type", "events"],
  );
});

test("a command line or a file that can't be used", () => {
  for (const [args, code, expected] of [
    [[], 2, /FILE is missing/],
    [[METER, "--method", "x"], 2, /--method goes with --check/],
    [[SCRIPT], 1, /tsl\.ts is not JSON/],
  ] as [string[], number, RegExp][]) {
    const { code: found, errors } = tsl(args);
    assert.equal(found, code, args.join(" "));
    assert.match(errors, expected);
  }
});
