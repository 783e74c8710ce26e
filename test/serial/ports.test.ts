/**
 * Which port is taken, and what is said when that can't be told.
 * @module
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BoardError, candidates, choosePort, type PortChoice } from "../../host/serial/index.ts";
import { kernelPorts } from "../../host/serial/ports.ts";

const one: PortChoice = { path: "/dev/ttyUSB0", description: "CP210x adapter" };
const two: PortChoice = { path: "/dev/ttyACM0", description: "Espressif, the chip's own USB" };
const listing = (...ports: PortChoice[]) => ({ list: async () => ports });

/** The error that a choice ends with. */
async function refused(choice: Promise<string>): Promise<BoardError> {
  const error = await choice.then(
    (port) => assert.fail(`took ${port}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof BoardError, String(error));
  assert.equal(error.exitCode, 3);
  return error;
}

test("a named port is taken unseen", async () => {
  assert.equal(await choosePort("COM7", listing(one)), "COM7");
});

test("the only candidate is taken, and named", async () => {
  let told = "";
  const tell = (text: string) => {
    told = text;
  };
  assert.equal(await choosePort(undefined, { ...listing(one), tell }), one.path);
  assert.equal(told, "/dev/ttyUSB0 (CP210x adapter)");
});

test("of several, a person chooses by number or path", async () => {
  let question = "";
  const answering = (answer: string) => ({
    ...listing(one, two),
    ask: async (text: string) => {
      question = text;
      return answer;
    },
  });
  assert.equal(await choosePort(undefined, answering("2\n")), two.path);
  assert.match(question, /1 {2}\/dev\/ttyUSB0 {2}CP210x.*\n.*2 {2}\/dev\/ttyACM0/);
  assert.equal(await choosePort(undefined, answering("/dev/ttyUSB0")), one.path);
  const error = await refused(choosePort(undefined, answering("3")));
  assert.match(error.message, /"3": expected a number from 1 to 2/);
});

test("without a terminal several ports are named", async () => {
  const error = await refused(choosePort(undefined, { ...listing(one, two), ask: undefined }));
  assert.match(error.message, /--port/);
  for (const { path } of [one, two]) assert.ok(error.message.includes(path));
});

test("without any, it says what it looked for, and usual causes", async () => {
  const error = await refused(choosePort(undefined, listing()));
  for (const word of [/looked for/, /cable/, /driver/, /tcp:\/\//])
    assert.match(error.message, word);
});

test("modems and ports that are not on USB are no candidates; known adapters come first", () => {
  const found = candidates([
    { path: "/dev/ttyS0" },
    { path: "/dev/ttyUSB2", vendorId: "2C7C", manufacturer: "Quectel" },
    { path: "/dev/ttyUSB1", vendorId: "beef", manufacturer: "Somebody" },
    { path: "/dev/ttyUSB0", vendorId: "10C4" },
  ]);
  assert.deepEqual(found, [
    { path: "/dev/ttyUSB0", description: "CP210x adapter" },
    { path: "/dev/ttyUSB1", description: "Somebody" },
  ]);
});

test("ports are found as the kernel lists them", () => {
  const folder = mkdtempSync(join(tmpdir(), "tty-"));
  try {
    const usb = join(folder, "devices/usb1/1-1");
    mkdirSync(join(usb, "1-1:1.0/ttyUSB0"), { recursive: true });
    writeFileSync(join(usb, "idVendor"), "1a86\n");
    const terminals = join(folder, "tty");
    mkdirSync(join(terminals, "ttyUSB0"), { recursive: true });
    mkdirSync(join(terminals, "ttyS0"));
    symlinkSync(join(usb, "1-1:1.0/ttyUSB0"), join(terminals, "ttyUSB0/device"));
    assert.deepEqual(kernelPorts(terminals), [{ path: "/dev/ttyUSB0", vendorId: "1a86" }]);
    assert.deepEqual(kernelPorts(join(folder, "none")), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
