/**
 * Putting the interpreter on a chip: what `esptool` is told, and what is said without it. A script
 * that writes down its arguments stands in for it.
 * @module
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import {
  InterpreterError,
  type InterpreterOptions,
  writeInterpreter,
} from "../../host/flash/esptool.ts";

const folder = mkdtempSync(join(tmpdir(), "esptool-"));
const tool = join(folder, "esptool");
const calls = join(folder, "calls");
const release = join(folder, "release");
const { ESPTOOL, PATH } = process.env;
after(() => {
  Object.assign(process.env, { PATH });
  if (ESPTOOL === undefined) delete process.env.ESPTOOL;
  else process.env.ESPTOOL = ESPTOOL;
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  rmSync(release, { recursive: true, force: true });
  mkdirSync(release);
  for (const name of ["bootloader.bin", "partitions_espruino.bin", "espruino_esp32.bin"]) {
    writeFileSync(join(release, name), name);
  }
  rmSync(calls, { force: true });
  writeFileSync(tool, `#!/bin/sh\necho "$@" >> ${calls}\n`, { mode: 0o755 });
  process.env.ESPTOOL = tool;
});

function write(more: Partial<InterpreterOptions> = {}): Promise<void> {
  return writeInterpreter({
    interpreter: "ESP32",
    port: "/dev/ttyUSB0",
    file: release,
    erase: false,
    tell: () => {},
    ...more,
  });
}

async function failing(more: Partial<InterpreterOptions>): Promise<string> {
  const error = await write(more).then(
    () => assert.fail("it worked"),
    (thrown) => thrown,
  );
  assert.ok(error instanceof InterpreterError, String(error));
  assert.equal(error.exitCode, 9);
  return error.message;
}

const called = () => readFileSync(calls, "utf8").trim().split("\n");

test("the classic chip has its boot loader at 0x1000", async () => {
  await write();
  const file = (name: string) => join(release, name);
  const expected = [
    "--chip esp32 --port /dev/ttyUSB0 --baud 921600 --after hard_reset",
    "write_flash -z --flash_mode dio --flash_freq 40m --flash_size detect",
    `0x1000 ${file("bootloader.bin")} 0x8000 ${file("partitions_espruino.bin")}`,
    `0x10000 ${file("espruino_esp32.bin")}`,
  ];
  assert.deepEqual(called(), [expected.join(" ")]);
});

test("C3 and S3 have it at 0; erasing comes first; the program's file alone will do", async () => {
  rmSync(join(release, "partitions_espruino.bin"));
  writeFileSync(join(release, "partition-table.bin"), "");
  const file = join(release, "espruino-esp32c3.bin");
  writeFileSync(file, "");
  await write({ interpreter: "ESP32C3_IDF4", file, erase: true });
  const [erase = "", write_ = ""] = called();
  assert.match(erase, /--chip esp32c3 .*erase_flash$/);
  assert.ok(write_.includes(`0x0 ${join(release, "bootloader.bin")}`), write_);
  assert.ok(write_.includes(`--flash_freq 80m`), write_);
  assert.ok(write_.endsWith(`0x10000 ${file}`), write_);
});

test("what is missing is named", async () => {
  rmSync(join(release, "bootloader.bin"));
  assert.match(await failing({}), /bootloader\.bin missing .*\.tgz/);
  assert.match(await failing({ file: join(folder, "none.tgz") }), /none\.tgz: no such file/);
  assert.match(await failing({ file: tool }), /expected a release's \.tgz/);
  assert.match(await failing({ port: "tcp://a:1" }), /expected a serial port/);
  assert.match(await failing({ interpreter: "LINUX" }), /no addresses are known for LINUX/);
});

test("without esptool it says how to get it", async () => {
  process.env.ESPTOOL = join(folder, "nowhere");
  process.env.PATH = folder;
  try {
    assert.match(await failing({}), /not on the PATH.*\n.*install esptool/);
  } finally {
    Object.assign(process.env, { PATH });
  }
});

test("what esptool fails with is passed on", async () => {
  writeFileSync(tool, "#!/bin/sh\nexit 2\n", { mode: 0o755 });
  assert.match(await failing({}), /ended with code 2.*BOOT/);
});
