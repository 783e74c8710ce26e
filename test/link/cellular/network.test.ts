import assert from "node:assert/strict";
import test from "node:test";
import { bench, online as goOnline } from "./scripted-modem.ts";

const searching = ["+CEREG: 2,2", "OK"];
const noGprs = ["+CGREG: 2,0", "OK"];

test("without a SIM nothing is cycled at once; with one again it goes on", (context) => {
  const { modem, link, wait, online } = bench(context);
  modem.answers["AT+CPIN?"] = ["+CME ERROR: 10"];
  link.up({});
  wait(200);
  assert.equal(modem.count("AT+CFUN=0"), 0);
  assert.match(link.describe(), /no SIM/);
  wait(150);
  assert.equal(modem.count("AT+CFUN=0"), 1);
  modem.answers["AT+CPIN?"] = ["+CPIN: READY", "OK"];
  online();
});

test("a SIM that wants its PUK is left alone, whatever the settings say", (context) => {
  const { modem, link, wait } = bench(context);
  modem.answers["AT+CPIN?"] = ["+CPIN: SIM PUK", "OK"];
  link.up({ cellular: { pin: "1234" } });
  wait(3600);
  assert.equal(modem.count("AT+CPIN="), 0);
  assert.equal(modem.count("AT+CFUN"), 0);
  assert.match(link.describe(), /PUK/);
});

test("a SIM that is taken out in operation: offline, nothing is cycled, and back when it is", (context) => {
  const made = goOnline(context);
  const { modem, link, wait, online } = made;
  modem.answers["AT+CPIN?"] = ["+CME ERROR: 10"];
  modem.say("+CPIN: NOT READY");
  wait(900);
  assert.equal(link.isUp, false);
  assert.equal(modem.count("AT+CFUN"), 0);
  modem.answers["AT+CPIN?"] = ["+CPIN: READY", "OK"];
  modem.say("+CPIN: READY");
  online(5);
});

test("a guest's registration counts only where the settings allow it", (context) => {
  const { modem, link, wait } = bench(context);
  modem.answers["AT+CEREG?"] = ["+CEREG: 2,5", "OK"];
  modem.answers["AT+CGREG?"] = ["+CGREG: 2,5", "OK"];
  link.up({});
  wait(900);
  assert.equal(link.isUp, false);
  assert.match(link.describe(), /roaming is not allowed/);
  assert.equal(modem.count("AT+CFUN"), 0, "nothing is wrong with the modem");
  modem.answers["AT+CEREG?"] = ["+CEREG: 2,1", "OK"];
  modem.say("+CEREG: 1");
  wait(5);
  assert.equal(link.isUp, true);
});

test("with roaming allowed a guest is online", (context) => {
  const { modem, link, online } = bench(context);
  modem.answers["AT+CEREG?"] = ["+CEREG: 2,5", "OK"];
  modem.answers["AT+CGREG?"] = noGprs;
  link.up({ cellular: { roaming: true } });
  online();
});

test("a report between the question and its answer is not the answer", (context) => {
  const { modem, link, online } = bench(context);
  let asked = 0;
  modem.answers["AT+CEREG?"] = () => {
    asked++;
    return ['+CEREG: 1,"1A2B","01C3D4E5",7', '+CEREG: 2,1,"1A2B","01C3D4E5",7', "OK"];
  };
  link.up({});
  online();
  assert.equal(asked, 1);
  assert.equal(link.identity().cell, "1A2B,01C3D4E5");
});

for (const [stat, seconds] of [
  [3, 30],
  [2, 90],
]) {
  test(`registration ${stat} for ${seconds} s: the radio goes off and on`, (context) => {
    const { modem, link, wait } = bench(context);
    modem.answers["AT+CEREG?"] = [`+CEREG: 2,${stat}`, "OK"];
    modem.answers["AT+CGREG?"] = noGprs;
    link.up({});
    wait(Number(seconds) - 2);
    assert.equal(modem.count("AT+CFUN=0"), 0);
    wait(12);
    assert.equal(modem.count("AT+CFUN=0"), 1);
    assert.equal(modem.count("AT+CFUN=1"), 1);
  });
}

test("a modem that does not search is told to", (context) => {
  const { modem, link, wait } = bench(context);
  modem.answers["AT+CEREG?"] = ["+CEREG: 2,0", "OK"];
  modem.answers["AT+CGREG?"] = noGprs;
  link.up({});
  wait(40);
  assert.equal(modem.count("AT+COPS=0"), 1);
});

test("a registration that flaps, or is lost for a moment, changes nothing; for longer it does", (context) => {
  const made = goOnline(context);
  const { modem, link, changes, wait } = made;
  modem.answers["AT+CEREG?"] = searching;
  modem.answers["AT+CGREG?"] = noGprs;
  for (let i = 0; i < 10; i++) {
    modem.say("+CGREG: 2", "+CEREG: 2");
    wait(2);
    modem.say("+CEREG: 1");
    wait(1);
  }
  assert.deepEqual(changes, [true]);
  modem.say("+CEREG: 2", "+CGREG: 2");
  wait(30);
  assert.deepEqual(changes, [true, false]);
  assert.equal(link.state, "searching");
});

test("signal figures may be missing", (context) => {
  const { modem, link, online, wait } = bench(context);
  modem.answers["AT+CSQ"] = ["+CSQ: 99,99", "OK"];
  modem.answers["AT+COPS?"] = ["+COPS: 0", "OK"];
  link.up({});
  online();
  wait(2);
  assert.deepEqual(link.signal(), { dbm: undefined, bars: 0 });
  assert.equal(link.describe(), "modem, 10.1.2.3");
});

test("the context is activated where it is not, with the settings' names", (context) => {
  const { modem, link, online } = bench(context);
  let isActive = false;
  modem.answers["AT+QIACT?"] = () => (isActive ? ['+QIACT: 1,1,1,"10.0.0.9"', "OK"] : ["OK"]);
  modem.answers["AT+QIACT=1"] = () => {
    isActive = true;
    return ["OK"];
  };
  link.up({ cellular: { apn: "corp", user: "u", password: "p" } });
  online();
  assert.equal(modem.count('AT+QICSGP=1,1,"corp","u","p",3'), 1);
  assert.equal(link.identity().ip, "10.0.0.9");
});

test("the one context has drifted to another number: that is switched off first", (context) => {
  const { modem, link, online } = bench(context);
  let other = true;
  let isActive = false;
  modem.answers["AT+QIACT?"] = () => (isActive ? ['+QIACT: 1,1,1,"10.0.0.9"', "OK"] : ["OK"]);
  modem.answers["AT+CGACT?"] = () => ["+CGACT: 1,0", `+CGACT: 9,${other ? 1 : 0}`, "OK"];
  modem.answers["AT+CGACT=0,9"] = () => {
    other = false;
    return ["OK"];
  };
  modem.answers["AT+QIACT=1"] = () => {
    if (other) return ["ERROR"];
    isActive = true;
    return ["OK"];
  };
  link.up({});
  online();
  assert.equal(modem.count("AT+CGACT=0,9"), 1);
});

test("a BG96 is never told to switch a context by CGACT", (context) => {
  const { modem, link, wait } = bench(context);
  modem.answers.ATI = ["Quectel", "BG96", "Revision: BG96MAR02A07M1G", "OK"];
  modem.answers["AT+QIACT?"] = ["OK"];
  modem.answers["AT+QIACT=1"] = ["ERROR"];
  link.up({});
  wait(60);
  assert.equal(modem.count("AT+CGACT"), 0);
  assert.ok(modem.count("AT+CTZU=1") > 0);
});

test("three contexts in vain: the radio goes off and on; then the modem restarts", (context) => {
  const { modem, link, wait } = bench(context);
  modem.answers["AT+QIACT?"] = ["OK"];
  modem.answers["AT+QIACT=1"] = ["ERROR"];
  link.up({});
  wait(14);
  assert.equal(modem.count("AT+QIACT=1"), 3);
  assert.equal(modem.count("AT+CFUN=0"), 1);
  wait(20);
  assert.equal(modem.count("AT+CFUN=1,1"), 1);
});

test("five opens in vain: the context anew; a server that is away does not cost the network", (context) => {
  const made = goOnline(context, {}, { powerKey: "D25" });
  const { modem, link, wait, until } = made;
  const fail = (code: number) => {
    until(() => link.isUp, 120);
    const id = link.driver.create("away.example", 80, 0, {});
    wait(0.3);
    modem.say(`+QIOPEN: ${id},${code}`);
    wait(0.1);
    link.driver.close(id);
    wait(0.3);
  };
  for (let i = 0; i < 4; i++) fail(566);
  assert.equal(modem.count("AT+QIDEACT=1"), 0);
  fail(566);
  wait(1);
  assert.equal(modem.count("AT+QIDEACT=1"), 1);
  // Much later all means have been used, and it waits for the server online.
  for (let i = 0; i < 60; i++) fail(566);
  const restarts = modem.count("AT+CFUN=1,1");
  assert.ok(restarts >= 1 && restarts <= 3, `${restarts}`);
  for (let i = 0; i < 60; i++) fail(566);
  wait(100);
  assert.equal(link.isUp, true);
  assert.ok(modem.count("AT+CFUN=1,1") + modem.count("AT+QPOWD=1") <= 6);
});

test("a dead data stack, 552 again and again, leads to a restart", (context) => {
  const made = goOnline(context);
  const { modem, link, wait, until } = made;
  for (let i = 0; i < 3; i++) {
    until(() => link.isUp, 120);
    const id = link.driver.create("a.example", 80, 0, {});
    wait(0.3);
    modem.say(`+QIOPEN: ${id},552`);
    wait(0.1);
    link.driver.close(id);
    wait(0.3);
  }
  wait(2);
  assert.equal(modem.count("AT+QIDEACT=1"), 1);
  assert.equal(modem.count("AT+CFUN=1,1"), 1);
});

test("while there is no other traffic, it is probed each 30 s, which tells the signal, too", (context) => {
  const { modem, wait } = goOnline(context);
  wait(300);
  const probes = modem.count("AT+CSQ");
  assert.ok(probes >= 4 && probes <= 10, `${probes}`);
  assert.equal(
    modem.sent.filter((one) => /CEREG|CGREG|CSQ|QLTS|QNTP/.test(one)).length,
    modem.sent.length,
  );
});
