/**
 * Sockets of the module bridged to this computer's network: TCP, UDP, TLS, HTTP.
 * @module
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { type Certificates, loadCertificates } from "../../host/cloud/certificate/authority.ts";
import { makePackage, RealNetwork } from "../../host/modem/index.ts";
import { MiniHost, swift } from "./mini-host.ts";

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("TCP", () => {
  test("one megabyte of random bytes goes there and comes back through QISEND and QIRD", async (t) => {
    const server = createServer((socket) => socket.pipe(socket));
    const port = await listening(server);
    const host = new MiniHost();
    t.after(() => {
      host.close();
      server.close();
    });
    await host.online();
    await host.ask(`AT+QIOPEN=1,0,"TCP","127.0.0.1",${port},0,0`, /\+QIOPEN: 0,0\r\n/);
    const sent = randomBytes(1 << 20).toString("latin1");
    const pieces: string[] = [];
    let got = 0;
    for (let at = 0; at < sent.length; ) {
      const piece = sent.slice(at, at + 1460);
      const result = await host.send(0, piece);
      assert.ok(result.endsWith("SEND OK") || result.endsWith("SEND FAIL"), result);
      if (result.endsWith("SEND OK")) at += piece.length;
      for (let bytes = await host.read(0, 1500); bytes !== ""; bytes = await host.read(0, 1500)) {
        pieces.push(bytes);
        got += bytes.length;
      }
    }
    while (got < sent.length) {
      const bytes = await host.read(0, 1500);
      if (bytes === "") await host.expect(/\+QIURC: "recv",0\r\n/);
      pieces.push(bytes);
      got += bytes.length;
    }
    assert.ok(pieces.join("") === sent, "the bytes that came back are those that went");
    await host.ask("AT+QICLOSE=0,0");
  });

  for (const [title, receiveBuffer, stays] of [
    ["what nobody reads stays with the peer", 10_240, true],
    ["unless the module takes it all", 1_000_000_000, false],
  ] as const) {
    test(title, async (t) => {
      const size = 30_000_000;
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.write(Buffer.alloc(size));
      });
      const port = await listening(server);
      const host = new MiniHost({ receiveBuffer });
      t.after(() => {
        host.close();
        server.close();
      });
      await host.online();
      await host.ask(`AT+QIOPEN=1,0,"TCP","127.0.0.1",${port},0,0`, /"recv",0\r\n/);
      const unread = async () => {
        const counters = await host.ask("AT+QIRD=0,0");
        return Number(/: (\d+),0,\1\r/.exec(counters)?.[1]);
      };
      if (stays) {
        // Each answer gives the computer's network its turn.
        for (let turn = 0; turn < 200; turn++) await host.ask("AT");
        const taken = await unread();
        assert.ok(taken >= 10_240 && taken < 200_000, `${taken} bytes`);
      } else {
        while ((await unread()) < size) await host.ask("AT");
      }
    });
  }

  test("nobody listens; a name of its own; the peer's end after its data", async (t) => {
    const server = createServer((socket) => socket.end("bye"));
    const port = await listening(server);
    const network = new RealNetwork({ hosts: { "server.example": "127.0.0.1" } });
    const host = new MiniHost({ network });
    t.after(() => host.close());
    await host.online();
    await host.ask(`AT+QIOPEN=1,0,"TCP","server.example",${port},0,0`, /"closed",0\r\n/);
    assert.equal(await host.read(0, 100), "bye");
    server.close();
    await once(server, "close");
    await host.ask(`AT+QIOPEN=1,1,"TCP","127.0.0.1",${port},0,0`, /\+QIOPEN: 1,566\r\n/);
  });

  test("UDP", async (t) => {
    const peer = createSocket("udp4");
    peer.on("message", (bytes, { port }) => peer.send(`<${bytes}>`, port, "127.0.0.1"));
    peer.bind(0, "127.0.0.1");
    await once(peer, "listening");
    const host = new MiniHost();
    t.after(() => {
      host.close();
      peer.close();
    });
    await host.online();
    const { port } = peer.address();
    await host.ask(`AT+QIOPEN=1,2,"UDP","127.0.0.1",${port},0,0`, /\+QIOPEN: 2,0\r\n/);
    await host.send(2, "ping");
    if (!host.has(/"recv",2/)) await host.expect(/"recv",2\r\n/);
    assert.equal(await host.read(2, 100), "<ping>");
  });
});

describe("TLS", () => {
  let folder: string;
  let certificates: Certificates;
  let other: Certificates;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "modem-tls-"));
    certificates = await loadCertificates(join(folder, "a"), ["localhost", "127.0.0.1"]);
    other = await loadCertificates(join(folder, "b"), ["localhost"]);
  });
  after(() => rm(folder, { recursive: true }));

  /** A TLS server that answers in capitals, and a module with both CAs' files. */
  async function setUp() {
    const names: (string | false)[] = [];
    const server = createTlsServer(
      { key: certificates.key, cert: certificates.certificate },
      (socket) => {
        names.push((socket as unknown as { servername: string | false }).servername);
        socket.on("error", () => {});
        socket.on("data", (bytes) => socket.write(bytes.toString("latin1").toUpperCase()));
      },
    );
    server.on("tlsClientError", () => {});
    const port = await listening(server);
    const network = new RealNetwork({
      hosts: { localhost: "127.0.0.1", "alias.example": "127.0.0.1" },
    });
    const host = new MiniHost({ network });
    await host.online();
    const end = () => {
      host.close();
      server.close();
    };
    return { host, names, port, end };
  }

  async function upload(host: MiniHost, name: string, text: string): Promise<void> {
    await host.ask(`AT+QFUPL="${name}",${text.length},60`, /CONNECT\r\n/);
    const done = host.expect(/\+QFUPL: \d+,[0-9a-f]+\r\n\r\nOK\r\n/);
    void host.modem.receive(text);
    await done;
  }

  async function open(host: MiniHost, name: string, port: number): Promise<number> {
    const result = await host.ask(`AT+QSSLOPEN=1,1,4,"${name}",${port},0`, /\+QSSLOPEN: 4,\d+\r\n/);
    return Number(/,(\d+)\r\n$/.exec(result)?.[1]);
  }

  const settings = ['"seclevel",1,1', '"cacert",1,"UFS:ca.pem"'];

  test("the right CA, with SNI and a clock that is right", async (t) => {
    const { host, names, port, end } = await setUp();
    t.after(end);
    await upload(host, "ca.pem", certificates.ca);
    for (const line of [...settings, '"sni",1,1', '"ignorelocaltime",1,0']) {
      await host.ask(`AT+QSSLCFG=${line}`);
    }
    assert.equal(await open(host, "localhost", port), 566, "the clock shows 1980");
    await host.ask("AT+QSSLCLOSE=4");
    await host.ask('AT+QNTP=1,"ntp.example"', /\+QNTP: 0,/);
    assert.equal(await open(host, "localhost", port), 0);
    await host.send(4, "hello", "QSSLSEND");
    await host.expect(/\+QSSLURC: "recv",4\r\n/);
    assert.equal(await host.read(4, 100, "QSSLRECV"), "HELLO");
    assert.equal(names.at(-1), "localhost");
    await host.ask("AT+QSSLCLOSE=4");
    assert.equal(await open(host, "alias.example", port), 566, "another name");
  });

  test("another CA, a file that is none, no file; none needed at level 0, no name without sni", async (t) => {
    const { host, names, port, end } = await setUp();
    t.after(end);
    for (const line of settings) await host.ask(`AT+QSSLCFG=${line}`);
    assert.equal(await open(host, "localhost", port), 566, "no file");
    await host.ask("AT+QSSLCLOSE=4");
    for (const [title, file] of [
      ["another CA", other.ca],
      ["no certificate", "-----BEGIN CERTIFICATE-----"],
    ] as const) {
      await upload(host, "ca.pem", file);
      assert.equal(await open(host, "localhost", port), 566, title);
      await host.ask("AT+QSSLCLOSE=4");
      await host.ask('AT+QFDEL="ca.pem"');
    }
    await host.ask('AT+QSSLCFG="seclevel",1,0');
    assert.equal(await open(host, "localhost", port), 0);
    await host.expect(/^/);
    await host.send(4, "x", "QSSLSEND");
    await host.expect(/\+QSSLURC: "recv",4\r\n/);
    assert.equal(names.at(-1), false);
    await host.ask("AT+QSSLCLOSE=4");
    await host.ask('AT+QSSLCFG="sslversion",1,1');
    assert.equal(await open(host, "localhost", port), 566, "TLS 1.0");
  });

  test("a server that speaks no TLS", async (t) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end("no TLS here");
    });
    const port = await listening(server);
    const host = new MiniHost();
    t.after(() => {
      host.close();
      server.close();
    });
    await host.online();
    assert.equal(await open(host, "127.0.0.1", port), 566);
  });
});

describe("HTTP", () => {
  test("a GET, and an upgrade", async (t) => {
    const from = "EC600NCNLCR03A11M16";
    const files: Record<string, string> = {
      "/hello": "hello, module",
      "/fw.bin": makePackage({ from, to: "EC600NCNLCR03A12M16", size: 100_000 }),
    };
    const server = createHttpServer((request, response) =>
      response.end(Buffer.from(files[request.url ?? ""] ?? "", "latin1")),
    );
    const port = await listening(server);
    const host = new MiniHost({ timing: { ...swift, rdy: 5, restart: 0, fotaStep: 0 } });
    t.after(() => {
      host.close();
      server.close();
    });
    await host.online();
    const url = `http://127.0.0.1:${port}/hello`;
    await host.ask(`AT+QHTTPURL=${url.length},80`, /CONNECT\r\n/);
    void host.modem.receive(url);
    await host.expect(/OK\r\n/);
    await host.ask("AT+QHTTPGET=80", /\+QHTTPGET: 0,200,13\r\n/);
    await host.ask("AT+QHTTPREAD=80", /CONNECT\r\nhello, module\r\nOK\r\n\r\n\+QHTTPREAD: 0\r\n/);
    const done = await host.ask(
      `AT+QFOTADL="http://127.0.0.1:${port}/fw.bin",1,50`,
      /"END",0\r\n\r\nRDY\r\n/,
    );
    assert.match(done, /"HTTPSTART".*"DOWNLOADING",50.*"HTTPEND",0.*RDY.*"START".*"UPDATING",91/s);
    await host.ask("AT+CGMR", /EC600NCNLCR03A12M16/);
  });
});
