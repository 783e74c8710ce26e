/**
 * `npm run storage`: verbs, output, exit codes.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { program } from "../compiled/program.ts";
import { VirtualRig } from "../provision/rig.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/storage.ts");
const folder = mkdtempSync(join(tmpdir(), "storage-"));
let rig: VirtualRig;
before(async () => {
  rig = await VirtualRig.start("esp32");
});
after(async () => {
  await rig.close();
  rmSync(folder, { recursive: true });
});

function run(args: string[], input: string | Buffer = "") {
  const command = [...program(SCRIPT), ...args];
  const child = spawn(process.execPath, command, { cwd: folder });
  const out: Buffer[] = [];
  let errors = "";
  child.stdout.on("data", (bytes) => out.push(bytes));
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  child.stdin.end(input);
  return new Promise<{ code: number | null; out: Buffer; errors: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, out: Buffer.concat(out), errors }));
  });
}

const onBoard = (...args: string[]) => run([...args, "--port", rig.port]);

test("put, ls, get, df, rm", async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 128, ...Buffer.from("text")]);
  writeFileSync(join(folder, "table.bin"), bytes);
  const sent = await onBoard("put", "table.bin");
  assert.equal(sent.code, 0, sent.errors);
  assert.equal(String(sent.out), "table.bin: 9 bytes written\n");
  assert.match(sent.errors, /table\.bin +9 of 9 bytes/);
  const listed = await onBoard("ls");
  assert.match(String(listed.out), /^ *9 {2}table\.bin$/m);
  assert.match(String(listed.out), /^ *\d+ {2}factory {2}\(the firmware's\)$/m);
  const raw = await onBoard("get", "table.bin");
  assert.deepEqual(raw.out, bytes);
  const saved = await onBoard("get", "table.bin", "copy.bin", "--json");
  assert.deepEqual(JSON.parse(String(saved.out)), {
    name: "table.bin",
    bytes: 9,
    file: "copy.bin",
  });
  assert.deepEqual(readFileSync(join(folder, "copy.bin")), bytes);
  const piped = await run(["put", "-", "piped", "--json", "--port", rig.port], "from a pipe");
  assert.deepEqual(JSON.parse(String(piped.out)), { name: "piped", bytes: 11, unchanged: false });
  const removed = await onBoard("rm", "table.bin", "piped");
  assert.equal(String(removed.out), "removed table.bin, piped\n");
  const full = await onBoard("df", "--json");
  const { totalBytes, trashCount } = JSON.parse(String(full.out));
  assert.equal(totalBytes, 0xe0000);
  assert.equal(trashCount, 2);
});

test("what is refused, and what can't be understood", async () => {
  for (const [args, code, expected] of [
    [[], 2, /a verb: expected one of ls, get, put, rm, df/],
    [["ls", "x"], 2, /ls: x is too much/],
    [["rm", "data", "slot.a"], 1, /slot\.a is the firmware's/],
    [["get", "nothing", "--port", "RIG"], 1, /no file nothing on the board/],
    [["df", "--port", "tcp://127.0.0.1:1"], 4, /127\.0\.0\.1:1/],
  ] as [string[], number, RegExp][]) {
    const named = args.map((text) => (text === "RIG" ? rig.port : text));
    const { code: found, errors } = await run(named);
    assert.equal(found, code, `${args.join(" ")}\n${errors}`);
    assert.match(errors, expected);
  }
});
