/**
 * The virtual board in its thread: power, isolation, sockets of real peers.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import { printed, serve, start } from "./started.ts";

describe("power", () => {
  test("switching off ends an endless loop at once, and RAM is gone", async () => {
    const board = await start(
      "print('boot',typeof x);x=1;setTimeout(function(){print('busy');for(;;);},5)",
    );
    await printed(board, /busy/);
    await board.powerOff();
    assert.equal(board.isOn, false);
    board.heard = "";
    await board.powerOn();
    await printed(board, /boot undefined/);
  });

  test("even code that no check reaches", async () => {
    const board = await start(
      "setTimeout(function(){print('busy');/(a*)*b/.test(new Array(60).join('a'))},5)",
    );
    await printed(board, /busy/);
    await board.powerOff();
    await board.powerOn();
    assert.equal(await board.evaluate("1"), "1");
  });

  test("Ctrl-C ends an endless loop", async () => {
    const board = await start("setTimeout(function(){print('busy');for(;;);},5)");
    await printed(board, /busy/);
    board.type("\x03");
    await printed(board, /Execution Interrupted during event processing\./);
    assert.equal(await board.evaluate("6*7"), "42");
  });

  test("endless printing does not fill the memory of the host", async () => {
    const board = await start("setTimeout(function(){for(;;)print('endless')},5)");
    await printed(board, /(endless\r\n){100}/);
    await board.powerOff();
    assert.equal(board.isOn, false);
  });

  test("evaluating needs a board that is on", async () => {
    const board = await start("");
    await board.powerOff();
    await assert.rejects(board.evaluate("1"), /the board is off/);
  });
});

describe("a thread that another board had", () => {
  test("knows nothing of that board", async () => {
    const first = await start("x=1;setInterval(function(){print('first')},1)");
    await printed(first, /first/);
    await first.close();
    first.heard = "";
    const second = await start("print('second',typeof x)");
    await printed(second, /second undefined/);
    assert.equal(await second.evaluate("1"), "1");
    assert.equal(first.heard, "");
    assert.doesNotMatch(second.heard, /first/);
  });

  test("is not one that still runs a script", async () => {
    const first = await start(
      "setTimeout(function(){print('busy');/(a*)*b/.test(new Array(60).join('a'))},5)",
    );
    await printed(first, /busy/);
    await Promise.all([first.powerOff(), first.close()]);
    const second = await start("");
    assert.equal(await second.evaluate("1"), "1");
  });
});

describe("isolation", () => {
  test("nothing of Node is in reach", async () => {
    const board = await start("");
    for (const expression of [
      'typeof process.binding+typeof process.mainModule+typeof globalThis.Buffer+require("Storage").write.constructor("return typeof Buffer")()',
      'print.constructor("return typeof Buffer")()+setTimeout.constructor("return typeof WebAssembly")()',
      '(function(){try{null.x}catch(e){return e.constructor.constructor("return typeof Buffer")()}})()',
      'require("Storage").list().constructor.constructor("return typeof Buffer")()',
      'E.toUint8Array("x").constructor.constructor("return typeof fetch")()',
      '(function(){try{require("fs").readFileSync("/etc/passwd");return "read"}catch(e){return "undefined"}})()',
    ])
      assert.match(await board.evaluate(expression), /^(undefined)+$/, expression);
  });
});

describe("sockets", () => {
  test("a reset by the peer looks like an end", async () => {
    const port = await serve((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    const board = await start(
      `var s=require("net").connect({host:"127.0.0.1",port:${port}},function(){s.write("x")});["end","error"].forEach(function(n){s.on(n,function(e){print(n)})});s.on("close",function(b){print("closed",b)})`,
    );
    assert.equal(await printed(board, /end\r\n.*closed \w+/s), "end\r\nclosed false");
  });

  test("unsent data at the end is error -8 and a close with an error", async () => {
    let peer: Socket | undefined;
    const port = await serve((socket) => {
      socket.pause();
      peer = socket;
    });
    const board = await start(
      `var s=require("net").connect({host:"127.0.0.1",port:${port}},function(){s.write(new Array(8000000).join("x"));print("queued")});s.on("error",function(e){print("error",e.code,e.message)});s.on("close",function(b){print("closed",b)})`,
    );
    await printed(board, /queued/);
    peer?.resetAndDestroy();
    assert.match(await printed(board, /closed \w+/), /closed true/);
    assert.match(board.heard, /error -8 unsent data/);
  });

  test("a megabyte arrives in pieces of 536 bytes at most, held back by a slow board", async () => {
    const total = 1 << 20;
    const port = await serve((socket) => socket.end(Buffer.alloc(total, 7)));
    const board = await start(
      `var n=0,m=0,s=require("net").connect({host:"127.0.0.1",port:${port}});s.on("data",function(d){n+=d.length;if(d.length>m)m=d.length});s.on("close",function(){print("got",n,m)})`,
    );
    assert.equal(await printed(board, /got \d+ \d+/), `got ${total} 536`);
  });

  test("a queue beyond the board's memory is out of memory", async () => {
    const port = await serve((socket) => socket.pause());
    const board = await start(
      `E.on("errorFlag",function(f){print("flags",f.join())});require("Wifi").connect("virtual",{password:"virtual-board"},function(){var s=require("net").connect({host:"127.0.0.1",port:${port}},function(){for(var i=0;i<1000;i++)s.write(new Array(1001).join("x"));print("queued")})})`,
      { board: esp32 },
    );
    await printed(board, /flags LOW_MEMORY,MEMORY/);
    assert.ok(!board.heard.includes("queued"));
  });

  test("a board without power leaves its peers, and reconnects after a restart", async () => {
    const peers: Socket[] = [];
    let connected = () => {};
    const port = await serve((socket) => {
      socket.resume();
      peers.push(socket);
      connected();
    });
    const next = () =>
      new Promise<void>((resolve) => {
        connected = resolve;
      });
    const first = next();
    const board = await start(`require("net").connect({host:"127.0.0.1",port:${port}})`);
    await first;
    const closed = once(peers[0] as Socket, "close");
    await board.powerOff();
    await closed;
    const second = next();
    await board.powerOn();
    await second;
    assert.equal(peers.length, 2);
  });
});
