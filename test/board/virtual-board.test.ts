/**
 * The virtual board in its thread: power, isolation, sockets of real peers, TLS, its console on TCP.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import {
  ConsoleServer,
  createInterpreterBoard,
  createVirtualBoard,
  FlashImage,
  findInterpreter,
  type PoweredBoard,
  type VirtualBoard,
  type VirtualBoardOptions,
} from "../../host/board/index.ts";
import { makeCertificates } from "../../host/cloud/certificate/authority.ts";

const folder = mkdtempSync(join(tmpdir(), "board-"));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(
  boot: string,
  options: Partial<VirtualBoardOptions> = {},
): Promise<VirtualBoard & { heard: string }> {
  const flash = join(folder, `${count++}.flash`);
  const board = options.board ?? linux;
  const image = FlashImage.open(flash, board.machine);
  image.writeFile(".boot0", boot === "" ? "0" : boot);
  image.close();
  const made = Object.assign(createVirtualBoard({ ...options, board, flash }), { heard: "" });
  made.onConsole((text) => {
    made.heard += text;
  });
  open.push(made);
  await made.powerOn();
  return made;
}

/** Resolves when the console has printed something that matches. */
function printed(board: PoweredBoard & { heard: string }, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const match = pattern.exec(board.heard);
      if (!match) return;
      stop();
      resolve(match[0]);
    };
    const stop = board.onConsole(look);
    look();
  });
}

async function serve(connection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    connection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({ close: () => server.close() });
  return (server.address() as AddressInfo).port;
}

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

describe("TLS", () => {
  test("connects before the handshake, verifies nobody, carries data", async () => {
    const certificates = await makeCertificates(["other.host"]);
    const server: Server = createTlsServer(
      { cert: certificates.certificate, key: certificates.key },
      (socket) => {
        socket.on("error", () => {});
        socket.on("data", (data) => socket.end(`got ${data}`));
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push({ close: () => server.close() });
    const { port } = server.address() as AddressInfo;
    const board = await start(
      `var s=require("tls").connect({host:"127.0.0.1",port:${port}},function(){print("connected");s.write("hello")});s.on("data",function(d){print(d)});s.on("close",function(b){print("closed",b)})`,
    );
    await printed(board, /closed/);
    // The server's goodbye is an error to the interpreter.
    assert.match(board.heard, /connected[\s\S]*got hello[\s\S]*closed true/);
  });

  test("a failed handshake is an uncaught exception", async () => {
    const port = await serve((socket) => {
      socket.once("data", () => socket.end("this is no TLS at all"));
    });
    const board = await start(
      `process.on("uncaughtException",function(e){print("uncaught",e.type,e.message)});var s=require("tls").connect({host:"127.0.0.1",port:${port}},function(){print("connected");s.write("hello")});s.on("error",function(e){print("error",e.code)});s.on("close",function(b){print("closed",b)})`,
    );
    await printed(board, /uncaught.*\r\n/);
    assert.match(board.heard, /connected/);
    assert.match(board.heard, /uncaught InternalError mbedtls_ssl_handshake returned -0x/);
    assert.match(board.heard, /error -8[\s\S]*closed true/);
  });

  /** A driver that carries bytes between Serial2 and the network, 100 at a time. */
  const bridge = (script: string) =>
    `var buf="",types=[],most=[];function note(a,x){if(a.indexOf(x)<0)a.push(x)}
Serial2.setup(115200,{tx:17,rx:16});Serial2.on("data",function(d){buf+=d});
require("NetworkJS").create({
create:function(h,p,t,o){print("create",h,p,t,o.port);return 3},
recv:function(id,m,t){note(types,t);if(most.length<2)note(most,m);var d=buf.substr(0,m);buf=buf.substr(m);return d},
send:function(id,d,t){note(types,t);var n=Math.min(100,d.length);Serial2.write(d.substr(0,n));return n},
close:function(id){print("driver close",id)},accept:function(){return -1}});
process.on("uncaughtException",function(e){print("uncaught",e.type,e.message)});
var s=require("tls").connect({host:"any.name",port:8883},function(){print("connected");s.write(DATA)}),n=0;
s.on("data",function(d){n+=d.length;if(n===DATA.length){print("all back",n,types.join(),most.join());${script}}});
s.on("error",function(e){print("error",e.code)});s.on("close",function(b){print("closed",b)})`.replaceAll(
      "DATA",
      'new Array(2001).join("y")',
    );
  /** Joins Serial2 to a TCP port of this machine. */
  const joinedTo = (port: number): Partial<VirtualBoardOptions> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    open.push({ close: () => socket.destroy() });
    return {
      board: esp32,
      serial: {
        Serial2: {
          receive: (bytes) => {
            socket.write(Buffer.from(bytes, "latin1"));
          },
          connect: (send) => socket.on("data", (bytes) => send(bytes.toString("latin1"))),
        },
      },
    };
  };

  test("runs above a NetworkJS driver, which carries records only", async () => {
    const certificates = await makeCertificates(["other.host"]);
    let heard = "";
    const server = createTlsServer(
      { cert: certificates.certificate, key: certificates.key },
      (socket) => {
        socket.on("error", () => {});
        socket.on("data", (data) => {
          heard += data;
          socket.write(data);
        });
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push({ close: () => server.close() });
    const { port } = server.address() as AddressInfo;
    const board = await start(bridge("s.end()"), joinedTo(port));
    await printed(board, /closed \w+/);
    assert.equal(heard, "y".repeat(2000));
    // The head of a record is asked for, then its rest; nothing is asked for as a whole.
    assert.match(
      board.heard,
      /create any\.name 8883 4 8883[\s\S]*connected[\s\S]*all back 2000 4 5,\d+\r\n[\s\S]*driver close 3[\s\S]*closed false/,
    );
  });

  test("a goodbye of the peer is an error above a driver too", async () => {
    const certificates = await makeCertificates(["other.host"]);
    const server = createTlsServer(
      { cert: certificates.certificate, key: certificates.key },
      (socket) => {
        socket.on("error", () => {});
        socket.once("data", () => socket.end());
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push({ close: () => server.close() });
    const { port } = server.address() as AddressInfo;
    const board = await start(bridge(""), joinedTo(port));
    await printed(board, /closed \w+/);
    assert.match(board.heard, /connected[\s\S]*error -30848[\s\S]*closed true/);
  });

  test("a failed handshake above a driver is an uncaught exception", async () => {
    const port = await serve((socket) => {
      socket.once("data", () => socket.write("this is no TLS at all"));
    });
    const board = await start(bridge(""), joinedTo(port));
    await printed(board, /uncaught.*/);
    assert.match(
      board.heard,
      /connected[\s\S]*driver close 3[\s\S]*error -8[\s\S]*closed true[\s\S]*uncaught InternalError mbedtls_ssl_handshake returned -0x7200/,
    );
  });

  test("a certificate that is none throws at once", async () => {
    const board = await start("");
    const expression = `(function(){try{require("tls").connect({host:"127.0.0.1",port:1,ca:new Array(200).join("x")})}catch(e){return e.type+" "+e.message}})()`;
    assert.equal(
      await board.evaluate(expression),
      "InternalError HTTPS init failed! mbedtls_x509_crt_parse of 'ca': Invalid format",
    );
  });
});

describe("serial ports", () => {
  test("join a peer outside, both ways", async () => {
    let toBoard = (_bytes: string) => {};
    let received = "";
    const board = await start(
      'Serial2.setup(115200,{tx:17,rx:16});Serial2.on("data",function(d){Serial2.write(d.toUpperCase())})',
      {
        board: esp32,
        serial: {
          Serial2: {
            receive: (bytes) => {
              received += bytes;
            },
            connect: (send) => {
              toBoard = send;
            },
          },
        },
      },
    );
    await board.evaluate("1");
    toBoard("hello modem");
    while (received.length < 11) await board.evaluate("1");
    assert.equal(received, "HELLO MODEM");
  });

  for (const [board, setup, ring] of [
    [esp32, "115200,{tx:17,rx:16}", 1024],
    [linux, '115200,{path:"Serial2"}', 256],
  ] as const)
    test(`a write beyond ${ring} bytes blocks until the peer takes some (${board.device.name})`, async () => {
      let taken = 0;
      const waiting: (() => void)[] = [];
      const made = await start(
        `Serial2.setup(${setup});Serial2.write(new Array(${ring + 1}).join("a"));print("fits");setTimeout(function(){print("timer")},1);Serial2.write("b");print("went on")`,
        {
          board,
          serial: {
            Serial2: {
              receive: (bytes) =>
                new Promise((resolve) => {
                  waiting.push(() => {
                    taken += bytes.length;
                    resolve();
                  });
                }),
              connect: () => {},
            },
          },
        },
      );
      await printed(made, /fits/);
      // Nothing else runs on the board, its console neither.
      const answer = made.evaluate('(print("free"),1)');
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(taken, 0);
      assert.doesNotMatch(made.heard, /went on/);
      while (!made.heard.includes("went on")) {
        waiting.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await answer;
      await printed(made, /timer/);
      assert.match(made.heard, /fits[\s\S]*went on[\s\S]*(timer|free)/);
      assert.doesNotMatch(made.heard, /(timer|free)[\s\S]*went on/);
      assert.equal(taken, ring);
    });

  test("switching off ends a blocked write, and the ring is lost", async () => {
    const received: string[] = [];
    let release = () => {};
    const board = await start(
      'Serial2.setup(115200,{tx:17,rx:16});print("boot");Serial2.write(new Array(3001).join("c"));print("never")',
      {
        board: esp32,
        serial: {
          Serial2: {
            receive: (bytes) => {
              received.push(bytes);
              return new Promise<void>((resolve) => {
                release = resolve;
              });
            },
            connect: () => {},
          },
        },
      },
    );
    await printed(board, /boot/);
    while (received.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await board.powerOff();
    assert.equal(board.isOn, false);
    release();
    board.heard = "";
    await board.powerOn();
    await printed(board, /boot/);
    while (received.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      received.map((bytes) => bytes.length),
      [1024, 1024],
    );
    assert.doesNotMatch(board.heard, /never/);
  });
});

describe("the console", () => {
  /** Types lines one after the other, each when the prompt is back; what the console prints. */
  async function dialogue(board: PoweredBoard, lines: string[]): Promise<string> {
    let heard = "";
    let waiting = () => {};
    board.onConsole((text) => {
      heard += text;
      if (heard.endsWith("\r\n>") || heard.endsWith("\r\n:")) waiting();
    });
    const prompt = () =>
      new Promise<void>((resolve) => {
        waiting = resolve;
      });
    const ready = prompt();
    await board.powerOn();
    board.type("\n");
    await ready;
    let all = "";
    for (const line of lines) {
      heard = "";
      const back = prompt();
      board.type(`${line}\n`);
      await back;
      all += heard;
    }
    return all;
  }
  const lines = [
    '"text"',
    "var a=5",
    "function f(x){return x+1}",
    "f(2)",
    'print("printed")',
    '({a:1,b:[1,2,{c:"d"}]})',
    "new Uint8Array(20)",
    "let z=3",
    "let z=4",
    "if(z){",
    "}",
    '"x".repeat(80)',
    "new Array(30).fill(7)",
    "0.1+0.2",
    "Serial1",
  ];

  test("a dialogue is the same as on the interpreter", {
    skip: findInterpreter() === undefined && "no Espruino on this machine",
  }, async () => {
    const virtual = createVirtualBoard({ board: linux, flash: join(folder, "console.flash") });
    const own = mkdtempSync(join(folder, "console-"));
    const real = createInterpreterBoard({ board: linux, flash: join(own, "espruino.flash") });
    open.push(virtual, real);
    assert.equal(await dialogue(virtual, lines), await dialogue(real, lines));
  });

  test("the espruino tool evaluates and uploads over TCP", async () => {
    const board = await start("");
    const server = new ConsoleServer(board);
    open.push(server);
    const port = await server.listen();
    const script = "../../node_modules/espruino/bin/espruino-cli.js";
    const address = `tcp://127.0.0.1:${port}`;
    /** The tool does not end by itself on TCP, on no board: its work is seen here. */
    const tool = async (until: RegExp, ...args: string[]) => {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, script), "--no-ble", "-q", "-p", address, ...args],
        { cwd: folder, stdio: "ignore" },
      );
      const ended = once(child, "exit");
      await printed(board, until);
      child.kill();
      await ended;
    };
    const code = join(folder, "code.js");
    writeFileSync(code, "print('from the file',6*7)\n");
    await tool(/from the file 42/, "--config", "SAVE_ON_SEND=0", code);
    const data = join(folder, "data.txt");
    writeFileSync(data, `${"some data ".repeat(300)}end`);
    await tool(/done 1/, "--storage", `stored:${data}`, "-e", "print('done',1)");
    assert.equal(await board.evaluate('require("Storage").read("stored").length'), "3003");
  });
});
