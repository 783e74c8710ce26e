/**
 * `npm run screenshots`: what it says when it can't.
 * @module
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { program } from "../compiled/program.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/screenshots.ts");

function run(args: string[], env: NodeJS.ProcessEnv = process.env) {
  return spawnSync(process.execPath, [...program(SCRIPT), ...args], { env, encoding: "utf8" });
}

test("an unknown option is refused with code 2", () => {
  const { status, stderr } = run(["--folder", "x"]);
  assert.match(stderr, /screenshots: .*--folder/);
  assert.equal(status, 2);
});

test("without Chromium it says what to install", () => {
  const { status, stderr } = run([], { ...process.env, PATH: "", CHROMIUM: "/nowhere" });
  assert.match(stderr, /no Chromium found; install it .* or name it in \$CHROMIUM/);
  assert.equal(status, 1);
});
