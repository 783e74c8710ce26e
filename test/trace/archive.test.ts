/**
 * Which builds are kept, and the command that reads traces with them.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "../../host/build/index.ts";
import { printed } from "../../host/tokens/printed.ts";
import { keepBuild, keepForGood, knownBuilds } from "../../host/trace/index.ts";
import { program } from "../compiled/program.ts";

const folder = mkdtempSync(join(tmpdir(), "archive-"));
after(() => rmSync(folder, { recursive: true }));

test("the last 30 builds of a board are kept, and all that were packed", () => {
  const archive = join(folder, "archive");
  const firmware = join(folder, "firmware.js");
  const map = `${firmware}.map`;
  writeFileSync(map, "{}");
  const ids: string[] = [];
  for (let i = 0; i < 33; i++) {
    writeFileSync(firmware, `print(${i})`);
    const id = keepBuild({ board: "esp32", firmware, map }, archive);
    // Built a minute after one another.
    utimesSync(join(archive, "esp32", `${id}.js.gz`), i * 60, i * 60);
    if (i === 0) keepForGood("esp32", id, "Tracker 1.0.0", archive);
    ids.push(id);
  }
  const kept = [...knownBuilds("esp32", { dist: join(folder, "none"), archive })];
  assert.deepEqual(
    kept.map(({ id }) => id),
    [...ids.slice(3).reverse(), ids[0]],
  );
  assert.equal(kept[0]?.firmware.text, "print(32)");
  assert.deepEqual([...knownBuilds("linux", { dist: join(folder, "none"), archive })], []);
});

function run(input: string, ...args: string[]): Promise<{ code: number | null; out: string }> {
  const script = join(import.meta.dirname, "../../host/cli/trace.ts");
  const child = spawn(process.execPath, [...program(script), ...args]);
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
  }
  child.stdin.end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out })));
}

test("what the platform was told of a failure is read by the command", async () => {
  const { firmware } = await build({ board: "linux", quiet: true });
  const script = readFileSync(firmware, "latin1");
  const offset = script.search(/propertiesReport\(\w+\)\{/) + 50;
  const code = printed(script, offset - 30, offset + 30).replace(/["\\]+/g, " ");
  const told = (code: string) => `-1 slot.b: no at slot.b:2:${offset + 1017} ...${code}...`;
  const [known, unknown, misused] = await Promise.all([
    run(`${told(code)}\n`, "--board", "linux"),
    run(`    at slot.b:2:${offset + 1017}\n...${"x".repeat(57)}...\n${" ".repeat(33)}^\n`),
    run("", "--board", "none"),
  ]);
  assert.equal(known.code, 0, known.out);
  assert.match(known.out, /^-1 slot\.b: no at src\/ali\/\w+\.ts:\d+:\d+/);
  assert.equal(unknown.code, 1, unknown.out);
  assert.match(unknown.out, /no source map of this build is known/);
  assert.equal(misused.code, 2);
});
