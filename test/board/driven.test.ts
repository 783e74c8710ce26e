/**
 * What Linux can't show: the ESP32's limits, faults and libraries, with a clock driven by hand.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import { DrivenBoard, FileStore } from "../../host/board/index.ts";
import { stringBytes } from "../../host/board/interpreter/bytes.ts";
import type { NetworkDriver } from "../../host/board/interpreter/host.ts";
import type { BoardFile } from "../../host/board/power.ts";

interface Setup {
  board?: BoardFile;
  files?: Record<string, string>;
  network?: NetworkDriver;
  networks?: { ssid: string; password: string }[];
}

function boardWith(boot: string, setup: Setup = {}): DrivenBoard {
  const { board = esp32, files = {}, network, networks = [] } = setup;
  const made = new DrivenBoard({ board, wifi: { networks }, ...(network ? { network } : {}) });
  const store = new FileStore(made.flash, board.machine.flash.storage);
  for (const [name, text] of Object.entries({ ...files, ".boot0": boot }))
    store.write(name, Buffer.from(text, "latin1"));
  return made;
}

/** Lines printed since power-on, without banner, prompts and traces. */
function lines(board: DrivenBoard): string[] {
  return board.output
    .replace(/^[\s\S]*?\(virtual board\)\r\n\r\n/, "")
    .replaceAll("\r\x1b[J", "")
    .split("\r\n")
    .map((line) => line.replace(/^>+/, ""))
    .filter((line) => line !== "" && !line.startsWith("    at "));
}

function runFor(ms: number, boot: string, setup: Setup = {}): string[] {
  const board = boardWith(boot, setup);
  board.powerOn();
  board.run(ms);
  return lines(board);
}

describe("language limits of the ESP32", () => {
  test("texts with \\u escapes are cut to bytes, JSON too", () => {
    assert.deepEqual(
      runFor(
        0,
        'print("\\u4e2d",JSON.parse(\'"\\\\u4e2d"\'),"\\xe4\\xb8\\xad".length,typeof E.asUTF8)',
      ),
      ["- - 3 function"],
    );
    assert.deepEqual(runFor(0, 'try{E.asUTF8("x")}catch(e){print(e.message)}'), [
      "Unicode not supported on this build",
    ]);
  });

  test("calls nest as deep as the stack allows, and no catch sees the end", () => {
    const depth = (define: string) =>
      Number(
        runFor(
          20,
          `var d=0;${define}setTimeout(function(){try{f()}catch(e){print("caught")}finally{print("finally")}},1);setTimeout(function(){print(d)},5)`,
        ).at(-1),
      );
    const plain = depth("function f(){d++;return f()}");
    const nested = depth("function f(){d++;[1].forEach(function(){f()})}");
    assert.ok(plain > 40 && plain < 60, `plain calls: ${plain}`);
    assert.ok(nested > 8 && nested < 20, `calls through forEach: ${nested}`);
    const printed = runFor(
      20,
      'function f(){f()}setTimeout(function(){try{f()}catch(e){print("caught")}finally{print("finally")}},1);setTimeout(function(){print("next")},5)',
    );
    assert.deepEqual(printed, [
      "Execution Interrupted during event processing.",
      "Uncaught Error: Too much recursion - the stack is about to overflow",
      "next",
    ]);
  });

  test("growth without bound ends the callback with the memory flags", () => {
    const printed = runFor(
      50,
      'E.on("errorFlag",function(f){print("flags",f.join())});setTimeout(function(){var a=[];try{for(;;)a.push({x:a.length})}catch(e){print("caught")}},1);setTimeout(function(){print("next",E.getErrorFlags().join())},9)',
    );
    assert.ok(printed.includes("flags LOW_MEMORY,MEMORY"), printed.join("|"));
    assert.ok(printed.includes("next LOW_MEMORY,MEMORY"), printed.join("|"));
    assert.ok(!printed.includes("caught"));
  });

  test("deep JSON from outside kills the board", () => {
    const board = boardWith(
      'print("boot");setTimeout(function(){JSON.parse(new Array(201).join("["))},10)',
    );
    board.powerOn();
    board.run(15);
    assert.equal(board.restarts.length, 1);
    assert.match(board.restarts[0] ?? "", /JSON\.parse/);
    assert.deepEqual(runFor(0, 'try{JSON.parse(new Array(17).join("["))}catch(e){print(e.type)}'), [
      "SyntaxError",
    ]);
  });

  test("a character beyond a byte in data is a fault of the test", () => {
    assert.throws(() => stringBytes("a\u4e2d", false), /character U\+4e2d in a byte string/);
    assert.deepEqual([...stringBytes("a\u4e2d", true)], [97, 228, 184, 173]);
    assert.deepEqual([...stringBytes("\xe4\0", false)], [228, 0]);
  });
});

describe("what is not modelled", () => {
  const calls = [
    'require("heatshrink").compress("x")',
    'require("timer").list()',
    'require("TelnetServer").setOptions({mode:"on"})',
    "dump()",
    "E.dumpStr()",
    "ESP32.lightSleep()",
    'require("Wifi").save()',
    "Serial2.setConsole()",
  ];
  for (const call of calls)
    test(`${call} says so`, () => {
      const name = call.replace(/require\("(\w+)"\)/, "$1").replace(/Serial2/, "Serial");
      assert.deepEqual(runFor(0, `try{${call};print("did nothing")}catch(e){print(e.message)}`), [
        `the virtual board does not model ${name.replace(/\(.*/, "")}`,
      ]);
    });
});

describe("time", () => {
  const blocking = (ms: number, board: () => DrivenBoard): NetworkDriver => ({
    create: () => {
      board().time += ms;
      return { reason: "refused", errno: 111 };
    },
    receive: () => -1,
    send: () => -1,
    close: () => {},
    accept: () => -1,
  });

  test("a connect blocks timers, and intervals catch up after it", () => {
    const script =
      'var n=0;setInterval(function(){n++},100);setTimeout(function(){try{require("net").connect({host:"10.0.0.1",port:1})}catch(e){print(e.message,n)}},1050);setTimeout(function(){print("then",n)},6060)';
    let board: DrivenBoard;
    const made = boardWith(script, { board: linux, network: blocking(5000, () => board) });
    board = made;
    made.powerOn();
    made.run(7000);
    assert.deepEqual(lines(made), [
      "ERROR: Connect failed (err 111)",
      "Unable to create socket 10",
      "then 60",
    ]);
  });

  test("setTime moves the clock and no timer", () => {
    assert.deepEqual(
      runFor(
        3000,
        'setTimeout(function(){print("timer",Math.round(getTime()))},1000);setTime(5000);print(Math.floor(getTime()));setTime(9000)',
      ),
      ["5000", "timer 9001"],
    );
  });

  test("a jump of the clock fires one-shots early and floods intervals", () => {
    const board = boardWith(
      "var n=0;setInterval(function(){n++},100);setTimeout(function(){print('early')},60000);setTimeout(function(){print(n>500)},90000)",
    );
    board.powerOn();
    board.run(1000);
    assert.deepEqual(lines(board), []);
    board.jumpClock(60_000);
    board.run(10);
    assert.deepEqual(lines(board), ["early"]);
    board.run(30_000);
    assert.deepEqual(lines(board), ["early", "true"]);
  });

  test("the watchdog restarts a board whose script does not return", () => {
    const board = boardWith(
      'print("boot");E.enableWatchdog(5);setTimeout(function(){var t=getTime();while(getTime()-t<20);print("survived")},10)',
    );
    board.powerOn();
    board.run(5);
    board.run(6);
    assert.deepEqual(board.restarts, ["watchdog"]);
    assert.ok(!board.output.includes("survived"));
  });

  test("a watchdog that must be kicked bites an idle board", () => {
    const kicked = boardWith(
      "E.enableWatchdog(5,false);setInterval(function(){E.kickWatchdog()},2000)",
    );
    kicked.powerOn();
    kicked.run(20_000);
    assert.deepEqual(kicked.restarts, []);
    const idle = boardWith("E.enableWatchdog(5,false);setInterval(function(){},2000)");
    idle.powerOn();
    idle.run(7_000);
    assert.deepEqual(idle.restarts, ["watchdog"]);
  });

  test("a blocking connect beyond the watchdog's time restarts the board", () => {
    let board: DrivenBoard;
    const made = boardWith(
      'E.enableWatchdog(5);setTimeout(function(){require("Wifi").connect("a",{password:"b"},function(){setTimeout(function(){try{require("net").connect({host:"10.0.0.1",port:1})}catch(e){print(e.message)}},100)})},1)',
      { network: blocking(15_000, () => board), networks: [{ ssid: "a", password: "b" }] },
    );
    board = made;
    made.powerOn();
    made.run(200);
    made.run(1);
    assert.deepEqual(made.restarts, ["watchdog"]);
  });
});

describe("reboots", () => {
  test("E.reboot tells kill listeners, ESP32.reboot does not", () => {
    const script = (how: string) =>
      `print("boot");E.on("kill",function(){print("kill")});if(!require("Storage").read("done")){require("Storage").write("done","1");setTimeout(function(){${how}},5)}`;
    assert.deepEqual(runFor(20, script("E.reboot()")).slice(0, 2), ["boot", "kill"]);
    assert.ok(!runFor(20, script("ESP32.reboot()")).includes("kill"));
  });

  for (const method of ["enableBLE", "enableWifi"])
    test(`ESP32.${method} erases boot code, keeps .boot0 and reboots`, () => {
      const board = boardWith(
        `if(require("Storage").read(".bootcde"))setTimeout(function(){ESP32.${method}(false)},5)`,
        { files: { ".bootcde": "1", ".varimg": "1", data: "kept" } },
      );
      board.powerOn();
      board.run(20);
      assert.equal(board.restarts.length, 1);
      const names = new FileStore(board.flash, esp32.machine.flash.storage).list();
      assert.deepEqual(names.map((file) => file.name).sort(), [".boot0", "data"]);
    });

  test("RAM is lost, the flash is kept", () => {
    const board = boardWith(
      'print(typeof kept,require("Storage").read("n"));kept=1;require("Storage").write("n","1")',
    );
    board.powerOn();
    assert.deepEqual(lines(board), ["undefined undefined"]);
    board.powerOff();
    board.powerOn();
    assert.deepEqual(lines(board), ["undefined 1"]);
  });
});

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
