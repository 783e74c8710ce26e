/**
 * UFS files, HTTP by the module, and the settings of TLS, in a network of memory.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connected, ERROR, info, OK, online, running } from "./dialogue.ts";

const cme = (code: number) => `\r\n+CME ERROR: ${code}\r\n`;
const CONNECT = "\r\nCONNECT\r\n";

describe("files", () => {
  test("upload with a checksum: XOR of pairs, an odd last byte is the high one", () => {
    const modem = running();
    assert.equal(modem.ask('AT+QFUPL="a.pem",3'), CONNECT);
    assert.equal(modem.send("\x12\x34\x56"), info("+QFUPL: 3,4434"));
    assert.equal(modem.ask('AT+QFLST="*"'), info('+QFLST: "UFS:a.pem",3'));
    assert.equal(modem.ask('AT+QFUPL="a.pem",3'), cme(407));
    modem.ask("AT+CMEE=2");
    const text = "\r\n+CME ERROR: file already exist\r\n";
    assert.equal(modem.ask('AT+QFUPL="UFS:a.pem",3'), text);
  });

  test("too few bytes: what came is kept, and both lines come", () => {
    const modem = running();
    modem.ask('AT+QFUPL="a.pem",10,5');
    assert.equal(modem.send("abcd", 4900), "");
    assert.equal(modem.wait(200), `\r\n+QFUPL: 4,206\r\n${cme(421)}`);
    assert.equal(modem.ask('AT+QFLST="a.pem"'), info('+QFLST: "UFS:a.pem",4'));
  });

  test("acknowledged upload: an A for each kilobyte", () => {
    const modem = running();
    modem.ask('AT+QFUPL="a.bin",2500,5,1');
    assert.equal(modem.send("\0".repeat(1000)), "");
    assert.equal(modem.send("\0".repeat(1100)), "AA");
    assert.equal(modem.send("\0".repeat(400)), info("+QFUPL: 2500,0"));
  });

  test("space, deletion, errors", () => {
    const modem = running({ storage: 1000, files: { "x.bin": "x".repeat(400) } });
    assert.equal(modem.ask('AT+QFLDS="UFS"'), info("+QFLDS: 600,1000"));
    assert.equal(modem.ask('AT+QFUPL="y.bin",601'), cme(403));
    assert.equal(modem.ask('AT+QFDEL="z.bin"'), cme(405));
    assert.equal(modem.ask('AT+QFDEL="x.bin"'), OK);
    assert.equal(modem.ask('AT+QFLST="x.bin"'), cme(405));
    assert.equal(modem.ask('AT+QFLST="*"'), OK);
    assert.equal(modem.ask('AT+QFUPL="",3'), cme(50));
    assert.equal(modem.ask('AT+QFLDS="SD"'), cme(50));
  });

  test("open, read, seek, close", () => {
    const modem = running({ files: { "x.bin": "0123456789" } });
    assert.equal(modem.ask('AT+QFOPEN="x.bin",2'), info("+QFOPEN: 1"));
    assert.equal(modem.ask("AT+QFREAD=1,4"), `\r\nCONNECT 4\r\n0123${OK}`);
    assert.equal(modem.ask("AT+QFSEEK=1,8,0"), OK);
    assert.equal(modem.ask("AT+QFREAD=1,4"), `\r\nCONNECT 2\r\n89${OK}`);
    assert.equal(modem.ask("AT+QFPOSITION=1"), info("+QFPOSITION: 10"));
    assert.equal(modem.ask("AT+QFSEEK=1,11,0"), cme(50));
    assert.equal(modem.ask("AT+QFCLOSE=1"), OK);
    assert.equal(modem.ask("AT+QFREAD=1,4"), cme(405));
    assert.equal(modem.ask('AT+QFOPEN="y.bin",2'), cme(405));
  });
});

describe("HTTP", () => {
  function withServer() {
    const modem = online();
    const requests: string[] = [];
    modem.network.listen("web.example", 80, (peer) => ({
      onData: (bytes) => {
        requests.push(bytes);
        const path = bytes.split(" ")[1];
        const range = /bytes=(\d+)-(\d+)/.exec(bytes);
        const body = "abcdefghijklmnop";
        if (path === "/gone") peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        else if (path === "/moved")
          peer.send("HTTP/1.1 302 Found\r\nLocation: http://web.example/range\r\n\r\n");
        else if (path === "/open") peer.send(`HTTP/1.1 200 OK\r\n\r\n${body}`);
        else if (path === "/chunks")
          peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        else if (range)
          peer.send(
            `HTTP/1.1 206 Partial\r\nContent-Length: 8\r\n\r\n${body.slice(Number(range[1]), Number(range[2]) + 1)}`,
          );
        else peer.send(`HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n${body}`);
        if (path === "/open") peer.close();
      },
    }));
    const get = (path: string, command = "AT+QHTTPGET=80") => {
      const url = `http://web.example${path}`;
      assert.equal(modem.ask(`AT+QHTTPURL=${url.length},80`), CONNECT);
      assert.equal(modem.send(url), OK);
      return modem.ask(command, 2000);
    };
    return { modem, get, requests };
  }

  test("GET, then READ: body, OK, and a line", () => {
    const { modem, get, requests } = withServer();
    assert.equal(get("/range"), `${OK}\r\n+QHTTPGET: 0,200,16\r\n`);
    assert.match(requests[0] ?? "", /^GET \/range HTTP\/1\.1\r\nHost: web\.example\r\n/);
    assert.match(requests[0] ?? "", /User-Agent: QUECTEL_MODULE\r\n/);
    const read = `${CONNECT}abcdefghijklmnop${OK}\r\n+QHTTPREAD: 0\r\n`;
    assert.equal(modem.ask("AT+QHTTPREAD=80"), read);
  });

  test("ranges, other codes, unknown length, chunks, redirection", () => {
    const { modem, get, requests } = withServer();
    assert.equal(get("/range", "AT+QHTTPGETEX=80,4,8"), `${OK}\r\n+QHTTPGET: 0,206,8\r\n`);
    assert.match(requests[0] ?? "", /Range: bytes=4-11\r\n/);
    assert.equal(modem.ask('AT+QHTTPREADFILE="UFS:f.bin",80'), `${OK}\r\n+QHTTPREADFILE: 0\r\n`);
    assert.equal(modem.modem.nvram.files.read("f.bin"), "efghijkl");
    assert.equal(get("/gone"), `${OK}\r\n+QHTTPGET: 0,404,0\r\n`);
    assert.equal(get("/open"), `${OK}\r\n+QHTTPGET: 0,200\r\n`);
    assert.equal(get("/chunks"), `${OK}\r\n+QHTTPGET: 0,200\r\n`);
    assert.equal(get("/moved"), `${OK}\r\n+QHTTPGET: 0,200,16\r\n`);
  });

  test("errors: no URL, no context, nobody there, no name, busy", () => {
    const { modem, get } = withServer();
    assert.equal(modem.ask("AT+QHTTPGET=80"), cme(712));
    assert.equal(modem.ask("AT+QHTTPREAD=80"), cme(705));
    assert.equal(modem.ask('AT+QHTTPCFG="nosuch",1'), cme(730));
    const url = "http://none.example/";
    modem.ask(`AT+QHTTPURL=${url.length},80`);
    modem.send(url);
    assert.equal(modem.ask("AT+QHTTPGET=80", 100), OK);
    assert.equal(modem.ask("AT+QHTTPGET=80", 100), cme(703));
    assert.equal(modem.wait(1000), "\r\n+QHTTPGET: 714\r\n");
    modem.ask("AT+QIDEACT=1", 500);
    assert.equal(get("/range"), cme(709));
  });
});

describe("TLS settings and certificates, told by a server of memory", () => {
  const certificate = { ca: "the CA", names: ["tls.example"], from: Date.UTC(2025, 0, 1) };
  const OPEN = 'AT+QSSLOPEN=1,1,4,"tls.example",443,0';
  const result = (error: number) => `${OK}\r\n+QSSLOPEN: 4,${error}\r\n`;

  function withServer(files: Record<string, string> = {}) {
    const modem = online({ files });
    const server = { got: "", send: (_: string) => {}, close: () => {} };
    modem.network.listen(
      "tls.example",
      443,
      (peer) => {
        server.send = (bytes) => peer.send(bytes);
        server.close = () => peer.close();
        return {
          onData: (bytes) => {
            server.got += bytes;
          },
        };
      },
      certificate,
    );
    return { modem, server };
  }

  test("defaults verify nothing", () => {
    const { modem } = withServer();
    assert.equal(modem.ask('AT+QSSLCFG="seclevel",1'), info('+QSSLCFG: "seclevel",1,0'));
    assert.equal(modem.ask('AT+QSSLCFG="sni",1'), info('+QSSLCFG: "sni",1,0'));
    assert.equal(
      modem.ask('AT+QSSLCFG="ignorelocaltime",1'),
      info('+QSSLCFG: "ignorelocaltime",1,1'),
    );
    assert.equal(modem.ask(OPEN, 1900), OK);
    assert.equal(modem.wait(200), "\r\n+QSSLOPEN: 4,0\r\n");
  });

  test("bad settings: a quoted cipher suite, unknown keys, values out of range", () => {
    const { modem } = withServer();
    assert.equal(modem.ask('AT+QSSLCFG="ciphersuite",1,"0XFFFF"'), ERROR);
    assert.equal(modem.ask('AT+QSSLCFG="ciphersuite",1,0XFFFF'), OK);
    assert.equal(modem.ask('AT+QSSLCFG="seclevel",1,3'), ERROR);
    assert.equal(modem.ask('AT+QSSLCFG="negotiatetime",1,9'), ERROR);
    assert.equal(modem.ask('AT+QSSLCFG="nosuch",1'), ERROR);
    assert.equal(modem.ask('AT+QSSLCFG="sni",6,1'), ERROR);
  });

  test("level 1: the CA's file decides; the clock too, when it counts", () => {
    const { modem } = withServer({ "ca.pem": "the CA", "other.pem": "another CA" });
    modem.ask('AT+QSSLCFG="seclevel",1,1');
    assert.equal(modem.ask(OPEN, 2100), result(566), "no file named");
    modem.ask("AT+QSSLCLOSE=4");
    modem.ask('AT+QSSLCFG="cacert",1,"UFS:other.pem"');
    assert.equal(modem.ask(OPEN, 2100), result(566), "another CA");
    assert.equal(modem.ask("AT+QIGETERROR"), info("+QIGETERROR: 566,Socket connect failed"));
    modem.ask("AT+QSSLCLOSE=4");
    modem.ask('AT+QSSLCFG="cacert",1,"ca.pem"');
    assert.equal(modem.ask(OPEN, 2100), result(0));
    modem.ask("AT+QSSLCLOSE=4", 1000);
    modem.ask('AT+QSSLCFG="ignorelocaltime",1,0');
    assert.equal(modem.ask(OPEN, 2100), result(566), "1980 is before the certificate");
    modem.ask("AT+QSSLCLOSE=4");
    modem.ask('AT+CCLK="26/01/01,00:00:00+32"');
    assert.equal(modem.ask(OPEN, 2100), result(0));
  });

  test("SNI: the certificate has to carry the name", () => {
    const { modem } = withServer({ "ca.pem": "the CA" });
    modem.network.listen("alias.example", 443, () => ({}), certificate);
    for (const line of ['"seclevel",1,1', '"cacert",1,"ca.pem"', '"sni",1,1']) {
      assert.equal(modem.ask(`AT+QSSLCFG=${line}`), OK);
    }
    assert.equal(modem.ask(OPEN.replace("tls", "alias"), 2100), result(566));
  });

  test("sending, reading, state, end", () => {
    const { modem, server } = withServer();
    modem.ask(OPEN, 2100);
    const row = '+QSSLSTATE: 4,"SSLClient","192.0.2.1",443,0,2,1,4,0,"uart1",1';
    assert.equal(modem.ask("AT+QSSLSTATE"), info(row));
    assert.equal(modem.ask("AT+QSSLSEND=4,5"), "\r\n> ");
    assert.equal(modem.send("hello"), "\r\nSEND OK\r\n");
    assert.equal(server.got, "hello");
    server.send("world");
    assert.equal(modem.wait(100), '\r\n+QSSLURC: "recv",4\r\n');
    assert.equal(modem.ask("AT+QSSLRECV=4,0"), info("+QSSLRECV: 5,0,5"));
    assert.equal(modem.ask("AT+QSSLRECV=4,1500"), "\r\n+QSSLRECV: 5\r\nworld\r\nOK\r\n");
    assert.equal(modem.ask("AT+QSSLRECV=4,1500"), info("+QSSLRECV: 0"));
    server.close();
    assert.equal(modem.wait(100), '\r\n+QSSLURC: "closed",4\r\n');
    assert.equal(modem.ask("AT+QSSLCLOSE=4"), OK);
    assert.equal(modem.ask("AT+QSSLSTATE"), OK);
  });

  test("plain and TLS sockets have ids of their own", () => {
    const { dialogue: modem } = connected();
    modem.network.listen("tls.example", 443, () => ({}), certificate);
    assert.equal(modem.ask(OPEN.replace("1,1,4", "1,1,0"), 2100), `${OK}\r\n+QSSLOPEN: 0,0\r\n`);
  });
});
