/**
 * Sockets in a network of memory: buffers, counters, modes, and what goes wrong.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connected, ERROR, info, OK, online, running } from "./dialogue.ts";

const RECV = '\r\n+QIURC: "recv",0\r\n';
const CLOSED = '\r\n+QIURC: "closed",0\r\n';
const OPEN = 'AT+QIOPEN=1,0,"TCP","server.example",1883,0,0';
const opened = (error: number, id = 0) => `\r\n+QIOPEN: ${id},${error}\r\n`;
const tcpError = (code: number, text: string) => info(`+QIGETERROR: ${code},${text}`);

describe("opening", () => {
  test("parameters out of range", () => {
    const modem = online();
    for (const line of [
      'AT+QIOPEN=1,12,"TCP","a",1',
      'AT+QIOPEN=99,0,"TCP","a",1',
      'AT+QIOPEN=1,0,"TCP","a",0',
      'AT+QIOPEN=1,0,"TCP","",1',
      'AT+QIOPEN=1,0,"SCTP","a",1',
      'AT+QIOPEN=1,0,"TCP","a",1,0,0,5,60',
      "AT+QIOPEN=1",
    ]) {
      assert.equal(modem.ask(line), ERROR, line);
      assert.equal(modem.ask("AT+QIGETERROR"), tcpError(552, "Invalid parameters"), line);
    }
    assert.equal(modem.ask('AT+QIOPEN=1,0,"TCP LISTENER","127.0.0.1",0,2020,0'), ERROR);
  });

  test("no context", () => {
    const modem = running();
    assert.equal(modem.ask(OPEN), ERROR);
    assert.equal(modem.ask("AT+QIGETERROR"), tcpError(561, "Open PDP context failed"));
  });

  test("no such name, nobody there, no answer; the id stays in use until QICLOSE", () => {
    const modem = online();
    modem.network.hosts["deaf.example"] = "192.0.2.9";
    assert.equal(modem.ask(OPEN, 500), OK + opened(565));
    assert.equal(modem.ask("AT+QIGETERROR"), tcpError(565, "DNS parse failed"));
    assert.equal(modem.ask(OPEN, 500), OK + opened(563));
    assert.equal(modem.ask("AT+QICLOSE=0"), OK);
    const other = OPEN.replace("server", "deaf");
    assert.equal(modem.ask(other, 500), OK + opened(566));
    assert.equal(modem.ask("AT+QICLOSE=0"), OK);
    modem.network.isUp = false;
    assert.equal(modem.ask(other, 74_000), OK);
    assert.equal(modem.wait(2000), opened(569));
  });

  test("a result that comes after QICLOSE is not told", () => {
    const modem = online();
    modem.network.listen("server.example", 1883, () => ({}));
    assert.equal(modem.ask(OPEN, 10), OK);
    assert.equal(modem.ask("AT+QICLOSE=0,0", 1000), OK);
  });

  test("UNISOC takes a connect timeout", () => {
    const modem = online({ family: "EC200U" });
    modem.network.listen("server.example", 1883, () => ({}));
    assert.equal(modem.ask(`${OPEN},5,60`, 500), OK + opened(0));
  });

  test("state", () => {
    const { dialogue: modem } = connected();
    const row = '+QISTATE: 0,"TCP","192.0.2.1",1883,22742,2,1,0,0,"uart1"';
    assert.equal(modem.ask("AT+QISTATE?"), info(row));
    assert.equal(modem.ask("AT+QISTATE=1,0"), info(row));
    assert.equal(modem.ask("AT+QISTATE=0,1"), info(row));
    assert.equal(modem.ask("AT+QISTATE=1,3"), OK);
    assert.equal(modem.ask("AT+QISTATE=1,12"), ERROR);
  });
});

describe("sending", () => {
  test("counters", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask("AT+QISEND=0,3"), "\r\n> ");
    assert.equal(modem.send("a\rb"), "\r\nSEND OK\r\n");
    assert.equal(server.got, "a\rb");
    assert.equal(modem.ask("AT+QISEND=0,0"), info("+QISEND: 3,3,0"));
  });

  test("no length: up to Ctrl-Z, given up by ESC", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask("AT+QISEND=0"), "\r\n> ");
    assert.equal(modem.send("HELLO!\x1a"), "\r\nSEND OK\r\n");
    assert.equal(modem.ask("AT+QISEND=0"), "\r\n> ");
    assert.equal(modem.send("no\x1b"), OK);
    assert.equal(server.got, "HELLO!");
  });

  test("the line feed of a host that ends lines by CR LF is no part of the payload", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.send("AT+QISEND=0,2\r\n"), "\r\n> ");
    assert.equal(modem.send("hi"), "\r\nSEND OK\r\n");
    assert.equal(server.got, "hi");
  });

  test("payload echo only with ATE1 and QISDE=1", () => {
    const { dialogue: modem } = connected();
    modem.ask("ATE1");
    assert.equal(modem.ask("AT+QISEND=0,2"), "AT+QISEND=0,2\r\r\n> ");
    assert.equal(modem.send("hi"), "hi\r\nSEND OK\r\n");
    modem.ask("AT+QISDE=0");
    assert.equal(modem.ask("AT+QISEND=0,2"), "AT+QISEND=0,2\r\r\n> ");
    assert.equal(modem.send("hi"), "\r\nSEND OK\r\n");
  });

  test("a payload that stays away for 5 s ends in ERROR, and nothing is sent", () => {
    const { dialogue: modem, server } = connected();
    modem.ask("AT+QISEND=0,10");
    assert.equal(modem.send("half", 4900), "");
    assert.equal(modem.wait(200), ERROR);
    assert.equal(modem.ask("AT"), OK);
    assert.equal(server.got, "");
  });

  test("refused: not open, too long, closed", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask("AT+QISEND=1,5"), ERROR);
    assert.equal(modem.ask("AT+QISEND=0,1461"), ERROR);
    assert.equal(modem.ask("AT+QISEND=1,0"), ERROR);
    server.close();
    assert.equal(modem.wait(100), CLOSED);
    assert.equal(modem.ask("AT+QISEND=0,5"), ERROR);
    assert.equal(modem.ask("AT+QIGETERROR"), tcpError(567, "Socket has been closed"));
  });

  test("SEND FAIL while the peer takes nothing and the buffer is full", () => {
    const { dialogue: modem, server } = connected({ sendBuffer: 2500 });
    modem.network.isUp = false;
    const send = () => {
      assert.equal(modem.ask("AT+QISEND=0,1000"), "\r\n> ");
      return modem.send("x".repeat(1000));
    };
    assert.equal(send(), "\r\nSEND OK\r\n");
    assert.equal(send(), "\r\nSEND OK\r\n");
    assert.equal(modem.ask("AT+QISEND=0,0"), info("+QISEND: 2000,0,2000"));
    assert.equal(send(), "\r\nSEND FAIL\r\n");
    modem.network.isUp = true;
    modem.wait(100);
    assert.equal(send(), "\r\nSEND OK\r\n");
    assert.equal(server.got.length, 3000);
  });

  test("QISENDEX", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask('AT+QISENDEX=0,"00FF41"'), "\r\nSEND OK\r\n");
    assert.equal(server.got, "\x00\xffA");
    assert.equal(modem.ask('AT+QISENDEX=0,"00F"'), ERROR);
    assert.equal(modem.ask('AT+QISENDEX=5,"00"'), ERROR);
  });
});

describe("receiving", () => {
  test("one recv line until the buffer was read empty", () => {
    const { dialogue: modem, server } = connected();
    server.send("abc");
    assert.equal(modem.wait(100), RECV);
    server.send("defg");
    assert.equal(modem.wait(100), "");
    assert.equal(modem.ask("AT+QIRD=0,0"), info("+QIRD: 7,0,7"));
    assert.equal(modem.ask("AT+QIRD=0,5"), "\r\n+QIRD: 5\r\nabcde\r\nOK\r\n");
    server.send("h");
    assert.equal(modem.wait(100), "");
    assert.equal(modem.ask("AT+QIRD=0"), "\r\n+QIRD: 3\r\nfgh\r\nOK\r\n");
    assert.equal(modem.ask("AT+QIRD=0,0"), info("+QIRD: 8,8,0"));
    server.send("i");
    assert.equal(modem.wait(100), RECV);
    assert.equal(modem.ask("AT+QIRD=0,1501"), ERROR);
    assert.equal(modem.ask("AT+QIRD=4,10"), ERROR);
  });

  test("BG96 puts an empty line between data and OK", () => {
    const { dialogue: modem, server } = connected({ family: "BG96" });
    server.send("Hi!");
    modem.wait(100);
    assert.equal(modem.ask("AT+QIRD=0"), "\r\n+QIRD: 3\r\nHi!\r\n\r\nOK\r\n");
  });

  test("data that came before the end is there after it", () => {
    const { dialogue: modem, server } = connected();
    server.send("last");
    server.close();
    assert.equal(modem.wait(100), RECV + CLOSED);
    assert.equal(modem.ask("AT+QIRD=0,100"), "\r\n+QIRD: 4\r\nlast\r\nOK\r\n");
    assert.equal(modem.ask("AT+QICLOSE=0"), OK);
    assert.equal(modem.ask("AT+QIRD=0,100"), ERROR);
  });

  test("a full buffer makes the peer wait", () => {
    const { dialogue: modem, server } = connected({ receiveBuffer: 1000 });
    for (let turn = 0; turn < 10; turn++) server.send("x".repeat(500));
    modem.wait(1000);
    assert.equal(modem.ask("AT+QIRD=0,0"), info("+QIRD: 1000,0,1000"));
    assert.equal(server.pending(), 4000);
    modem.ask("AT+QIRD=0,700");
    modem.wait(100);
    assert.equal(modem.ask("AT+QIRD=0,0"), info("+QIRD: 2000,700,1300"));
  });

  test("push mode", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask("AT+QISWTMD=0,1"), OK);
    server.send("ab\r\n");
    assert.equal(modem.wait(100), '\r\n+QIURC: "recv",0,4\r\nab\r\n');
    assert.equal(modem.ask("AT+QIRD=0,10"), ERROR);
    assert.equal(modem.ask("AT+QISWTMD=0,3"), ERROR);
  });

  test("transparent mode, left by +++ and entered by ATO", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask("AT+QISWTMD=0,2"), "\r\nCONNECT\r\n");
    modem.send("AT\r");
    assert.equal(server.got, "AT\r");
    server.send("raw");
    assert.equal(modem.wait(2000), "raw");
    assert.equal(modem.send("+++", 1500), OK);
    assert.equal(modem.ask("AT"), OK);
    assert.equal(modem.ask("ATO"), "\r\nCONNECT\r\n");
    server.close();
    assert.equal(modem.wait(100), "\r\nNO CARRIER\r\n");
    assert.equal(modem.ask("ATO"), "\r\nNO CARRIER\r\n");
  });

  test("settings change the forms", () => {
    const { dialogue: modem, server } = connected();
    assert.equal(modem.ask('AT+QICFG="recvind",1'), OK);
    assert.equal(modem.ask('AT+QICFG="dataformat",1,1'), OK);
    server.send("az");
    assert.equal(modem.wait(100), '\r\n+QIURC: "recv",0,2\r\n');
    assert.equal(modem.ask("AT+QIRD=0"), "\r\n+QIRD: 2\r\n617A\r\nOK\r\n");
    assert.equal(modem.ask('AT+QICFG="tcp/keepalive",1,60,25,3'), OK);
    assert.equal(modem.ask('AT+QICFG="tcp/keepalive"'), info('+QICFG: "tcp/keepalive",1,60,25,3'));
    assert.equal(modem.ask('AT+QICFG="tcp/keepalive",1,1801,25,3'), ERROR);
    assert.equal(modem.ask('AT+QICFG="nosuch",1'), ERROR);
    const minutes = running({ family: "BG96" });
    assert.equal(minutes.ask('AT+QICFG="tcp/keepalive",1,180,25,3'), ERROR);
  });
});

describe("contexts under sockets", () => {
  test("pdpdeact ends sockets without a word; QIACT works after QIDEACT only", () => {
    const { dialogue: modem } = connected();
    modem.modem.inject("F23");
    assert.equal(modem.wait(100), '\r\n+QIURC: "pdpdeact",1\r\n');
    assert.equal(modem.ask("AT+QISEND=0,5"), ERROR);
    assert.equal(modem.ask("AT+QIACT=1", 500), ERROR);
    assert.equal(modem.ask("AT+QIDEACT=1", 500), OK);
    assert.equal(modem.ask("AT+QIACT=1", 500), OK);
    assert.equal(modem.ask("AT+QICLOSE=0"), OK);
    assert.equal(modem.ask(OPEN, 500), OK + opened(0));
  });

  test("while QIACT, QIDEACT or QICLOSE runs, nothing is executed", () => {
    const { dialogue: modem } = connected();
    for (const [line, ms] of [
      ["AT+QICLOSE=0", 500],
      ["AT+QIDEACT=1", 300],
      ["AT+QIACT=1", 300],
    ] as const) {
      assert.equal(modem.ask(line, 10), "", line);
      assert.equal(modem.ask("AT", ms - 20), "", line);
      assert.equal(modem.wait(50), OK + OK, line);
    }
  });

  test("drift: QIACT? shows an address, CGACT? another bearer, and opens fail", () => {
    const { dialogue: modem } = connected();
    modem.modem.inject("F22.drift");
    assert.equal(modem.ask("AT+QIACT?"), info('+QIACT: 1,1,1,"10.1.2.3"'));
    assert.equal(modem.ask("AT+CGACT?"), info("+CGACT: 1,0", "+CGACT: 9,1"));
    modem.ask("AT+QICLOSE=0");
    assert.equal(modem.ask(OPEN, 500), OK + opened(559));
    modem.ask("AT+QICLOSE=0");
    assert.equal(modem.ask("AT+QIDEACT=1", 500), OK);
    assert.equal(modem.ask("AT+QIACT=1", 500), ERROR);
    assert.equal(modem.ask("AT+CGACT=0,9"), OK);
    assert.equal(modem.ask("AT+QIACT=1", 500), OK);
    assert.equal(modem.ask(OPEN, 500), OK + opened(0));
  });
});
