/**
 * When faults happen, how they are named, taken back, and drawn.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultKinds, faultsOf } from "../../host/modem/index.ts";
import { info, OK, running } from "./dialogue.ts";
import { CSQ, faulty } from "./faulty.ts";

describe("moments", () => {
  test("at a command, after a time, at a byte", () => {
    const atCommand = faulty("F11", { command: /COPS/ }).modem;
    assert.equal(atCommand.ask("AT+CSQ"), CSQ);
    assert.equal(atCommand.ask("AT+COPS?"), "");
    const later = faulty("F12.silent", { after: 5000 }).modem;
    later.wait(4900);
    assert.equal(later.modem.status, true);
    later.wait(200);
    assert.equal(later.modem.status, false);
    const atByte = faulty("F11", { byte: 10 }).modem;
    assert.equal(atByte.ask("AT+CSQ", 1000), CSQ.slice(0, 10));
  });

  test("healing takes back what is prepared and what lasts", () => {
    const { modem } = faulty("F26.never");
    modem.modem.inject("F01.bytes");
    modem.modem.inject("F10.hang");
    modem.modem.heal();
    modem.ask("AT+QISEND=0,2");
    assert.equal(modem.pieces.at(-1), "\r\n> ");
  });

  test("names: every number of the catalogue has a fault; others are refused", () => {
    for (let number = 1; number <= 42; number++) {
      assert.ok(faultsOf(`F${String(number).padStart(2, "0")}`).length > 0, `F${number}`);
    }
    assert.equal(new Set(faultKinds.map(({ name }) => name)).size, faultKinds.length);
    assert.throws(() => running().modem.inject("F43"), /unknown fault "F43"/);
    assert.throws(
      () => running({ faults: { seed: 1, everyMs: 1, pick: ["F99"] } }),
      /unknown fault "F99"/,
    );
  });

  for (const { name, does } of faultKinds) {
    test(`${name} can be taken back: ${does}`, () => {
      const { modem } = faulty(name);
      for (const line of ["AT", "AT+CSQ", "AT+QIRD=0,1", "AT+QISEND=0,1"]) modem.ask(line, 10_000);
      modem.modem.heal();
      modem.modem.switchOn();
      modem.wait(40_000);
      modem.ask("AT", 1000);
      modem.modem.setHostBaud(115_200);
      modem.ask("ATE0", 1000);
      assert.equal(modem.ask("AT"), OK);
      assert.equal(modem.ask("AT+CPIN?"), info("+CPIN: READY"));
      assert.equal(modem.ask("AT+CREG?"), info("+CREG: 0,1"));
    });
  }

  test("drawn from a seed: the same faults at the same times, others with another seed", () => {
    const draw = (seed: number) => {
      const modem = running({ powerKeyTied: true, faults: { seed, everyMs: 20_000 } });
      for (let turn = 0; turn < 600; turn++) modem.ask("AT+CSQ", 1000);
      return { log: modem.modem.faultLog, bytes: modem.pieces.join("") };
    };
    const one = draw(1);
    assert.deepEqual(draw(1), one);
    assert.notDeepEqual(draw(2).log, one.log);
    assert.ok(one.log.length > 10 && one.log.length < 60, `${one.log.length} in 600 s`);
  });
});
