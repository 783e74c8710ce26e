/**
 * What the timeline says of a modem.
 * @module
 */
import assert from "node:assert/strict";
import test from "node:test";
import { ModemLog } from "../../host/demo/modem-log.ts";

function told(...bytes: string[]): string[] {
  const lines: string[] = [];
  const log = new ModemLog((line) => lines.push(line));
  for (const part of bytes) log.trace("<", part);
  return lines;
}

const line = (text: string) => `\r\n${text}\r\n`;

test("registration, from reports and answers, once each", () => {
  assert.deepEqual(
    told(
      line("+CEREG: 2"),
      line("+CEREG: 2,2"),
      line('+CEREG: 1,"1A2B","01C3D4E5",7'),
      line('+CEREG: 2,1,"1A2B","01C3D4E5",7'),
      line('+CEREG: 5,"1A2B","01C3D4E5",7'),
      line("+CEREG: 3"),
      line("+CEREG: 9"),
    ),
    [
      "searching a network",
      "registered, home network, cell 1A2B 01C3D4E5",
      "registered, roaming, cell 1A2B 01C3D4E5",
      "registration denied",
      "registration 9",
    ],
  );
});

test("signal, when its bars change", () => {
  assert.deepEqual(
    told(line("+CSQ: 99,99"), line("+CSQ: 24,99"), line("+CSQ: 27,99"), line("+CSQ: 3,99")),
    ["no signal", "signal -65 dBm, 4 of 4", "signal -107 dBm, 1 of 4"],
  );
});

test("operator, address and their loss; a start begins anew", () => {
  const operator = line('+COPS: 0,0,"CHINA MOBILE",7');
  assert.deepEqual(
    told(
      line("+COPS: 0"),
      operator,
      operator,
      line('+QIACT: 1,1,1,"10.1.2.3"'),
      line('+QIURC: "pdpdeact",1'),
      line('+QIACT: 1,1,1,"10.1.2.3"'),
      line("POWERED DOWN"),
      line("RDY"),
      operator,
    ),
    [
      "operator CHINA MOBILE",
      "address 10.1.2.3",
      "the context is lost",
      "address 10.1.2.3",
      "going off",
      "started",
      "operator CHINA MOBILE",
    ],
  );
});

test("an upgrade's stages", () => {
  assert.deepEqual(
    told(
      line('+QIND: "FOTA","HTTPSTART"'),
      line('+QIND: "FOTA","DOWNLOADING",50'),
      line('+QIND: "FOTA","HTTPEND",0'),
      line('+QIND: "FOTA","START"'),
      line('+QIND: "FOTA","UPDATING",8'),
      line('+QIND: "FOTA","UPDATING",8'),
      line('+QIND: "FOTA","END",0'),
      line("Revision: EC600NCNLCR03A12M16"),
    ),
    [
      "upgrade HTTPSTART",
      "upgrade downloading 50 %",
      "upgrade HTTPEND 0",
      "upgrade START",
      "upgrade updating 8 %",
      "upgrade END 0",
      "revision EC600NCNLCR03A12M16",
    ],
  );
});

test("lines in pieces, echoes, and what the board sends", () => {
  const lines: string[] = [];
  const log = new ModemLog((text) => lines.push(text));
  log.trace(">", "\r\n+CSQ: 24,99\r\n");
  for (const byte of 'AT+COPS?\r\r\n+COPS: 0,0,"X",7\r\n\r\nOK\r\n') log.trace("<", byte);
  log.trace("<", `${"x".repeat(5000)}\r\n`);
  assert.deepEqual(lines, ["operator X"]);
});
