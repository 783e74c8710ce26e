/**
 * The ESP32's console, Wi-Fi and serial ports, with a clock driven by hand.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import type { NetworkDriver } from "../../host/board/interpreter/host.ts";
import type { BoardFile } from "../../host/board/power.ts";
import { boardWith, lines, runFor } from "./driven.ts";

describe("the console", () => {
  const typed = (text: string, boot = "0") => {
    const board = boardWith(boot);
    board.powerOn();
    board.run(1);
    board.output = "";
    board.type(text);
    board.run(10);
    return board.output;
  };

  test("echoes, answers and prompts", () => {
    assert.equal(typed("1+1\n"), "1+1\r\n=2\r\n>");
    assert.equal(typed('({a:1,b:"x"})\n'), '({a:1,b:"x"})\r\n={ a: 1, \r\n  b: "x"\r\n }\r\n>');
    assert.equal(typed("var a=5\n"), "var a=5\r\n=5\r\n>");
    assert.equal(
      typed("if(1){\nprint(2)\n}\n"),
      "if(1){\r\n:print(2)\r\n:}\r\n2\r\n=undefined\r\n>",
    );
    assert.match(
      typed("nothere\n"),
      /^nothere\r\nUncaught ReferenceError: "nothere" is not defined\r\n/,
    );
  });

  test("keeps a line to itself after DLE, and with echo off", () => {
    assert.equal(typed('\x10print("quiet")\n'), "quiet\r\n>");
    assert.equal(typed("\x101+1\n"), "");
    assert.equal(typed("echo(0)\n1+2\nprint(7)\n").replace(/^.*echo\(0\)\r\n/, ""), "7\r\n");
  });

  test("Ctrl-C clears the line, or ends what runs", () => {
    assert.equal(typed("abc\x031+1\n").endsWith("=2\r\n>"), true);
    const board = boardWith(
      'setTimeout(function(){try{for(;;);}catch(e){print("caught")}},5);setTimeout(function(){print("next")},9)',
    );
    board.powerOn();
    board.interrupt();
    board.run(20);
    assert.deepEqual(lines(board), ["Execution Interrupted during event processing.", "next"]);
  });

  test("an interval that is interrupted is removed", () => {
    const board = boardWith(
      "var n=0;setInterval(function(){n++;for(;;);},5);setTimeout(function(){print(n)},50)",
    );
    board.powerOn();
    board.interrupt();
    board.run(100);
    assert.match(board.output, /Ctrl-C while processing interval - removing it/);
    assert.equal(lines(board).at(-1), "1");
  });

  test("goes silent with E.setConsole(null)", () => {
    const board = boardWith("E.setConsole(null);print('not seen')");
    board.powerOn();
    assert.deepEqual(lines(board), ["-> null"]);
  });
});

describe("Wi-Fi", () => {
  const home = { ssid: "home", password: "secret" };
  const script =
    'var w=require("Wifi");["sta_start","associated","connected","disconnected"].forEach(function(n){w.on(n,function(d){print(n,d.ip||d.ssid||"",d.msg||"")})});';

  test("connects: events, callback, status, address", () => {
    const printed = runFor(
      50,
      `${script}w.connect("home",{password:"secret"},function(e){print("done",e);print(w.getStatus().station,w.getStatus().ssid,w.getIP().ip);w.getIP(function(e,i){print(e,i.ip)})})`,
      { networks: [home] },
    );
    assert.deepEqual(printed, [
      "sta_start  ",
      "associated home ",
      "connected 192.168.4.2 ",
      "done null",
      "connected home 192.168.4.2",
      "null 192.168.4.2",
    ]);
  });

  test("gives up after three tries, with the reason", () => {
    const wrong = runFor(
      50,
      `${script}w.connect("home",{password:"no"},function(e){print("done",e)})`,
      { networks: [home] },
    );
    assert.deepEqual(wrong.slice(1), [
      ...Array(3).fill("disconnected home 4WAY_HANDSHAKE_TIMEOUT"),
      "done 4WAY_HANDSHAKE_TIMEOUT",
    ]);
    const absent = runFor(
      50,
      `${script}w.connect("other",{password:"x"},function(e){print("done",e)})`,
    );
    assert.equal(absent.at(-1), "done NO_AP_FOUND");
  });

  test("the callback may never come", () => {
    const board = boardWith(
      `${script}w.connect("home",{password:"secret"},function(e){print("done",e)})`,
    );
    board.wifi = { networks: [home], fault: "never-calls-back" };
    board.powerOn();
    board.run(60_000);
    assert.deepEqual(lines(board), ["sta_start  "]);
  });

  test("after a lost link two silent re-tries are left, then it stays off", () => {
    const board = boardWith(
      `${script}w.connect("home",{password:"secret"},function(e){print("done",e)})`,
      { networks: [home] },
    );
    board.powerOn();
    board.run(50);
    board.output = "";
    board.wifi = { networks: [] };
    board.run(50);
    board.wifi = { networks: [home] };
    board.run(5000);
    assert.deepEqual(lines(board), ["disconnected home NO_AP_FOUND"]);
    board.type('\x10w.connect("home",{password:"secret"},function(e){print("again",e)})\n');
    board.run(50);
    assert.equal(lines(board).at(-1), "again null");
  });

  test("sockets need it, and die silently with it", () => {
    const seen: string[] = [];
    const network: NetworkDriver = {
      create: () => 1,
      receive: () => "",
      send: (_id, bytes) => {
        seen.push(bytes);
        return bytes.length;
      },
      close: () => {},
      accept: () => -1,
    };
    const board = boardWith(
      `${script}var n=require("net"),s;try{n.connect({host:"10.0.0.1",port:1})}catch(e){print(e.message)}w.connect("home",{password:"secret"},function(){s=n.connect({host:"10.0.0.1",port:1},function(){s.write("one")});s.on("close",function(){print("close")})})`,
      { network, networks: [home] },
    );
    board.powerOn();
    board.run(50);
    board.wifi = { networks: [] };
    board.run(50);
    board.type('\x10s.write("two")\n');
    board.run(50);
    assert.deepEqual(seen, ["one"]);
    assert.ok(board.output.includes("Unable to create socket"));
    assert.ok(!lines(board).includes("close"));
  });
});

describe("serial ports", () => {
  const listen = (board: BoardFile) => {
    const made = boardWith(
      'var sizes=[],all="";Serial2.setup(115200,{tx:17,rx:16});Serial2.on("data",function(d){sizes.push(d.length);all+=d})',
      { board },
    );
    made.powerOn();
    return made;
  };

  test("data arrives whole, in pieces of 1 to 64 bytes", () => {
    const board = listen(esp32);
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)).repeat(4);
    board.receiveSerial("Serial2", bytes);
    board.run(10);
    board.type(
      "\x10print(all.length,Math.max.apply(null,sizes)<=64,sizes.length>16,E.CRC32(all))\n",
    );
    board.run(1);
    assert.match(lines(board).at(-1) ?? "", /^1024 true true \d+$/);
  });

  test("what is not read in time is lost, with a flag", () => {
    const board = listen(esp32);
    board.receiveSerial("Serial2", "x".repeat(8000));
    board.run(10);
    board.type("\x10print(all.length<=5120,E.getErrorFlags().join())\n");
    board.run(1);
    assert.equal(lines(board).at(-1), "true UART_OVERFLOW");
  });

  test("release 2v29 loses what queues behind 64 bytes", () => {
    const old: BoardFile = {
      device: esp32.device,
      machine: { ...esp32.machine, interpreter: { board: "ESP32", version: "2v29" } },
    };
    const board = listen(old);
    board.receiveSerial("Serial2", "y".repeat(4000));
    board.run(10);
    board.type("\x10print(all.length<4000)\n");
    board.run(1);
    assert.equal(lines(board).at(-1), "true");
  });
});
