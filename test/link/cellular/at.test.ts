import assert from "node:assert/strict";
import test from "node:test";
import {
  ABORTED,
  CME,
  CMS,
  ERROR,
  OK,
  SEND_FAIL,
  TIMEOUT,
  UNKNOWN,
} from "../../../src/link/cellular/at.ts";
import { AtBench } from "./at-bench.ts";

const number = (line: string): number => Number(line.split(" ")[1]) || 0;
const read = (bench: AtBench) => ({
  raw: number,
  onRaw: (bytes: string) => bench.notes.push(`raw ${bytes}`),
});

test("one command in flight, the others by priority, equal ones in order", () => {
  const bench = new AtBench();
  bench.send("AT+A");
  bench.send("AT+B");
  bench.send("AT+C");
  bench.send("AT+D", { priority: 2 });
  bench.send("AT+E", { priority: 1 });
  bench.expect("> AT+A");
  assert.equal(bench.channel.idle, false);
  for (const next of ["D", "E", "B", "C"]) {
    bench.say("OK");
    assert.equal(bench.notes.at(-1), `> AT+${next}`);
  }
  bench.say("OK");
  assert.equal(bench.channel.idle, true);
});

test("F32: each final result ends the command, with its number", () => {
  const finals: [string, number, string][] = [
    ["OK", OK, ""],
    ["ERROR", ERROR, ""],
    ["NO CARRIER", ERROR, "NO CARRIER"],
    ["+CME ERROR: 10", CME + 10, ""],
    ["+CME ERROR:49", CME + 49, ""],
    ["+CME ERROR: 0", CME, ""],
    ["+CMS ERROR: 500", CMS + 500, ""],
    ["+CME ERROR: file already exist", ERROR, "+CME ERROR: file already exist"],
  ];
  for (const [line, result, text] of finals) {
    const bench = new AtBench();
    bench.send("AT+CPIN?");
    bench.say(line);
    bench.expect("> AT+CPIN?", `AT+CPIN?=${result}:${text}`);
  }
});

test("F02 F03: an answer keeps lines of its prefix and shape; others go to the URC table", () => {
  const bench = new AtBench();
  // The answer's second field is a number, a URC's is quoted or absent.
  const accepts = (line: string): boolean => /^\+CEREG: \d,\d/.test(line);
  bench.send("AT+CEREG?", { accepts });
  bench.say("APP RDY", "+CEREG: 2", '+CEREG: 1,"1A2B","01C3D4E5",7');
  bench.say('+CEREG: 2,1,"1A2B","01C3D4E5",7', '+QIURC: "recv",0', "OK");
  bench.expect(
    "> AT+CEREG?",
    "urc +CEREG: 2",
    'urc +CEREG: 1,"1A2B","01C3D4E5",7',
    'urc +QIURC: "recv",0',
    'AT+CEREG?=0:+CEREG: 2,1,"1A2B","01C3D4E5",7',
  );
  assert.equal(bench.channel.counters.noise, 1);
});

test("lines without a prefix go to a command that takes any, known URCs never", () => {
  const bench = new AtBench();
  bench.send("AT+CGSN", { plain: true });
  bench.say("RDY", "860000000000000", "OK");
  bench.expect("> AT+CGSN", "urc RDY", "AT+CGSN=0:860000000000000");
});

test("F34: an answer holds 16 lines, a line 600 characters", () => {
  const bench = new AtBench();
  let seen: string[] = [];
  bench.send("AT+CLAC", { plain: true, done: (_result, lines) => (seen = lines) });
  bench.feed(`\r\n${"x".repeat(5000)}\r\n`);
  for (let n = 0; n < 100; n++) bench.say(`line ${n}`);
  bench.say("OK");
  assert.equal(seen.length, 16);
  assert.equal(seen[0], "x".repeat(600));
});

test("F07: echo is dropped, switched off, and switched off again when it is back", () => {
  const bench = new AtBench();
  bench.send("AT");
  bench.feed("AT\r\r\nOK\r\n");
  bench.send("ATE0");
  bench.feed("ATE0\r\r\nOK\r\n");
  bench.send("AT+CSQ");
  bench.send("AT+CGSN", { plain: true });
  bench.expect("> AT", "AT=0:", "> ATE0", "ATE0=0:", "> AT+CSQ");
  bench.feed("AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  bench.expect("AT+CSQ=0:+CSQ: 24,99", "> ATE0");
  bench.feed("ATE0\r\r\nOK\r\n");
  bench.expect("> AT+CGSN");
  assert.equal(bench.channel.counters.echoes, 4);
});

test("F07: an echoed payload is no answer", () => {
  const bench = new AtBench();
  const payload = 'a\r\nERROR\r\n+QIURC: "closed",0\r\nb';
  bench.send("AT+QISEND=0,34", { payload });
  bench.feed("AT+QISEND=0,34\r\r\n> ");
  bench.notes = [];
  bench.feed(`${payload}\r\nSEND OK\r\n`);
  bench.expect("AT+QISEND=0,34=0:", "> ATE0");
});

for (const prompt of ["\r\n> ", "\r\n>", "\r\n>\r\n", ">", "\x00\xff> ", "\r\nCONNECT\r\n"]) {
  test(`F04 F27: the payload leaves at the prompt ${JSON.stringify(prompt)}`, () => {
    const bench = new AtBench();
    bench.send("AT+QISEND=0,5", { payload: "hello" });
    bench.say('+QIURC: "recv",0');
    bench.expect("> AT+QISEND=0,5", 'urc +QIURC: "recv",0');
    bench.feed(prompt);
    bench.expect("> hello");
    bench.say('+QIURC: "closed",1', "SEND OK");
    bench.expect('urc +QIURC: "closed",1', "AT+QISEND=0,5=0:");
  });
}

test("F26 F28: neither a result nor a prompt is taken where none can be", () => {
  const bench = new AtBench();
  bench.say("OK", "SEND OK", "> ");
  bench.send("AT+CSQ");
  bench.say("SEND OK", "SEND FAIL", ">");
  bench.expect("> AT+CSQ");
  bench.say("OK");
  bench.send("AT+QISEND=0,5", { payload: "hello" });
  bench.say("OK", "SEND OK");
  bench.expect("AT+CSQ=0:", "> AT+QISEND=0,5");
  bench.feed("\r\n> ");
  bench.say("SEND FAIL");
  bench.expect("> hello", `AT+QISEND=0,5=${SEND_FAIL}:`);
});

test("a long payload leaves in pieces, a tick each", () => {
  const bench = new AtBench();
  bench.send('AT+QFUPL="c",2500', { payload: "c".repeat(2500), timeout: 9 });
  bench.feed("\r\nCONNECT\r\n");
  bench.wait(0.3);
  bench.expect('> AT+QFUPL="c",2500', ...[1024, 1024, 452].map((size) => `> ${"c".repeat(size)}`));
  bench.wait(8.8);
  bench.say("+QFUPL: 2500,0", "OK");
  bench.expect('AT+QFUPL="c",2500=0:+QFUPL: 2500,0');
});

test("F05: raw bytes go by count, whatever they look like", () => {
  const bench = new AtBench();
  const data = '\n\r\n> \r\nOK\r\nERROR\r\n+QIURC: "closed",0\r\nRDY\r\n';
  bench.send("AT+QIRD=0,512", read(bench));
  bench.feed(`\r\n+QIRD: ${data.length}\r\n${data}\r\n\r\nOK\r\n`);
  bench.expect("> AT+QIRD=0,512", `raw ${data}`, `AT+QIRD=0,512=0:+QIRD: ${data.length}`);
});

test("F06: pushed bytes in the middle of an answer leave the command alone", () => {
  const bench = new AtBench();
  bench.urc = (line) => Number(/"recv",\d+,(\d+)/.exec(line)?.[1] ?? -1);
  bench.send("AT+CSQ");
  bench.say("+CSQ: 24,99");
  bench.feed('\r\n+QIURC: "recv",0,4\r\nOK\r\n\r\nOK\r\n');
  bench.expect("> AT+CSQ", 'urc +QIURC: "recv",0,4', "pushed OK\r\n", "AT+CSQ=0:+CSQ: 24,99");
});

test("F08 F31: raw bytes that don't come end the command and are counted", () => {
  const bench = new AtBench();
  bench.send("AT+QIRD=0,512", read(bench));
  bench.feed("\r\n+QIRD: 512\r\nabc");
  bench.wait(0.5);
  bench.feed("def");
  bench.expect("> AT+QIRD=0,512", "raw abc", "raw def");
  bench.wait(0.3);
  bench.expect(`AT+QIRD=0,512=${TIMEOUT}:+QIRD: 512`);
  assert.equal(bench.channel.counters.lost, 506);
  bench.wait(0.2);
  bench.expect("> AT");
});

test("F08: pushed bytes that don't come are told", () => {
  const bench = new AtBench();
  bench.urc = () => 400;
  bench.say('+QIURC: "recv",0,400');
  bench.wait(0.7);
  bench.expect('urc +QIURC: "recv",0,400', "short 400");
});

test("F09: after a time-out nothing is sent until the modem answers again", () => {
  const bench = new AtBench();
  bench.send("AT+SLOW", { timeout: 2 });
  bench.send("AT+CSQ");
  bench.wait(1.9);
  bench.expect("> AT+SLOW");
  bench.wait(0.2);
  bench.expect(`AT+SLOW=${TIMEOUT}:`, "> AT");
  // The late answer, then that of AT: neither is the next command's.
  bench.wait(0.3);
  bench.say("+SLOW: 1", "OK");
  bench.wait(0.2);
  bench.say("OK");
  bench.wait(0.2);
  bench.expect("urc +SLOW: 1");
  bench.wait(0.3);
  bench.expect("> AT+CSQ");
  bench.say("+CSQ: 1,99", "OK");
  bench.expect("AT+CSQ=0:+CSQ: 1,99");
  assert.deepEqual(
    { ...bench.channel.counters },
    {
      timeouts: 1,
      resyncs: 1,
      lost: 0,
      noise: 1,
      echoes: 0,
    },
  );
});

test("F09: the raw bytes of a late answer are nobody's", () => {
  const bench = new AtBench();
  bench.send("AT+QIRD=0,512", { ...read(bench), timeout: 1 });
  bench.send("AT+CSQ");
  bench.wait(1.1);
  bench.expect("> AT+QIRD=0,512", `AT+QIRD=0,512=${TIMEOUT}:`, "> AT");
  bench.feed('\r\n+QIRD: 30\r\n\r\nOK\r\n+QIURC: "closed",0\r\n..\r\n\r\nOK\r\n');
  bench.say("OK");
  bench.wait(0.4);
  bench.expect("> AT+CSQ");
});

test("F10: a modem that never answers is dead after nine AT in 40 s, and all commands end", () => {
  const bench = new AtBench();
  bench.send("AT+A");
  bench.send("AT+B");
  bench.wait(5.1);
  bench.expect("> AT+A", `AT+A=${TIMEOUT}:`, "> AT");
  bench.wait(38);
  bench.expect(...Array<string>(8).fill("> AT"));
  bench.wait(2);
  bench.expect(`AT+B=${ABORTED}:`, "dead");
  assert.equal(bench.channel.idle, true);
  bench.wait(60);
  bench.expect();
});

test("F14: an AT of the driver's own is tried as it is, and serves to get into step", () => {
  const bench = new AtBench();
  bench.send("AT", { timeout: 1 });
  bench.wait(1.1);
  bench.send("AT", { timeout: 1 });
  bench.send("ATE0");
  bench.expect("> AT", `AT=${TIMEOUT}:`, "> AT");
  bench.say("RDY", "OK");
  bench.say("OK");
  bench.wait(0.3);
  bench.expect("urc RDY", "AT=0:");
  bench.wait(0.2);
  bench.expect("> ATE0");
});

test("F26: a prompt that never comes: ESC, a pause, and into step", () => {
  const bench = new AtBench();
  bench.send("AT+QISEND=0,5", { payload: "hello", timeout: 10 });
  bench.send("AT+CSQ");
  bench.wait(5.1);
  bench.expect("> AT+QISEND=0,5", "> \x1b", `AT+QISEND=0,5=${TIMEOUT}:`);
  // Late: the payload must not be sent any more, nor AT as a part of it.
  bench.feed("\r\n> ");
  bench.expect("> \x1b");
  bench.wait(0.9);
  bench.expect();
  bench.wait(0.2);
  bench.expect("> AT");
  bench.say("OK");
  bench.wait(0.5);
  bench.expect("> AT+CSQ");
});

test("F28: no result after the payload is told apart from no prompt", () => {
  const bench = new AtBench();
  bench.send("AT+QISEND=0,5", { payload: "hello", timeout: 10 });
  bench.feed("\r\n> ");
  bench.wait(10.1);
  bench.expect("> AT+QISEND=0,5", "> hello", `AT+QISEND=0,5=${UNKNOWN}:`, "> AT");
  bench.say("SEND OK");
  bench.say("OK");
  bench.wait(0.5);
  bench.expect();
  assert.equal(bench.channel.idle, true);
});

test("F16: a command that noise has hit is repeated once", () => {
  const bench = new AtBench();
  bench.send("AT+CSQ");
  bench.send("AT+B");
  bench.say("+CME ERROR: 58");
  bench.wait(0.4);
  bench.expect("> AT+CSQ", "> AT");
  bench.say("OK");
  bench.wait(0.4);
  bench.expect("> AT+CSQ");
  bench.say("+CME ERROR: 58");
  bench.expect(`AT+CSQ=${CME + 58}:`, "> AT+B");
});

test("F11: abort ends everything; old answers can't hit what follows", () => {
  const bench = new AtBench();
  bench.send("AT+A");
  bench.send("AT+B");
  bench.channel.abort(ABORTED);
  bench.expect("> AT+A", `AT+A=${ABORTED}:`, `AT+B=${ABORTED}:`);
  assert.equal(bench.channel.idle, true);
  bench.send("ATE0");
  bench.say("+A: 1", "OK");
  bench.wait(0.3);
  bench.expect("urc +A: 1");
  bench.wait(0.2);
  bench.expect("> AT");
  bench.say("OK");
  bench.wait(0.4);
  bench.expect("> ATE0");
});

test("abort for a fresh modem forgets what was begun", () => {
  const bench = new AtBench();
  bench.send("AT+QIRD=0,512", read(bench));
  bench.feed("\r\n+QIRD: 400\r\nabc");
  bench.channel.abort(ABORTED, true);
  bench.notes = [];
  bench.send("AT");
  bench.say("OK");
  bench.expect("> AT", "AT=0:");
});

test("commands and aborts from within the callbacks", () => {
  const bench = new AtBench();
  bench.urc = (line) => {
    if (line === "RDY") bench.channel.abort(ABORTED, true);
    return 0;
  };
  bench.send("AT+A", {
    done: (result) => {
      bench.notes.push(`A ${result}`);
      bench.send("AT+B");
    },
  });
  bench.feed("\r\nOK\r\n\r\nRDY\r\n");
  bench.expect("> AT+A", "A 0", "> AT+B", `AT+B=${ABORTED}:`, "urc RDY");
});

test("neither a clock that is set nor a busy board times commands out", () => {
  const bench = new AtBench();
  bench.send("AT+A", { timeout: 3 });
  bench.now += 1e9;
  bench.wait(1);
  bench.now -= 1e9;
  bench.wait(1);
  bench.now += 60;
  bench.wait(0.7);
  bench.expect("> AT+A");
  bench.wait(0.3);
  bench.expect(`AT+A=${TIMEOUT}:`, "> AT");
});
