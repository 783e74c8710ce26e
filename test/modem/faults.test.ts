/**
 * What each fault of the catalogue looks like on the wire.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FaultWhen, faultKinds, faultsOf } from "../../host/modem/index.ts";
import { BOOT, connected, Dialogue, ERROR, info, OK, online, running } from "./dialogue.ts";

const CSQ = info("+CSQ: 24,99");
const STRAY = '\r\n+QIND: "csq",23,99\r\n';
const SENT = "\r\nSEND OK\r\n";
const OPEN = 'AT+QIOPEN=1,0,"TCP","server.example",1883,0,0';

/** A module with a socket, some data to read, and a fault. */
function faulty(name: string, when?: FaultWhen, data = "world") {
  const { dialogue: modem, server } = connected();
  if (data) server.send(data);
  modem.wait(100);
  modem.modem.inject(name, when);
  return { modem, server };
}

/** The same with a context only; the server is there. */
function unopened(name: string, when?: FaultWhen) {
  const modem = online();
  modem.network.listen("server.example", 1883, () => ({}));
  modem.modem.inject(name, when);
  return modem;
}

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
