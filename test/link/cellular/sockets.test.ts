import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { type Bench, online } from "./scripted-modem.ts";

/** Codes of the interpreter's sockets. */
const CLOSED = -1;
const CONNECTING = -11;

/** Online with one open socket, number 0, and nothing sent yet. */
function open(context: TestContext): Bench {
  const made = online(context);
  assert.equal(made.link.driver.create("host.example", 1883, 0, {}), 0);
  made.until(() => made.modem.count("AT+QIOPEN") === 1);
  made.wait(0.1);
  made.modem.say("+QIOPEN: 0,0");
  made.wait(0.1);
  made.modem.take();
  return made;
}

/** The modem takes the next payload of so many bytes and says this. */
function taking({ modem }: Bench, bytes: number, answer: string[], id = 0): void {
  modem.answers[`AT+QISEND=${id},${bytes}`] = () => {
    setTimeout(() => modem.prompt(bytes, answer), 5);
    return undefined;
  };
}

/** The modem has these pieces to read. */
function holding({ modem }: Bench, ...pieces: string[]): void {
  modem.answers["AT+QIRD=0,512"] = () => {
    const piece = pieces.shift() ?? "";
    return [`\r\n+QIRD: ${piece.length}\r\n${piece}${piece ? "\r\n" : ""}`, "OK"];
  };
}

const recv = ({ link }: Bench) => link.driver.recv(0, 536);

test("a socket opens with the name as it was given, and is connecting until the report", (context) => {
  const made = online(context);
  const { modem, link, wait } = made;
  assert.equal(link.driver.create("host.example", 1883, 0, {}), 0);
  assert.equal(link.driver.create("10.0.0.1", 80, 1, {}), 1);
  wait(0.3);
  assert.deepEqual(modem.take(), [
    // The modem may have been on for longer than the board.
    "AT+QICLOSE=0,0",
    "AT+QICLOSE=1,0",
    'AT+QIOPEN=1,0,"TCP","host.example",1883,0,0',
    'AT+QIOPEN=1,1,"TCP","10.0.0.1",80,0,0',
  ]);
  assert.equal(link.driver.recv(0, 536), CONNECTING);
  assert.equal(link.driver.send(0, "early"), 0);
  modem.say("+QIOPEN: 1,0", "+QIOPEN: 0,0");
  assert.equal(link.driver.recv(0, 536), "");
  assert.equal(link.driver.recv(1, 536), "");
});

test("what can't be opened is refused at once", (context) => {
  const { link } = online(context);
  const { driver } = link;
  assert.equal(driver.create(undefined, 80, 0, {}), -12, "servers");
  assert.equal(driver.create("a.example", 80, 2, {}), -12, "UDP");
  assert.equal(driver.create('a"b', 80, 0, {}), -12, "quotation mark");
  assert.equal(driver.create("a\rATH", 80, 0, {}), -12, "control character");
  driver.opener.prepareTls = undefined;
  assert.equal(driver.create("a.example", 443, 0, { modemTls: true }), -13, "TLS without a set-up");
  for (let id = 0; id < 6; id++) assert.equal(driver.create("a.example", 80, 0, {}), id);
  assert.equal(driver.create("a.example", 80, 0, {}), -7, "the seventh");
  link.down();
  assert.equal(driver.create("a.example", 80, 0, {}), -4, "offline");
});

for (const [code, expected] of [
  [565, -6],
  [566, -4],
  [569, -3],
  [553, -5],
  [550, CLOSED],
] as const) {
  test(`opening fails with ${code}: error ${expected}, and the number is free after the close`, (context) => {
    const made = online(context);
    const { modem, link, wait } = made;
    assert.equal(link.driver.create("a.example", 80, 0, {}), 0);
    wait(0.2);
    modem.say(`+QIOPEN: 0,${code}`);
    assert.equal(recv(made), expected);
    modem.take();
    link.driver.close(0);
    wait(0.2);
    assert.deepEqual(modem.take(), ["AT+QICLOSE=0,0"]);
    assert.equal(link.driver.create("a.example", 80, 0, {}), 0);
  });
}

test("a refused command is explained by QIGETERROR", (context) => {
  const made = online(context);
  made.modem.answers['AT+QIOPEN=1,0,"TCP","a.example",80,0,0'] = ["ERROR"];
  made.modem.answers["AT+QIGETERROR"] = ["+QIGETERROR: 565,DNS parse failed", "OK"];
  made.link.driver.create("a.example", 80, 0, {});
  made.wait(0.3);
  assert.equal(recv(made), -6);
});

test("a number that the modem thinks is used is closed and opened again", (context) => {
  const made = online(context);
  const { modem, link, wait } = made;
  link.driver.create("a.example", 80, 0, {});
  wait(0.2);
  modem.say("+QIOPEN: 0,563");
  wait(0.3);
  assert.deepEqual(modem.take(), [
    "AT+QICLOSE=0,0",
    'AT+QIOPEN=1,0,"TCP","a.example",80,0,0',
    "AT+QICLOSE=0,0",
    'AT+QIOPEN=1,0,"TCP","a.example",80,0,0',
  ]);
  assert.equal(recv(made), CONNECTING);
  modem.say("+QIOPEN: 0,0");
  assert.equal(recv(made), "");
});

test("a lost report of the opening is found by asking; reports for others change nothing", (context) => {
  const made = online(context);
  const { modem, link, wait } = made;
  modem.answers["AT+QISTATE=1,0"] = ["OK"];
  link.driver.create("a.example", 80, 0, {});
  wait(1);
  modem.say("+QIOPEN: 3,0", "+QIOPEN: 7,566", '+QIURC: "closed",4');
  assert.equal(recv(made), CONNECTING);
  modem.answers["AT+QISTATE=1,0"] = ['+QISTATE: 0,"TCP","1.2.3.4",80,22742,2,1,0,0,"usbat"', "OK"];
  wait(10);
  assert.equal(recv(made), "");
});

test("an opening that never ends is given up after 75 s", (context) => {
  const made = online(context);
  const { modem, link, wait } = made;
  modem.answers["AT+QISTATE=1,0"] = ['+QISTATE: 0,"TCP","1.2.3.4",80,22742,1,1,0,0,"uart1"', "OK"];
  link.driver.create("a.example", 80, 0, {});
  wait(74);
  assert.equal(recv(made), CONNECTING);
  wait(2);
  assert.equal(recv(made), -3);
});

test("a send takes one piece at a time, and the next when the modem has it", (context) => {
  const made = open(context);
  const { modem, link, wait } = made;
  taking(made, 5, ["SEND OK"]);
  assert.equal(link.driver.send(0, "hello"), 5);
  assert.equal(link.driver.send(0, "again"), 0);
  wait(0.2);
  assert.deepEqual(modem.take(), ["AT+QISEND=0,5", "hello"]);
  assert.equal(link.driver.send(0, "again"), 5);
});

test("SEND FAIL: the same again after 200 ms", (context) => {
  const made = open(context);
  const { modem, link, wait } = made;
  taking(made, 5, ["SEND FAIL"]);
  link.driver.send(0, "hello");
  wait(0.15);
  assert.deepEqual(modem.take(), ["AT+QISEND=0,5", "hello"]);
  taking(made, 5, ["SEND OK"]);
  wait(0.4);
  assert.deepEqual(modem.take(), ["AT+QISEND=0,5", "hello"]);
  assert.equal(recv(made), "");
});

for (const [name, total, expected] of [
  ["it was taken", 5, "taken"],
  ["it was not", 0, "again"],
  ["the count fits neither", 3, "closed"],
] as const) {
  test(`no word about a send: the modem's count says that ${name}`, (context) => {
    const made = open(context);
    const { modem, link, wait, until } = made;
    taking(made, 5, []);
    modem.answers["AT+QISEND=0,0"] = [`+QISEND: ${total},0,${total}`, "OK"];
    link.driver.send(0, "hello");
    until(() => modem.count("AT+QISEND=0,0") === 1, 20);
    assert.equal(modem.count("hello"), 1, "nothing is sent again before the count");
    taking(made, 5, ["SEND OK"]);
    wait(1);
    assert.equal(modem.count("hello"), expected === "again" ? 2 : 1);
    if (expected === "closed") {
      until(() => recv(made) === CLOSED);
    } else {
      assert.equal(link.driver.send(0, "more"), 4);
    }
  });
}

test("a lost prompt: nothing is sent into the dark, and the send succeeds later", (context) => {
  const made = open(context);
  const { modem, link, until } = made;
  modem.answers["AT+QISEND=0,5"] = undefined;
  modem.answers["AT+QISEND=0,0"] = ["+QISEND: 0,0,0", "OK"];
  link.driver.send(0, "hello");
  until(() => modem.count("AT+QISEND=0,0") === 1, 20);
  assert.equal(modem.count("hello"), 0);
  taking(made, 5, ["SEND OK"]);
  until(() => modem.count("hello") === 1);
  made.wait(0.1);
  assert.equal(link.driver.send(0, "more"), 4);
});

test("reads until the modem has no more, in pieces of 512, and no more than 1,024 ahead", (context) => {
  const made = open(context);
  const { modem, link, wait } = made;
  const data = Array.from({ length: 4 }, (_, i) => `${i}`.repeat(512));
  holding(made, ...data);
  modem.say('+QIURC: "recv",0');
  wait(1);
  assert.deepEqual(modem.take(), ["AT+QIRD=0,512", "AT+QIRD=0,512"]);
  let got = "";
  for (let i = 0; i < 20; i++) {
    const piece = recv(made);
    assert.ok(typeof piece === "string" && piece.length <= 536);
    got += piece;
    wait(0.1);
  }
  assert.equal(got, data.join(""));
  assert.equal(link.driver.recv(0, 536), "");
});

test("data may look like anything that the modem says", (context) => {
  const made = open(context);
  const data = '\r\nOK\r\n\r\n> \r\nERROR\r\nSEND OK\r\n+QIURC: "closed",0\r\n+QIRD: 5\r\n\0\xff';
  holding(made, data);
  made.modem.say('+QIURC: "recv",0');
  made.wait(0.5);
  assert.equal(recv(made), data);
  assert.equal(recv(made), "");
});

test("a report between an empty answer and its end is not lost", (context) => {
  const made = open(context);
  let reads = 0;
  made.modem.answers["AT+QIRD=0,512"] = () => {
    reads++;
    if (reads === 1) return ["+QIRD: 0", '+QIURC: "recv",0', "OK"];
    return reads === 2 ? ["\r\n+QIRD: 4\r\ndata\r\n", "OK"] : ["+QIRD: 0", "OK"];
  };
  made.modem.say('+QIURC: "recv",0');
  made.wait(0.5);
  assert.equal(recv(made), "data");
});

test("a lost report of data is made up for by looking", (context) => {
  const made = open(context);
  made.modem.answers["AT+QIRD=0,0"] = ["+QIRD: 4,0,4", "OK"];
  holding(made, "data");
  made.until(() => recv(made) === "data", 6);
});

test("the peer's close: the data first, then the end, then the number is free", (context) => {
  const made = open(context);
  const { modem, link, wait } = made;
  holding(made, "last words");
  modem.say('+QIURC: "recv",0', '+QIURC: "closed",0');
  assert.equal(recv(made), "", "there may be data");
  wait(0.3);
  assert.equal(recv(made), "last words");
  assert.equal(recv(made), CLOSED);
  modem.take();
  link.driver.close(0);
  wait(0.2);
  assert.deepEqual(modem.take(), ["AT+QICLOSE=0,0"]);
  assert.equal(link.driver.create("a.example", 80, 0, {}), 0);
});

test("a modem that forgets the data at the close: the end at once", (context) => {
  const made = open(context);
  made.modem.answers["AT+QIRD=0,512"] = ["ERROR"];
  made.modem.say('+QIURC: "closed",0');
  made.wait(0.3);
  assert.equal(recv(made), CLOSED);
});

test("a close waits for what was accepted, and a reused number begins anew", (context) => {
  const made = open(context);
  const { modem, link, wait } = made;
  taking(made, 5, ["SEND OK"]);
  link.driver.send(0, "hello");
  link.driver.close(0);
  assert.equal(link.driver.recv(0, 536), CLOSED);
  assert.equal(link.driver.create("a.example", 80, 0, {}), 1, "0 is not free yet");
  wait(0.5);
  const sent = modem.take();
  const close = sent.indexOf("AT+QICLOSE=0,0");
  assert.ok(sent.indexOf("hello") >= 0 && sent.indexOf("hello") < close, `${sent}`);
  assert.equal(link.driver.create("a.example", 80, 0, {}), 0);
});

test("a read that came short closes the stream instead of leaving a hole", (context) => {
  const made = open(context);
  const { modem, until } = made;
  let first = true;
  modem.answers["AT+QIRD=0,512"] = () => {
    if (!first) return ["+QIRD: 0", "OK"];
    first = false;
    return ["\r\n+QIRD: 40\r\nonly this came"];
  };
  modem.answers["AT+QIRD=0,0"] = ["+QIRD: 40,40,0", "OK"];
  modem.say('+QIURC: "recv",0');
  until(() => recv(made) === CLOSED, 20);
});

test("a read whose OK alone was lost is kept", (context) => {
  const made = open(context);
  const { modem, until } = made;
  const pieces = ["\r\n+QIRD: 4\r\ndata"];
  modem.answers["AT+QIRD=0,512"] = () => [pieces.shift() ?? "\r\n+QIRD: 0\r\n\r\nOK\r\n"];
  modem.answers["AT+QIRD=0,0"] = ["+QIRD: 4,4,0", "OK"];
  modem.say('+QIURC: "recv",0');
  until(() => recv(made) === "data", 20);
  assert.equal(recv(made), "");
});

for (const lost of [1, 2, 3]) {
  test(`${lost} bytes lost in the data of a read: never handed up`, (context) => {
    const made = open(context);
    const { modem, until } = made;
    holding(made, "first");
    modem.say('+QIURC: "recv",0');
    until(() => recv(made) === "first");
    const data = "abcdefghij".slice(lost);
    let sent = false;
    modem.answers["AT+QIRD=0,512"] = () => {
      if (sent) return ["+QIRD: 0", "OK"];
      sent = true;
      return [`\r\n+QIRD: 10\r\n${data}\r\n`, "OK"];
    };
    modem.answers["AT+QIRD=0,0"] = ["+QIRD: 15,15,0", "OK"];
    modem.say('+QIURC: "recv",0');
    let got: string | number = "";
    until(() => {
      got = recv(made);
      return got !== "";
    }, 20);
    assert.equal(got, CLOSED);
  });
}

test("the context's end takes all sockets along; later reports of theirs are not heard", (context) => {
  const made = open(context);
  const { modem, link, changes, until, wait } = made;
  modem.say('+QIURC: "pdpdeact",1');
  wait(0.2);
  assert.equal(recv(made), CLOSED);
  link.driver.close(0);
  until(() => link.isUp);
  assert.deepEqual(changes, [true, false, true]);
  assert.equal(modem.count("AT+QIDEACT=1"), 1);
  assert.equal(link.driver.create("a.example", 80, 0, {}), 0);
  modem.say('+QIURC: "closed",0', '+QIURC: "recv",0');
  wait(0.2);
  assert.equal(recv(made), CONNECTING);
});

test("a socket that the modem may have kept is closed before its number is used again", (context) => {
  const made = open(context);
  const { modem, link, until, wait } = made;
  // The modem does not give up the context, so it keeps the socket, and would say so when asked.
  modem.answers["AT+QIDEACT=1"] = ["ERROR"];
  modem.say('+QIURC: "pdpdeact",1');
  wait(0.2);
  link.driver.close(0);
  until(() => link.isUp);
  modem.take();
  link.driver.create("a.example", 80, 0, {});
  modem.say("+QIOPEN: 0,0");
  assert.equal(recv(made), CONNECTING, "a report about the old one");
  wait(0.2);
  assert.deepEqual(
    modem.take().filter((one) => /QIOPEN|QICLOSE/.test(one)),
    ["AT+QICLOSE=0,0", 'AT+QIOPEN=1,0,"TCP","a.example",80,0,0'],
  );
});

test("while receiving is held, nothing is read", (context) => {
  const made = open(context);
  const { modem, link, wait } = made;
  holding(made, "data");
  link.driver.hold();
  modem.say('+QIURC: "recv",0');
  wait(2);
  assert.equal(modem.count("AT+QIRD"), 0);
  link.driver.release();
  wait(0.2);
  assert.equal(recv(made), "data");
});
