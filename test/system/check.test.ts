import assert from "node:assert/strict";
import test from "node:test";
import type { BoardNeeds } from "../../boards/board.ts";
import { device } from "../../boards/esp32.ts";
import { checkInterpreter } from "../../src/system/check.ts";

const esp32 = device.needs();

const fitting = {
  BOARD: "ESP32",
  VERSION: "2v29.277",
  MODULES: "Flash,Storage,net,tls,crypto,Wifi,TelnetServer",
};

test("what fits has nothing to say", () => {
  assert.deepEqual(checkInterpreter(esp32, fitting, 3000), []);
});

const cases: [string, Partial<typeof fitting>, number, boolean, RegExp][] = [
  ["another board", { BOARD: "PICO_R1_3" }, 3000, false, /built for ESP32, runs on PICO_R1_3/],
  ["too old", { VERSION: "2v09" }, 3000, true, /Espruino 2v09 is too old: 2v20 or later needed/],
  ["no version", { VERSION: "?" }, 3000, true, /too old/],
  ["a release that loses bytes", { VERSION: "2v28" }, 3000, false, /2v28 loses bytes/],
  ["its last release", { VERSION: "2v29" }, 3000, false, /2v29 loses bytes/],
  ["no TLS", { MODULES: "Flash,Storage,net,crypto,Wifi" }, 3000, true, /has no module tls/],
  ["little memory", {}, 1000, false, /only 1000 JsVars free: 1500 needed/],
];
for (const [name, change, free, fatal, text] of cases) {
  test(`misfit: ${name}`, () => {
    const misfits = checkInterpreter(esp32, { ...fitting, ...change }, free);
    assert.equal(misfits.length, 1, JSON.stringify(misfits));
    assert.equal(misfits[0]?.fatal, fatal);
    assert.match(misfits[0]?.text ?? "", text);
  });
}

test("a newer minor release counts as newer than a build of an older one", () => {
  const needs: BoardNeeds = { ...esp32, minVersion: "2v29.100", badVersions: [] };
  assert.equal(checkInterpreter(needs, { ...fitting, VERSION: "2v29.99" }, 3000).length, 1);
  assert.equal(checkInterpreter(needs, { ...fitting, VERSION: "2v29.100" }, 3000).length, 0);
  assert.equal(checkInterpreter(needs, { ...fitting, VERSION: "2v30" }, 3000).length, 0);
  assert.equal(checkInterpreter(needs, { ...fitting, VERSION: "3v00" }, 3000).length, 0);
});
