import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { setLinkMemory } from "../../../src/link/memory.ts";
import { bench } from "./scripted-modem.ts";

const pins = { powerKey: "D25", reset: "D26" };

test("a modem that is on is initialised, asked who it is, and goes online", (context) => {
  const { modem, link, changes, online, wait } = bench(context, pins);
  link.up({ cellular: { apn: "cmnet" } });
  assert.equal(link.state, "starting");
  online();
  assert.deepEqual(changes, [true]);
  assert.deepEqual(modem.pins, [], "the key would have switched it off");
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

test("one that is off is asked three times, then switched on; it may take 25 s to say so", (context) => {
  const { modem, link, wait, online } = bench(context, pins);
  modem.mute = true;
  link.up({});
  wait(1.4);
  assert.deepEqual(modem.pins, []);
  wait(1);
  assert.deepEqual(modem.sent, ["AT", "AT", "AT"]);
  assert.deepEqual(modem.pins, ["key down"]);
  wait(1.5);
  assert.deepEqual(modem.pins, ["key down", "key up"]);
  wait(25);
  assert.deepEqual(modem.pins, ["key down", "key up"], "no second pulse: that would switch it off");
  modem.mute = false;
  modem.say("RDY");
  online();
});

test("one that never says RDY is found by asking", (context) => {
  const { modem, link, wait, online } = bench(context, pins);
  modem.mute = true;
  link.up({});
  wait(10);
  modem.mute = false;
  online(10);
  assert.deepEqual(modem.pins, ["key down", "key up"]);
});

test("the status pin spares the wait, and says when it is off", (context) => {
  let on = false;
  const { modem, link, wait, online } = bench(context, { ...pins, status: "D27" }, () => on);
  modem.mute = true;
  link.up({});
  wait(0.8);
  assert.deepEqual(modem.pins, ["key down"]);
  on = true;
  wait(4);
  modem.mute = false;
  modem.say("RDY");
  online();
});

test("a modem that is on, by its status pin, but silent is waited for, not switched off", (context) => {
  const { modem, link, wait, online } = bench(context, { ...pins, status: "D27" }, () => true);
  modem.mute = true;
  link.up({});
  wait(20);
  assert.deepEqual(modem.pins, []);
  modem.mute = false;
  online();
});

test("one at another speed is found, and set right for good", (context) => {
  const { modem, link, online } = bench(context);
  let baud = 9600;
  modem.mute = true;
  modem.setup = (wanted) => {
    modem.bauds.push(wanted);
    modem.mute = wanted !== baud;
  };
  modem.answers["AT+IPR=115200"] = () => {
    baud = 115200;
    return ["OK"];
  };
  link.up({});
  online(80);
  assert.deepEqual(modem.bauds, [115200, 9600, 115200]);
  assert.equal(modem.count("AT&W"), 1);
});

test("a modem that restarts by itself: all sockets are gone, it is set up anew; a second RDY is one", (context) => {
  const { modem, link, changes, online, wait, until } = bench(context, pins);
  link.up({});
  online();
  link.driver.create("a.example", 80, 0, {});
  wait(3);
  modem.take();
  modem.say("RDY", "+CFUN: 1", "+CPIN: READY", "RDY");
  wait(0.2);
  assert.equal(link.isUp, false);
  assert.equal(link.driver.recv(0, 536), -1);
  until(() => link.isUp);
  assert.deepEqual(changes, [true, false, true]);
  assert.equal(modem.count("ATE0"), 1);
  assert.deepEqual(modem.pins, []);
});

test("one that says good-bye is switched on again", (context) => {
  const { modem, link, online, until } = bench(context, pins);
  link.up({});
  online();
  modem.mute = true;
  modem.say("NORMAL POWER DOWN");
  modem.take();
  until(() => modem.pins.length === 2, 10);
  assert.deepEqual(modem.pins, ["key down", "key up"]);
  modem.mute = false;
  modem.say("RDY");
  online();
});

test("one that answers nothing any more is switched off and on by the key, then reset", (context) => {
  const { modem, link, online, until } = bench(context, pins);
  link.up({});
  online();
  modem.mute = true;
  until(() => modem.pins.includes("reset up"), 300);
  assert.deepEqual(modem.pins.slice(0, 4), ["key down", "key up", "reset down", "reset up"]);
  modem.mute = false;
  modem.say("RDY");
  online();
});

test("without an answer of any kind, it is tried for ever, but ever less often", (context) => {
  const { modem, link, wait } = bench(context, pins);
  modem.mute = true;
  link.up({});
  wait(86_400);
  const presses = modem.pins.filter((one) => one === "key down").length;
  assert.ok(presses > 10 && presses <= 64, `${presses}`);
  assert.equal(link.state === "waiting" || link.state === "starting", true);
});

/** What the links keep, and how often something was written. */
function memory() {
  const kept: Record<string, object | undefined> = {};
  const written: string[] = [];
  setLinkMemory(() => ({
    get: (kind) => kept[kind],
    put: (kind, value) => {
      kept[kind] = value;
      written.push(kind);
      return true;
    },
  }));
  return { kept, written };
}

test("a PIN is entered once, and forgotten as tried when it was right", (context) => {
  const { kept } = memory();
  const { modem, link, online } = bench(context);
  let locked = true;
  modem.answers["AT+CPIN?"] = () => [`+CPIN: ${locked ? "SIM PIN" : "READY"}`, "OK"];
  modem.answers['AT+CPIN="1234"'] = () => {
    locked = false;
    return ["OK"];
  };
  link.up({ cellular: { pin: "1234" } });
  online();
  assert.equal(modem.count('AT+CPIN="'), 1);
  assert.equal(kept.pin, undefined);
});

test("a PIN that was refused is never tried again, not after a restart of the board either", (context) => {
  memory();
  for (const pin of ["1234", "1234"]) {
    const { modem, link, wait } = bench(context);
    modem.answers["AT+CPIN?"] = ["+CPIN: SIM PIN", "OK"];
    modem.answers[`AT+CPIN="${pin}"`] = ["+CME ERROR: 16"];
    link.up({ cellular: { pin } });
    wait(600);
    const tries = modem.count('AT+CPIN="');
    assert.ok(tries <= 1);
    assert.match(link.describe(), /waiting: SIM PIN was refused|starting: SIM PIN was refused/);
    assert.doesNotMatch(link.describe(), /1234/);
    link.down();
    mock.timers.reset();
  }
});
