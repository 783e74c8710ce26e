/**
 * From power-on to a closed socket, byte for byte, as EC600N's relatives answer.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dialogue, info, OK } from "./dialogue.ts";

test("start, identity, registration, context and socket, byte for byte", () => {
  const modem = new Dialogue();
  const server = { send: (_: string) => {}, close: () => {}, got: "" };
  modem.network.listen("host.example", 1883, (peer) => {
    server.send = (bytes) => peer.send(bytes);
    server.close = () => peer.close();
    return {
      onData: (bytes) => {
        server.got += bytes;
      },
    };
  });
  assert.equal(modem.wait(2999), "");
  assert.equal(modem.wait(1), "\r\nRDY\r\n");
  assert.equal(modem.ask("AT", 10), "AT\r\r\nOK\r\n");
  assert.equal(modem.ask("ATE0", 10), "ATE0\r\r\nOK\r\n");
  assert.equal(modem.ask("AT+CMEE=1", 10), OK);
  assert.equal(modem.ask('AT+QURCCFG="urcport","uart1"', 10), OK);
  const port = modem.ask('AT+QURCCFG="urcport"', 10);
  assert.equal(port, '\r\n+QURCCFG: "urcport","uart1"\r\n\r\nOK\r\n');
  const started = "\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n";
  assert.equal(modem.wait(3200), started);
  assert.equal(modem.ask("AT+CPIN?"), "\r\n+CPIN: READY\r\n\r\nOK\r\n");
  const identity = "\r\nQuectel\r\nEC600N\r\nRevision: EC600NCNLCR03A11M16\r\n\r\nOK\r\n";
  assert.equal(modem.ask("ATI"), identity);
  assert.equal(modem.ask("AT+CGSN"), "\r\n860000000000000\r\n\r\nOK\r\n");
  assert.equal(modem.ask("AT+QCCID"), "\r\n+QCCID: 89860000000000000000\r\n\r\nOK\r\n");
  assert.equal(modem.ask("AT+CEREG=2"), OK);
  const registered = '\r\n+CEREG: 2\r\n\r\n+CEREG: 1,"1A2B","01C3D4E5",7\r\n';
  assert.equal(modem.wait(5000).replace("\r\n+QIND: PB DONE\r\n", ""), registered);
  assert.equal(modem.ask("AT+CEREG?"), info('+CEREG: 2,1,"1A2B","01C3D4E5",7'));
  assert.equal(modem.ask("AT+CSQ"), "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  assert.equal(modem.ask('AT+QICSGP=1,1,"cmnet","","",0'), OK);
  assert.equal(modem.ask("AT+QIACT?"), OK);
  assert.equal(modem.ask("AT+QIACT=1"), "");
  assert.equal(modem.wait(300), OK);
  assert.equal(modem.ask("AT+QIACT?"), info('+QIACT: 1,1,1,"10.1.2.3"'));
  assert.equal(modem.ask('AT+QIOPEN=1,0,"TCP","host.example",1883,0,0'), OK);
  assert.equal(modem.wait(125), "\r\n+QIOPEN: 0,0\r\n");
  assert.equal(modem.ask("AT+QISEND=0,5"), "\r\n> ");
  assert.equal(modem.send("hello"), "\r\nSEND OK\r\n");
  assert.equal(server.got, "hello");
  server.send("world");
  assert.equal(modem.wait(100), '\r\n+QIURC: "recv",0\r\n');
  assert.equal(modem.ask("AT+QIRD=0,512"), "\r\n+QIRD: 5\r\nworld\r\nOK\r\n");
  assert.equal(modem.ask("AT+QIRD=0,512"), "\r\n+QIRD: 0\r\n\r\nOK\r\n");
  server.close();
  assert.equal(modem.wait(100), '\r\n+QIURC: "closed",0\r\n');
  assert.equal(modem.ask("AT+QIRD=0,512"), "\r\n+QIRD: 0\r\n\r\nOK\r\n");
  assert.equal(modem.ask("AT+QICLOSE=0,0"), OK);
});
