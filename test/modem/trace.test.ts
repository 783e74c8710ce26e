/**
 * What the command shows of the traffic: whole lines, no secrets.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TraceLines } from "../../host/modem/trace-lines.ts";

function shown(...parts: [">" | "<", string][]): string[] {
  const lines: string[] = [];
  const trace = new TraceLines((line) => lines.push(line));
  for (const [direction, bytes] of parts) trace.take(direction, bytes);
  return lines;
}

test("lines that come in pieces are shown whole, in turn", () => {
  assert.deepEqual(
    shown([">", "AT+"], [">", "CSQ\r"], ["<", "\r\n+CSQ: 2"], ["<", "4,99\r\n\r\nOK\r\n"]),
    ["> AT+CSQ", "< +CSQ: 24,99", "< OK"],
  );
});

test("payloads without an end of line are shown at the answer, bytes as a count", () => {
  assert.deepEqual(shown([">", "hello"], ["<", "\r\nSEND OK\r\n"]), ["> hello", "< SEND OK"]);
  assert.deepEqual(shown([">", "\x10\x02ab"], ["<", "\r\nSEND OK\r\n"]), [
    "> (4 bytes)",
    "< SEND OK",
  ]);
});

test("PINs, passwords and queries of URLs are not shown", () => {
  const lines = shown(
    [">", 'AT+CPIN="1234"\r'],
    ["<", 'AT+CPIN="1234"\r\r\nOK\r\n'],
    [">", 'AT+QICSGP=1,1,"cmnet","me","hidden",1\r'],
    [">", 'AT+QFOTADL="http://h.example/fw?Signature=hidden",1\r'],
    [">", "http://h.example/fw?Signature=hidden"],
    ["<", "\r\nOK\r\n"],
  );
  assert.doesNotMatch(lines.join("\n"), /1234|hidden/);
  assert.equal(lines.length, 7);
  assert.ok(lines.includes('> AT+QICSGP=1,1,"cmnet","me","***",1'));
  assert.ok(lines.includes('> AT+QFOTADL="http://h.example/fw?***",1'));
});
