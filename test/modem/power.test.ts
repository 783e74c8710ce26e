/**
 * Power: keys, supply, restarts, what is kept and what is not, the pace of the port.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BOOT, connected, Dialogue, ERROR, info, OK, online, running } from "./dialogue.ts";

const RDY = "\r\nRDY\r\n";

function press(modem: Dialogue, ms: number): string {
  modem.modem.powerKey(true);
  modem.clock.run(ms);
  modem.modem.powerKey(false);
  return modem.heard();
}

describe("keys", () => {
  test("PWRKEY switches on after 500 ms, off after 650 ms, once for each press", () => {
    const modem = new Dialogue({ start: "off" });
    assert.equal(modem.modem.status, false);
    press(modem, 499);
    assert.equal(modem.modem.status, false);
    press(modem, 1500);
    assert.equal(modem.modem.status, true);
    assert.equal(modem.wait(2500), RDY);
    assert.equal(press(modem, 649), "");
    assert.equal(press(modem, 5000), "\r\nNORMAL POWER DOWN\r\n");
    assert.equal(modem.modem.status, false);
    assert.equal(modem.ask("AT", BOOT), "");
  });

  test("RESET_N restarts after 300 ms, when it is let go", () => {
    const modem = running();
    modem.modem.resetPin(true);
    modem.wait(299);
    modem.modem.resetPin(false);
    assert.equal(modem.ask("AT"), OK);
    modem.modem.resetPin(true);
    assert.equal(modem.wait(1000), "");
    modem.modem.resetPin(false);
    assert.equal(modem.wait(3500), RDY);
  });

  test("with PWRKEY tied low it boots with supply, and again after QPOWD", () => {
    const modem = running({ powerKeyTied: true });
    modem.modem.supply(false);
    assert.equal(modem.ask("AT", BOOT), "");
    modem.modem.supply(true);
    assert.equal(modem.wait(3000), RDY);
    modem.ask("ATE0");
    assert.match(modem.ask("AT+QPOWD=1", BOOT), /^\r\nOK\r\n.*\r\nPOWERED DOWN\r\n\r\nRDY\r\n/s);
  });

  test("without it, it stays off", () => {
    const modem = running();
    assert.equal(modem.ask("AT+QPOWD=1", 600), OK);
    assert.equal(modem.wait(BOOT), "\r\nPOWERED DOWN\r\n");
    assert.equal(modem.modem.status, false);
    assert.equal(running().ask("AT+QPOWD=0", BOOT), OK);
  });
});

describe("restarts", () => {
  test("CFUN=1,1: deaf, then RDY with echo on", () => {
    const modem = running();
    assert.equal(modem.ask("AT+CFUN=1,1", 3000), OK);
    assert.equal(modem.ask("AT", 300), "");
    assert.equal(modem.wait(250), RDY);
    assert.equal(modem.ask("AT", 10), `AT\r${OK}`);
  });

  test("BG96 says POWERED DOWN before, and APP RDY after", () => {
    const modem = running({ family: "BG96" });
    const heard = modem.ask("AT+CFUN=1,1", BOOT);
    assert.ok(heard.startsWith(`${OK}\r\nPOWERED DOWN\r\n${RDY}\r\n+CFUN: 1\r\n\r\nAPP RDY\r\n`));
  });

  test("forgets echo, CMEE, QICFG, QSSLCFG, QISDE, sockets; keeps urcport, files, saved rate", () => {
    const { dialogue: modem } = connected({ files: { "ca.pem": "abc" } });
    for (const line of [
      "AT+CMEE=2",
      'AT+QICFG="recvind",1',
      'AT+QSSLCFG="sni",1,1',
      "AT+QISDE=0",
      'AT+QURCCFG="urcport","uart1"',
    ]) {
      assert.equal(modem.ask(line), OK);
    }
    modem.ask("AT+CFUN=1,1", BOOT);
    assert.equal(modem.ask("ATE0"), `ATE0\r${OK}`);
    assert.equal(modem.ask("AT+CMEE?"), info("+CMEE: 1"));
    assert.equal(modem.ask('AT+QICFG="recvind"'), info('+QICFG: "recvind",0'));
    assert.equal(modem.ask('AT+QSSLCFG="sni",1'), info('+QSSLCFG: "sni",1,0'));
    assert.equal(modem.ask("AT+QISDE?"), info("+QISDE: 1"));
    assert.equal(modem.ask("AT+QISTATE?"), OK);
    assert.equal(modem.ask("AT+QIACT?"), OK);
    assert.equal(modem.ask('AT+QURCCFG="urcport"'), info('+QURCCFG: "urcport","uart1"'));
    assert.equal(modem.ask("AT+QFLST"), info('+QFLST: "UFS:ca.pem",3'));
  });

  test("&W keeps the profile", () => {
    const modem = running();
    modem.ask("AT+CMEE=2");
    modem.ask("AT&W");
    modem.ask("AT+CFUN=1,1", BOOT);
    assert.equal(modem.ask("AT+CMEE?"), info("+CMEE: 2"));
  });

  test("CFUN=0 and 1: the card and the network again", () => {
    const { dialogue: modem } = connected();
    assert.match(modem.ask("AT+CFUN=0", 1000), /^\r\nOK\r\n.*\+CPIN: NOT READY\r\n/s);
    assert.equal(modem.ask("AT+QISTATE?"), OK);
    const started = modem.ask("AT+CFUN=1", BOOT);
    assert.match(started, /^\r\nOK\r\n\r\n\+CPIN: READY\r\n\r\n\+QUSIM: 1\r\n/);
    assert.equal(modem.ask("AT+CREG?"), info("+CREG: 0,1"));
  });

  test("during boot the card is missing, then busy, then there", () => {
    const modem = new Dialogue();
    modem.wait(3000);
    modem.ask("ATE0", 10);
    assert.equal(modem.ask("AT+CPIN?"), "\r\n+CME ERROR: 10\r\n");
    modem.wait(800);
    assert.equal(modem.ask("AT+CPIN?"), "\r\n+CME ERROR: 14\r\n");
    modem.wait(800);
    assert.equal(modem.ask("AT+CPIN?"), info("+CPIN: READY"));
  });

  test("lines go to the other port as it comes from the factory, but for RDY", () => {
    const modem = new Dialogue();
    assert.equal(modem.wait(BOOT), RDY);
  });
});

describe("the port", () => {
  /** Bytes in a driven second, and how they are cut. */
  test("paced: 11520 bytes a second, in pieces of at most 64", () => {
    const { dialogue: modem, server } = connected({ paced: true, receiveBuffer: 20_000 });
    for (let turn = 0; turn < 12; turn++) server.send("x".repeat(1500));
    modem.wait(1000);
    const { pieces } = modem;
    const before = pieces.length;
    for (let turn = 0; turn < 12; turn++) modem.modem.receive("AT+QIRD=0,1500\r");
    modem.clock.run(1000);
    const heard = pieces.slice(before);
    const bytes = heard.join("").length;
    assert.ok(bytes > 11_000 && bytes <= 11_520, `${bytes} bytes in a second`);
    assert.ok(heard.every((piece) => piece.length <= 64));
  });

  test("paced: commands take their time too", () => {
    const modem = running({ paced: true });
    const line = `AT+CSQ${" ".repeat(1145)}\r`;
    assert.equal(line.length, 1152);
    // 100 ms for the line, 2 ms for the module.
    assert.equal(modem.send(line, 101), "");
    assert.equal(modem.wait(10), info("+CSQ: 24,99"));
  });

  test("not paced: an answer is one piece", () => {
    const modem = running();
    modem.ask("ATI");
    const whole = info("Quectel", "EC600N", "Revision: EC600NCNLCR03A11M16");
    assert.equal(modem.pieces.at(-1), whole.replace(/\r\n\r\n(?!OK)/g, "\r\n"));
  });

  test("AT+IPR answers at the old rate; at another rate than the host's, nothing can be read", () => {
    const modem = running();
    modem.modem.setHostBaud(115_200);
    assert.equal(modem.ask("AT+IPR=9600"), OK);
    assert.doesNotMatch(modem.ask("AT"), /OK/);
    modem.modem.setHostBaud(9600);
    modem.send("\r");
    assert.equal(modem.ask("AT"), OK);
    modem.modem.restart();
    modem.wait(BOOT);
    modem.modem.setHostBaud(115_200);
    assert.equal(modem.ask("AT"), `AT\r${OK}`, "not saved by &W");
  });

  test("sleep eats the first two bytes after 5 s", () => {
    const modem = running();
    modem.ask("AT+QSCLK=1");
    assert.equal(modem.ask("AT"), OK);
    modem.wait(6000);
    assert.equal(modem.ask("AT"), "");
    assert.equal(modem.ask("AT"), OK);
  });

  test("refuses a family that it does not know", () => {
    assert.throws(() => new Dialogue({ family: "M95" as "BG96" }), /unknown family "M95".*EC600N/);
  });
});

test("the network's loss takes contexts, and says so", () => {
  const modem = online();
  assert.equal(modem.ask("AT+CREG=1"), OK);
  modem.modem.inject("F19.denied", { ms: 20_000 });
  assert.equal(modem.wait(100), '\r\n+CREG: 3\r\n\r\n+QIURC: "pdpdeact",1\r\n');
  assert.equal(modem.ask("AT+QIACT=1", 1000), ERROR);
  assert.equal(modem.wait(30_000), "\r\n+CREG: 2\r\n\r\n+CREG: 1\r\n");
});
