import assert from "node:assert/strict";
import test from "node:test";
import { bench } from "./scripted-modem.ts";

test("a modem that is on is initialised, asked who it is, and goes online", (context) => {
  const { modem, link, changes, online, wait } = bench(context, { powerKey: "D25" });
  link.up({ cellular: { apn: "cmnet" } });
  assert.equal(link.state, "starting");
  online();
  assert.deepEqual(changes, [true]);
  assert.deepEqual(modem.pins, []);
  const sent = modem.take();
  assert.deepEqual(sent.slice(0, 7), [
    "AT",
    "ATE0",
    "ATV1",
    "AT+CMEE=1",
    'AT+QURCCFG="urcport","uart1"',
    "ATI",
    "AT+CGSN",
  ]);
  assert.deepEqual(sent.slice(-6), [
    "AT+CPIN?",
    "AT+QCCID",
    "AT+CEREG?",
    "AT+CGREG?",
    'AT+QICSGP=1,1,"cmnet","","",0',
    "AT+QIACT?",
  ]);
  wait(3);
  assert.deepEqual(link.identity(), {
    imei: "860000000000000",
    iccid: "89860000000000000000",
    operator: "CHINA MOBILE",
    cell: "1A2B,01C3D4E5",
    ip: "10.1.2.3",
    revision: "EC600NCNLCR03A11M16",
  });
  assert.deepEqual(link.signal(), { dbm: -65, bars: 4 });
  assert.equal(link.describe(), "modem, CHINA MOBILE, 10.1.2.3, -65 dBm");
});
