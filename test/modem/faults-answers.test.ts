/**
 * What the catalogue's faults of answers and of power look like on the wire.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BOOT, Dialogue, ERROR, info, OK, online } from "./dialogue.ts";
import { CSQ, faulty, SENT } from "./faulty.ts";

describe("answers", () => {
  test("F09: later commands wait for the late one; F09.answer obeys at once", () => {
    const { modem } = faulty("F09", { ms: 3000 });
    assert.equal(modem.ask("AT+CSQ"), "");
    assert.equal(modem.ask("AT", 2800), "");
    assert.equal(modem.wait(300), CSQ + OK);
    const { modem: other } = faulty("F09.answer", { ms: 3000, command: "CMEE" });
    assert.equal(other.ask("AT+CMEE=2", 2900), "");
    assert.equal(other.modem.system?.profile.errors, 2);
    assert.equal(other.wait(200), OK);
  });

  test("F10.hang: nothing is heard until power or reset, or the time is over", () => {
    const { modem } = faulty("F10.hang");
    assert.equal(modem.ask("AT", 60_000), "");
    modem.modem.powerKey(true);
    modem.wait(700);
    modem.modem.powerKey(false);
    modem.modem.powerKey(true);
    assert.match(modem.wait(4000), /RDY/);
    const short = faulty("F10.hang", { ms: 1000 }).modem;
    assert.equal(short.ask("AT"), "");
    assert.equal(short.wait(1000), OK);
  });

  test("F26: the prompt never comes, is lost with the command, or is late", () => {
    const never = faulty("F26.never").modem;
    assert.equal(never.ask("AT+QISEND=0,6"), "");
    assert.equal(never.ask("AT+CSQ", 4000), SENT, "what comes is taken as the payload");
    const lost = faulty("F26.lost").modem;
    assert.equal(lost.ask("AT+QISEND=0,6"), "");
    assert.equal(lost.ask("AT"), OK);
    const late = faulty("F26.late").modem;
    assert.equal(late.ask("AT+QISEND=0,2", 5900), "");
    assert.equal(late.wait(200), "\r\n> ");
    assert.equal(late.send("hi"), SENT);
  });

  const sends: [name: string, answer: string, got: string, ms?: number][] = [
    ["F28.fail", "\r\nSEND FAIL\r\n", ""],
    ["F28.error", ERROR, ""],
    ["F28.missing", "", "hi"],
    ["F28.lost", "", ""],
    ["F28.late", SENT, "hi", 31_000],
  ];
  for (const [name, answer, got, ms] of sends) {
    test(`${name}, once`, () => {
      const { modem, server } = faulty(name);
      modem.ask("AT+QISEND=0,2");
      assert.equal(modem.send("hi", ms), answer);
      assert.equal(server.got, got);
      assert.equal(modem.ask("AT+QISEND=0,1"), "\r\n> ");
      assert.equal(modem.send("!"), SENT);
      assert.equal(server.got, `${got}!`);
    });
  }

  for (const [name, answer] of [
    ["F28.error", ERROR],
    ["F28.lost", ""],
  ] as const) {
    test(`${name} waits for a payload that is whole: no SEND OK for one that is lost`, () => {
      const { modem, server } = faulty(name);
      modem.ask("AT+QISEND=0,2");
      assert.equal(modem.send("h", 5200), ERROR);
      modem.ask("AT+QISEND=0,2");
      assert.equal(modem.send("hi"), answer);
      assert.equal(server.got, "");
    });
  }

  test("F40.sleep", () => {
    const { modem } = faulty("F40.sleep");
    modem.wait(6000);
    assert.equal(modem.ask("AT"), "");
    assert.equal(modem.ask("AT"), OK);
  });

  test("F42: bytes of a payload are lost, and what comes next is taken for them", () => {
    const { modem, server } = faulty("F42", { value: 3 });
    modem.ask("AT+QISEND=0,10");
    assert.equal(modem.send("0123456789"), "");
    assert.equal(modem.ask("AT"), SENT);
    assert.equal(server.got, "0123489AT\r");
    const always = faulty("F42.always").modem;
    for (let turn = 0; turn < 2; turn++) {
      always.ask("AT+QISEND=0,10");
      assert.equal(always.send("0123456789", 5200), ERROR);
    }
  });
});

describe("power", () => {
  test("F11: restarts", () => {
    const { modem } = faulty("F11");
    assert.ok(modem.wait(BOOT).startsWith("\r\nRDY\r\n\r\n+CFUN: 1\r\n"));
    assert.equal(modem.ask("AT+QISTATE?"), `AT+QISTATE?\r${OK}`);
    const twice = faulty("F11.twice").modem.wait(BOOT);
    assert.equal(twice.split("\r\nRDY\r\n").length, 3);
    const { modem: late } = faulty("F11.command");
    const heard = late.ask("AT+CGREG?", BOOT);
    assert.match(heard, /^\r\nRDY\r\n.*AT\+CGREG\?\r\r\n\+CGREG: 0,\d\r\n\r\nOK\r\n/s);
  });

  const notices = {
    normal: "\r\nNORMAL POWER DOWN\r\n",
    powered: "\r\nPOWERED DOWN\r\n",
    undervoltage: "\r\nUNDER-VOLTAGE POWER DOWN\r\n",
    silent: "",
  };
  for (const [variant, notice] of Object.entries(notices)) {
    test(`F12.${variant}`, () => {
      const { modem } = faulty(`F12.${variant}`);
      assert.equal(modem.wait(1000), notice);
      assert.equal(modem.modem.status, false);
      assert.equal(modem.ask("AT"), "");
    });
  }

  test("F13: on already, without RDY; switched off from elsewhere", () => {
    const modem = new Dialogue({ start: "off" });
    modem.modem.inject("F13.on");
    assert.equal(modem.wait(10), "");
    assert.equal(modem.ask("AT", 20), `AT\r${OK}`);
    assert.equal(faulty("F13.pulse").modem.wait(5000), "\r\nNORMAL POWER DOWN\r\n");
  });

  test("F14: slow, and without RDY", () => {
    const { modem } = faulty("F14.slow");
    modem.modem.restart();
    assert.equal(modem.ask("ATE0", 25_000), "");
    assert.equal(modem.wait(550), "\r\nRDY\r\n");
    const silent = faulty("F14.silent").modem;
    silent.modem.restart();
    assert.doesNotMatch(silent.wait(BOOT), /RDY/);
    assert.match(silent.ask("AT"), /OK/);
  });

  test("F15: bytes that are no text", () => {
    assert.equal(faulty("F15.now").modem.wait(10), "\x00\xff\x80\xfe\x00");
    for (const name of ["F15.boot", "F15.restart"]) {
      const { modem } = faulty(name);
      if (name === "F15.boot") modem.modem.restart();
      assert.ok(modem.wait(BOOT).startsWith("\x00\xff\x80\xfe\x00\r\nRDY\r\n"), name);
    }
  });

  test("F36: lines go elsewhere; RDY too", () => {
    const { modem } = faulty("F36", undefined, "");
    modem.modem.inject("F29");
    assert.equal(modem.wait(100), "");
    assert.equal(modem.ask('AT+QURCCFG="urcport"'), info('+QURCCFG: "urcport","usbat"'));
    const mute = faulty("F36.mute").modem;
    mute.modem.restart();
    assert.equal(mute.wait(BOOT), "");
  });

  test("F38: an upgrade's errors", () => {
    const modem = online();
    const line = 'AT+QFOTADL="http://web.example/fw.bin",1,0';
    const lines = (...texts: string[]) => texts.map((text) => `\r\n+QIND: "FOTA",${text}\r\n`);
    for (const code of [701, 702, 730]) {
      modem.modem.inject(`F38.${code}`);
      const told = lines('"HTTPSTART"', `"HTTPEND",${code}`).join("");
      assert.equal(modem.ask(line, 10_000), OK + told);
    }
  });

  test("F39: another rate; the first bytes eaten", () => {
    const { modem } = faulty("F39");
    assert.doesNotMatch(modem.ask("AT"), /OK/);
    modem.modem.setHostBaud(9600);
    modem.send("\r");
    assert.equal(modem.ask("AT"), OK);
    const eaten = faulty("F39.autobaud", { value: 5 }).modem;
    assert.equal(eaten.ask("AT"), "");
    assert.equal(eaten.ask("AT"), "");
    assert.equal(eaten.ask("AT"), OK);
  });
});
