/**
 * What the catalogue's faults of framing and single answers look like on the wire.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ERROR, info, OK, running } from "./dialogue.ts";
import { CSQ, faulty, SENT, STRAY } from "./faulty.ts";

describe("framing", () => {
  const cuts: [name: string, pieces: string[]][] = [
    ["F01.bytes", [...OK]],
    ["F01.pairs", ["\r\n", "OK", "\r\n"]],
    ["F01.lines", ["\r", "\nOK\r", "\n"]],
  ];
  for (const [name, pieces] of cuts) {
    test(`${name} cuts, for a while`, () => {
      const { modem } = faulty(name, { ms: 1000 });
      const before = modem.pieces.length;
      modem.ask("AT");
      assert.deepEqual(modem.pieces.slice(before), pieces);
      modem.wait(1000);
      modem.ask("AT");
      assert.equal(modem.pieces.at(-1), OK);
    });
  }

  test("F01.prefix and F01.random cut, and lose nothing", () => {
    for (const name of ["F01.prefix", "F01.random"]) {
      const { modem } = faulty(name);
      const before = modem.pieces.length;
      assert.equal(modem.ask("AT+CSQ"), CSQ, name);
      assert.ok(modem.pieces.length > before + 1, name);
    }
  });

  test("F01.merged keeps back and sends in one piece", () => {
    const { modem } = faulty("F01.merged", { ms: 500 });
    const before = modem.pieces.length;
    assert.equal(modem.ask("AT"), "");
    modem.ask("AT+CSQ", 500);
    assert.deepEqual(modem.pieces.slice(before), [OK + CSQ]);
  });

  const answers: [name: string, line: string, answer: string, again: string][] = [
    ["F02.inside", "AT+CSQ", `\r\n+CSQ: 24,99\r\n${STRAY}${OK}`, CSQ],
    ["F02.before", "AT+CSQ", STRAY + CSQ, CSQ],
    ["F02.data", "AT+QIRD=0,3", `\r\n+QIRD: 3\r\nwor${STRAY}${OK}`, "\r\n+QIRD: 2\r\nld\r\nOK\r\n"],
    ["F03", "AT+CREG?", `\r\n+CREG: 1\r\n${info("+CREG: 0,1")}`, info("+CREG: 0,1")],
    ["F03.after", "AT+CEREG?", info("+CEREG: 0,1", "+CEREG: 1"), info("+CEREG: 0,1")],
    ["F03.other", "AT+CPIN?", info("+CPIN: READY", "+CPIN: READY"), info("+CPIN: READY")],
    ["F06", "AT+CSQ", '\r\n+CSQ: 24,99\r\n\r\n+QIURC: "recv",0,3\r\nabc\r\nOK\r\n', CSQ],
    ["F08.result", "AT", "\r\n\r\n", OK],
    ["F08.header", "AT+QIRD=0,2", "\r\n+Q: 2\r\nwo\r\nOK\r\n", "\r\n+QIRD: 2\r\nrl\r\nOK\r\n"],
    ["F09", "AT+CSQ", "", CSQ],
    ["F10.command", "AT+CSQ", "", CSQ],
    ["F10.answer", "AT+CSQ", "", CSQ],
    ["F16", "AT+CSQ", ERROR, CSQ],
    ["F16.58", "AT+CSQ", "\r\n+CME ERROR: 58\r\n", CSQ],
    ["F16.100", "AT+CSQ", "\r\n+CME ERROR: 100\r\n", CSQ],
    ["F21.none", "AT+COPS?", info("+COPS: 0"), info('+COPS: 0,0,"CHINA MOBILE",7')],
    ["F21.busy", "AT+COPS?", "\r\n+CME ERROR: 515\r\n", info('+COPS: 0,0,"CHINA MOBILE",7')],
    ["F31.more", "AT+QIRD=0,2", "\r\n+QIRD: 9\r\nwo\r\nOK\r\n", "\r\n+QIRD: 2\r\nrl\r\nOK\r\n"],
    [
      "F31.garbage",
      "AT+QIRD=0,2",
      "\r\n+QIRD: 2x\x80\r\nwo\r\nOK\r\n",
      "\r\n+QIRD: 2\r\nrl\r\nOK\r\n",
    ],
    ["F31.result", "AT+QIRD=0,2", "\r\n+QIRD: 2\r\nwo", "\r\n+QIRD: 2\r\nrl\r\nOK\r\n"],
    ["F32", "AT+CSQ?", "\r\n+CME ERROR:3\r\n", "\r\n+CME ERROR: 3\r\n"],
    ["F32.text", "AT+CSQ?", "\r\n+CME ERROR: operation not allowed\r\n", "\r\n+CME ERROR: 3\r\n"],
    ["F33.spaces", "AT+CSQ", info("+CSQ:  24, 99"), CSQ],
    ["F33.quoted", "AT+CSQ", info('+CSQ: "24","99"'), CSQ],
    ["F33.missing", "AT+CSQ", info("+CSQ: 24"), CSQ],
    [
      "F33.iccid",
      "AT+QCCID",
      info("+QCCID: 8986000000000000000F"),
      info("+QCCID: 89860000000000000000"),
    ],
    ["F35", "AT+CSQ", "\r\n+CSQ: 24,99\r\nOK\r\n", CSQ],
    ["F40.eaten", "AT+CSQ", "", CSQ],
    [
      "F41.clock",
      "AT+CCLK?",
      info('+CCLK: "80/01/06,00:00:10+00"'),
      info('+CCLK: "80/01/06,00:00:01+32"'),
    ],
    ["F41.network", "AT+QLTS=1", info('+QLTS: ""'), info('+QLTS: "2026/01/01,00:00:01+32,0"')],
  ];
  for (const [name, line, answer, again] of answers) {
    test(`${name}, once`, () => {
      const when = { times: 1, ...(name === "F06" ? { value: "abc" } : {}) };
      const { modem } = faulty(name, when);
      assert.equal(modem.ask(line), answer);
      modem.wait(name === "F09" ? 8000 : 0);
      assert.equal(modem.ask(line), again);
    });
  }

  test("F04: recv and closed around a send", () => {
    const before = faulty("F04.prompt").modem;
    assert.equal(before.ask("AT+QISEND=0,2"), '\r\n+QIURC: "recv",0\r\n\r\n> ');
    const after = faulty("F04.payload").modem;
    after.ask("AT+QISEND=0,2");
    assert.equal(after.send("hi"), `\r\n+QIURC: "recv",0\r\n${SENT}`);
    const closed = faulty("F04.closed").modem;
    closed.ask("AT+QISEND=0,2");
    assert.equal(closed.send("hi"), `\r\n+QIURC: "closed",0\r\n${SENT}`);
    assert.equal(closed.ask("AT+QISEND=0,2"), ERROR);
  });

  test("F05: data that looks like lines", () => {
    const { modem } = faulty("F05", undefined, "");
    assert.equal(modem.heard(), "");
    modem.wait(10);
    const answer = modem.ask("AT+QIRD=0,1500");
    assert.match(answer, /QIRD: \d+\r\n\r\n> \r\nSEND OK\r\n/);
    assert.ok(answer.endsWith(`\x1a\x1b${OK}`));
  });

  test("F07: echo again, of payloads too", () => {
    const { modem } = faulty("F07");
    assert.equal(modem.ask("AT"), `AT\r${OK}`);
    const payload = faulty("F07.payload").modem;
    payload.ask("AT+QISEND=0,2");
    assert.equal(payload.send("hi"), `hi${SENT}`);
  });

  test("F08: lost bytes in data, and anywhere", () => {
    const { modem } = faulty("F08.data", { value: 2 });
    const answer = modem.ask("AT+QIRD=0,5");
    assert.ok(answer.startsWith("\r\n+QIRD: 5\r\n") && answer.endsWith(OK));
    assert.equal(answer.length, "\r\n+QIRD: 5\r\nworld\r\nOK\r\n".length - 2);
    assert.equal(modem.ask("AT+QIRD=0,0"), info("+QIRD: 5,5,0"));
    assert.equal(
      faulty("F08.any", { value: 1 }).modem.ask("ATI").length,
      running().ask("ATI").length - 1,
    );
  });

  test("F27: forms of the prompt", () => {
    const forms = { bare: "\r\n>", space: "\r\n> ", lines: "\r\n>\r\n", alone: ">" };
    for (const [form, prompt] of Object.entries(forms)) {
      assert.equal(faulty(`F27.${form}`).modem.ask("AT+QISEND=0,2"), prompt);
    }
  });

  test("F32.number: CMEE=2 is ignored", () => {
    const { modem } = faulty("F32.number", { times: 1 });
    modem.ask("AT+CMEE=2");
    assert.equal(modem.ask("AT+CSQ?"), "\r\n+CME ERROR: 3\r\n");
  });

  test("F34: a kilobyte more", () => {
    const { modem } = faulty("F34");
    const answer = modem.ask("AT+CSQ");
    assert.ok(answer.startsWith("\r\n+CSQ: 24,99\r\n") && answer.endsWith(OK));
    assert.ok(answer.length > 1024);
  });

  test("F35.always", () => {
    const { modem } = faulty("F35.always");
    for (let turn = 0; turn < 30; turn++) {
      assert.equal(modem.ask("AT+CSQ"), "\r\n+CSQ: 24,99\r\nOK\r\n");
    }
  });
});
