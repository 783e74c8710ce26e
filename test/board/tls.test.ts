/**
 * TLS of the virtual board, over sockets and over a NetworkJS driver.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, type Server } from "node:net";
import { describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import * as esp32 from "../../boards/esp32.ts";
import type { VirtualBoardOptions } from "../../host/board/index.ts";
import { makeCertificates } from "../../host/cloud/certificate/authority.ts";
import { closeLater, printed, serve, start } from "./started.ts";

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
    closeLater({ close: () => server.close() });
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
    closeLater({ close: () => socket.destroy() });
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
    closeLater({ close: () => server.close() });
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
    closeLater({ close: () => server.close() });
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
