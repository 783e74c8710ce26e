/**
 * What the catalogue's faults of card, network and sockets look like on the wire.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BOOT, ERROR, info, OK, online, running } from "./dialogue.ts";
import { CSQ, faulty, OPEN, unopened } from "./faulty.ts";

describe("card and network", () => {
  const cards: [name: string, answer: string][] = [
    ["F17.absent", "\r\n+CME ERROR: 10\r\n"],
    ["F17.pin", info("+CPIN: SIM PIN")],
    ["F17.puk", info("+CPIN: SIM PUK")],
    ["F17.failure", "\r\n+CME ERROR: 13\r\n"],
    ["F17.busy", "\r\n+CME ERROR: 14\r\n"],
    ["F17.wrong", "\r\n+CME ERROR: 15\r\n"],
  ];
  for (const [name, answer] of cards) {
    test(name, () => {
      const { modem } = faulty(name);
      assert.match(modem.wait(100), /^\r\n\+CPIN: NOT READY\r\n/);
      assert.equal(modem.ask("AT+CPIN?"), answer);
    });
  }

  test("F17.pin takes its PIN, and wants it again after a restart", () => {
    const modem = running();
    modem.modem.inject("F17.pin", { value: "4321" });
    modem.wait(100);
    assert.match(modem.ask('AT+CPIN="4321"', BOOT), /^\r\nOK\r\n\r\n\+CPIN: READY\r\n/);
    modem.modem.restart();
    modem.wait(BOOT);
    assert.match(modem.ask("AT+CPIN?"), /SIM PIN/);
  });

  test("F18: taken out, put back", () => {
    const modem = online();
    modem.ask("AT+QSIMSTAT=1");
    modem.modem.inject("F18", { ms: 5000 });
    const out = '\r\n+CPIN: NOT READY\r\n\r\n+QSIMSTAT: 1,0\r\n\r\n+QIURC: "pdpdeact",1\r\n';
    assert.equal(modem.wait(100), out);
    assert.equal(modem.ask("AT+QSIMSTAT?"), info("+QSIMSTAT: 1,0"));
    assert.match(modem.wait(5000), /^\r\n\+QSIMSTAT: 1,1\r\n\r\n\+CPIN: READY\r\n/);
    modem.wait(BOOT);
    assert.equal(modem.ask("AT+CREG?"), info("+CREG: 0,1"));
  });

  const stats = { denied: 3, idle: 0, searching: 2, unknown: 4, roaming: 5 };
  for (const [variant, stat] of Object.entries(stats)) {
    test(`F19.${variant}`, () => {
      const modem = running();
      modem.ask("AT+CEREG=1");
      modem.modem.inject(`F19.${variant}`, { ms: 10_000 });
      assert.equal(modem.wait(10), `\r\n+CEREG: ${stat}\r\n`);
      assert.equal(modem.ask("AT+CEREG?"), info(`+CEREG: 1,${stat}`));
      modem.wait(30_000);
      assert.equal(modem.ask("AT+CEREG?"), info("+CEREG: 1,1"));
    });
  }

  test("F19: flapping lines; reads that disagree", () => {
    const modem = online();
    modem.ask("AT+CEREG=1");
    modem.modem.inject("F19.flapping", { ms: 3000 });
    const lines = [2, 1, 2, 1].map((stat) => `\r\n+CEREG: ${stat}\r\n`).join("");
    assert.equal(modem.wait(10_000), lines);
    modem.modem.inject("F19.disagree", { ms: 3000 });
    assert.equal(modem.ask("AT+CEREG?"), info("+CEREG: 1,2"));
    modem.wait(3000);
    assert.equal(modem.ask("AT+CEREG?"), info("+CEREG: 1,1"));
  });

  test("F20: no signal figures", () => {
    const { modem } = faulty("F20", { ms: 1000 });
    assert.equal(modem.ask("AT+CSQ"), info("+CSQ: 99,99"));
    assert.equal(modem.ask("AT+QCSQ"), info('+QCSQ: "NOSERVICE"'));
    modem.wait(1000);
    assert.equal(modem.ask("AT+CSQ"), CSQ);
  });

  test("F22: activation", () => {
    const modem = running();
    const activate = (ms = 500) => modem.ask("AT+QIACT=1", ms);
    for (const [name, code] of [
      ["F22", 561],
      ["F22.apn", 573],
      ["F22.other", 572],
    ] as const) {
      modem.modem.inject(name);
      assert.equal(activate(), ERROR, name);
      assert.match(modem.ask("AT+QIGETERROR"), new RegExp(`: ${code},`), name);
    }
    assert.equal(modem.ask("AT+CGACT=0,9"), OK);
    modem.modem.inject("F22.silent");
    assert.equal(activate(155_000), "");
    assert.equal(modem.wait(10_000), OK);
    modem.modem.inject("F22.empty", { times: 1 });
    assert.equal(modem.ask("AT+QIACT?"), OK);
    assert.equal(modem.ask("AT+QIACT?"), info('+QIACT: 1,1,1,"10.1.2.3"'));
  });

  test("F23: the context goes during an open, and during a send", () => {
    const lost = '\r\n+QIURC: "pdpdeact",1\r\n';
    const modem = unopened("F23.open");
    assert.equal(modem.ask(OPEN, 1000), `${OK}${lost}\r\n+QIOPEN: 0,570\r\n`);
    const { modem: sending } = faulty("F23.send");
    assert.equal(sending.ask("AT+QISEND=0,2"), "\r\n> ");
    assert.equal(sending.send("hi"), ERROR + lost);
  });
});

describe("sockets", () => {
  const result = (text: string) => `\r\n+QIOPEN: ${text}\r\n`;
  const opens: [name: string, answer: string][] = [
    ["F24.error", ERROR],
    ["F24.result", OK + result("0,566")],
    ["F24.550", OK + result("0,550")],
    ["F24.574", OK + result("0,574")],
    ["F24.never", OK],
    ["F24.early", result("0,0") + OK],
    ["F24.other", OK + result("5,0") + result("0,0")],
    ["F24.double", OK + result("0,0") + result("0,0")],
    ["F25", OK + result("0,563")],
    ["F37.degraded", OK + result("0,552")],
  ];
  for (const [name, answer] of opens) {
    test(`${name}, at an open`, () => {
      assert.equal(unopened(name).ask(OPEN, 1000), answer);
    });
  }

  test("F24 with a number; an id stays in use after it", () => {
    const modem = unopened("F24", { value: 569 });
    assert.equal(modem.ask(OPEN, 1000), OK + result("0,569"));
    assert.equal(modem.ask(OPEN, 1000), OK + result("0,563"));
  });

  test("F29: closed: with data kept, with data gone, right after the next data", () => {
    const closed = '\r\n+QIURC: "closed",0\r\n';
    const { modem } = faulty("F29");
    assert.equal(modem.wait(100), closed);
    assert.equal(modem.ask("AT+QIRD=0,9"), "\r\n+QIRD: 5\r\nworld\r\nOK\r\n");
    const { modem: gone } = faulty("F29.discard");
    assert.equal(gone.wait(100), closed);
    assert.equal(gone.ask("AT+QIRD=0,9"), info("+QIRD: 0"));
    const { modem: glued, server } = faulty("F29.glued", undefined, "");
    server.send("x");
    assert.equal(glued.wait(100), `\r\n+QIURC: "recv",0\r\n${closed}`);
  });

  test("F30: lost lines", () => {
    const { modem, server } = faulty("F30", undefined, "");
    server.send("x");
    assert.equal(modem.wait(100), "");
    assert.equal(modem.ask("AT+QIRD=0,9"), "\r\n+QIRD: 1\r\nx\r\nOK\r\n");
    const { modem: closed } = faulty("F30.closed", undefined, "");
    closed.modem.inject("F29");
    assert.equal(closed.wait(100), "");
    assert.match(closed.ask("AT+QISTATE=1,0"), /22742,4,/);
  });

  test("F37: TLS refused; degraded until a restart; files", () => {
    const tls = online();
    tls.network.listen("s.example", 443, () => ({}), { ca: "" });
    tls.modem.inject("F37");
    const open = 'AT+QSSLOPEN=1,1,4,"s.example",443,0';
    assert.equal(tls.ask(open, 2500), `${OK}\r\n+QSSLOPEN: 4,566\r\n`);
    tls.modem.inject("F37.degraded");
    tls.ask("AT+QSSLCLOSE=4");
    assert.equal(tls.ask(open, 2500), `${OK}\r\n+QSSLOPEN: 4,552\r\n`);
    assert.equal(tls.ask("AT+QIACT?"), info('+QIACT: 1,1,1,"10.1.2.3"'));
    assert.equal(tls.ask("AT+QIDEACT=1", 500), ERROR);
    assert.equal(tls.ask("AT+QIACT=1", 500), ERROR);
    tls.modem.restart();
    tls.wait(BOOT);
    tls.ask("ATE0");
    assert.equal(tls.ask("AT+QIACT=1", 500), OK);
    tls.modem.inject("F37.exists");
    assert.equal(tls.ask('AT+QFUPL="a",3'), "\r\n+CME ERROR: 407\r\n");
    tls.modem.inject("F37.short", { value: 2 });
    tls.ask('AT+QFUPL="a",3');
    assert.equal(tls.send("abc", 6000), "\r\n+QFUPL: 1,6300\r\n\r\n+CME ERROR: 421\r\n");
  });

  test("F41: a time server that fails", () => {
    const modem = online();
    for (const code of [565, 569, 550]) {
      modem.modem.inject(`F41.${code}`);
      assert.equal(modem.ask('AT+QNTP=1,"a.example"', 2000), `${OK}\r\n+QNTP: ${code}\r\n`);
    }
  });
});
