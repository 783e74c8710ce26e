/**
 * What the driver does, and leaves alone, about single faults of the catalogue, at the simulated
 * module. `faults.test.ts` shows that it gets over the others while data goes both ways.
 */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { ModemOptions } from "../../../host/modem/index.ts";
import type { CellularSettings } from "../../../src/link/link.ts";
import { Client, collector, type Kept, type Simulation, simulate } from "./simulated.ts";

interface Case extends Simulation {
  /** Commands that begin or end so, so far. */
  sent(text: string): number;
  /** Forgets them. */
  forget(): void;
}

function prepare(
  context: TestContext,
  options: Partial<ModemOptions> = {},
  settings: CellularSettings = {},
  kept: Kept = {},
): Case {
  let heard = "";
  const trace = (direction: ">" | "<", bytes: string) => {
    if (direction === ">") heard += bytes;
  };
  const simulation = simulate(context, { trace, ...options }, settings, kept);
  return {
    ...simulation,
    // What follows a payload stands on its line.
    sent: (text) =>
      heard.split("\r").filter((line) => line.startsWith(text) || line.endsWith(text)).length,
    forget: () => {
      heard = "";
    },
  };
}

function online(context: TestContext, settings: CellularSettings = {}): Case {
  const made = prepare(context, {}, settings);
  made.until(() => made.link.isUp);
  made.run(5);
  made.forget();
  return made;
}

/** An open connection to a server that keeps what it gets. */
function connected(made: Case) {
  const connections = collector(made.network, "host.example", 1883);
  const client = new Client(made, "host.example", 1883);
  made.until(() => client.isOpen);
  const [server] = connections;
  assert.ok(server);
  made.forget();
  return { client, server };
}

test("F10: a module that hangs is asked a few times, then switched off and on by its key", (context) => {
  const made = online(context);
  const boots = made.modem.boots;
  made.modem.inject("F10.hang");
  made.until(() => !made.link.isUp, 180);
  assert.ok(made.sent("AT") <= 12, "no storm of AT");
  made.until(() => made.modem.boots > boots && made.link.isUp, 180);
  assert.equal(made.link.counters.restarts, 1);
  assert.equal(made.sent("AT+CFUN"), 0, "who hangs is not asked");
});

for (const fault of ["F11.restart", "F11.twice"]) {
  test(`${fault}: a restart ends all sockets at once, and is handled once`, (context) => {
    const made = online(context);
    const { client } = connected(made);
    made.modem.inject(fault);
    made.until(() => client.isClosed, 10);
    made.until(() => made.link.isUp);
    made.run(30);
    assert.equal(made.link.counters.resets, 1);
    assert.equal(made.sent("ATE0"), 1);
    assert.equal(made.link.counters.restarts, 0, "it had restarted already");
  });
}

for (const fault of ["F12.normal", "F12.powered", "F12.undervoltage"]) {
  test(`${fault}: nothing is sent until it has been switched on again`, (context) => {
    const made = online(context);
    const boots = made.modem.boots;
    made.modem.inject(fault);
    made.until(() => !made.link.isUp, 5);
    made.forget();
    made.until(() => made.modem.power !== "off", 30);
    assert.equal(made.sent("AT"), 0);
    made.until(() => made.link.isUp);
    assert.equal(made.modem.boots, boots + 1);
    assert.equal(made.link.counters.restarts, 1, "counted");
  });
}

test("F13.on: a module that is on already is not pressed off", (context) => {
  const made = prepare(context, { start: "ready" });
  let presses = 0;
  const press = made.modem.powerKey.bind(made.modem);
  made.modem.powerKey = (low) => {
    if (low) presses++;
    press(low);
  };
  made.until(() => made.link.isUp);
  assert.equal(presses, 0);
});

test("F13.pulse: a module that a pulse has switched off is switched on again", (context) => {
  const made = online(context);
  made.modem.inject("F13.pulse");
  made.until(() => !made.link.isUp, 120);
  made.until(() => made.link.isUp, 120);
});

for (const fault of ["F14.slow", "F14.silent", "F15.boot", "F39.autobaud"]) {
  test(`${fault}: one boot is enough`, (context) => {
    const made = prepare(context);
    made.modem.inject(fault);
    made.until(() => made.link.isUp, 90);
    assert.equal(made.modem.boots, 1);
    assert.equal(made.link.counters.restarts, 0);
  });
}

test("F39.mismatch: the rate is searched for, and set for good", (context) => {
  const made = prepare(context, { start: "ready" });
  made.modem.inject("F39.mismatch", { value: 460_800 });
  made.until(() => made.link.isUp, 120);
  assert.equal(made.sent("AT+IPR=115200"), 1);
  assert.equal(made.sent("AT&W"), 1);
});

test("F17.absent: no card is told, and looked for each 30 s; the radio's turn comes after ten looks", (context) => {
  const made = prepare(context, { sim: { state: "absent" } });
  made.run(240);
  assert.match(made.link.describe(), /no SIM/);
  const looks = made.sent("AT+CPIN?");
  assert.ok(looks >= 7 && looks <= 10, `${looks}`);
  assert.equal(made.sent("AT+CFUN=0"), 0);
  made.run(150);
  assert.equal(made.sent("AT+CFUN=0"), 1);
});

test("F17.pin: the PIN is entered once, and again only after it was right", (context) => {
  const made = prepare(context, { sim: { pin: "1234" } }, { pin: "1234" });
  made.until(() => made.link.isUp);
  made.modem.restart();
  made.until(() => !made.link.isUp);
  made.until(() => made.link.isUp);
  assert.equal(made.sent('AT+CPIN="1234"'), 2);
});

test("F17.pin: a refused PIN is not tried again, however often the board starts", (context) => {
  const kept: Kept = {};
  const made = prepare(context, { sim: { pin: "1234" } }, { pin: "9999" }, kept);
  made.run(300);
  made.link.down();
  made.link.up({ cellular: { pin: "9999" } });
  made.run(300);
  assert.equal(made.sent("AT+CPIN="), 1);
  assert.match(made.link.describe(), /PIN was refused/);
});

test("F17.puk: a card that wants its PUK is left alone", (context) => {
  const made = prepare(context, { sim: { state: "puk" } }, { pin: "1234" });
  made.run(600);
  assert.equal(made.sent("AT+CPIN="), 0);
  assert.equal(made.sent("AT+CFUN"), 0);
  assert.match(made.link.describe(), /PUK/);
});

test("F17.failure: a card that fails: the radio goes off and on, later the module", (context) => {
  const made = prepare(context, { sim: { state: "failure" } });
  made.run(60);
  assert.equal(made.sent("AT+CFUN=0"), 1);
  made.until(() => made.modem.boots > 1, 120);
});

test("F18.removed: offline, but nothing is cycled; online when the card is back", (context) => {
  const made = online(context);
  made.modem.inject("F18.removed", { ms: 600_000 });
  made.until(() => !made.link.isUp, 10);
  made.run(550);
  assert.equal(made.sent("AT+CFUN"), 0);
  made.until(() => made.link.isUp, 120);
  assert.equal(made.link.counters.restarts, 0);
});

test("F19.roaming: a guest stays offline, and nothing is cycled, unless the settings allow it", (context) => {
  const made = prepare(context, { registration: { stat: 5 } });
  made.run(900);
  assert.equal(made.link.isUp, false);
  assert.equal(made.sent("AT+CFUN"), 0);
  made.link.down();
  made.link.up({ cellular: { roaming: true } });
  made.until(() => made.link.isUp);
});

test("F20: without figures of the signal it stays online", (context) => {
  const made = online(context);
  made.modem.inject("F20.signal", { ms: 120_000 });
  made.run(110);
  assert.deepEqual(made.changes, [true]);
  assert.equal(made.link.signal().dbm, undefined);
});

test("F22.drift F23.now: the context is taken down before it comes up; sockets end", (context) => {
  const made = online(context);
  const { client } = connected(made);
  made.modem.inject("F23.now");
  made.until(() => client.isClosed, 10);
  made.until(() => made.link.isUp, 60);
  assert.equal(made.sent("AT+QIDEACT=1"), 1);
  assert.equal(made.sent("AT+QIACT=1"), 1);
  assert.equal(made.link.counters.contexts, 1);
  assert.equal(made.sent("AT+CFUN"), 0);
});

test("F25.used: the number is freed and used", (context) => {
  const made = online(context);
  made.modem.inject("F25.used");
  const { client } = connected(made);
  assert.equal(client.isClosed, false);
});

test("F28.missing: a payload that has left is looked for, not sent again", (context) => {
  const made = online(context);
  const { client, server } = connected(made);
  made.modem.inject("F28.missing");
  client.write("once");
  made.run(30);
  assert.equal(server.received, "once");
  assert.equal(made.sent("AT+QISEND=0,4"), 1);
  assert.equal(made.sent("AT+QISEND=0,0"), 1);
  client.write(" and again");
  made.until(() => server.received === "once and again");
});

test("F28.lost: a payload that the module does not count is sent again", (context) => {
  const made = online(context);
  const { client, server } = connected(made);
  made.modem.inject("F28.lost");
  client.write("twice");
  made.until(() => server.received === "twice" || client.isClosed, 60);
  assert.equal(server.received, "twice");
});

test("F29.glued: data first, then the end", (context) => {
  const made = online(context);
  const { client, server } = connected(made);
  made.modem.inject("F29.glued");
  server.peer.send("last words");
  made.until(() => client.isClosed, 30);
  assert.equal(client.received, "last words");
});

test("F30.lost: data without a report is found within a few seconds", (context) => {
  const made = online(context);
  const { client, server } = connected(made);
  made.modem.inject("F30.lost");
  server.peer.send("unannounced");
  made.until(() => client.received === "unannounced", 7);
});

test("F36.usbat: a socket whose opening was not reported counts as open, and reports come again", (context) => {
  const made = online(context);
  made.modem.inject("F36.usbat");
  const { client, server } = connected(made);
  assert.equal(client.isClosed, false);
  made.run(1);
  server.peer.send("heard");
  made.until(() => client.received === "heard", 1);
});

test("F37.degraded: a data stack that is dead ends in a restart", (context) => {
  const made = online(context);
  made.modem.inject("F37.degraded");
  const boots = made.modem.boots;
  collector(made.network, "host.example", 1883);
  let client = new Client(made, "host.example", 1883);
  made.until(() => {
    if (client.isClosed && made.link.isUp) client = new Client(made, "host.example", 1883);
    return client.isOpen;
  }, 300);
  assert.equal(made.modem.boots, boots + 1);
});

test("F40.sleep: a module that sleeps gets its command again", (context) => {
  const made = online(context);
  made.modem.inject("F40.sleep");
  const { client, server } = connected(made);
  for (const text of ["one", "two", "three"]) {
    made.run(60);
    server.received = "";
    client.write(text);
    made.until(() => server.received === text, 60);
  }
  assert.equal(made.link.counters.restarts, 0);
});

test("F41.clock F41.network: no time is no fault", (context) => {
  const made = prepare(context, { nitz: false });
  made.modem.inject("F41.565");
  made.until(() => made.link.isUp);
  made.run(60);
  assert.deepEqual(made.changes, [true]);
  assert.equal(made.link.counters.restarts, 0);
});

test("F42: a payload leaves in pieces of at most 536 bytes, without a pause", (context) => {
  const made = online(context);
  const { client, server } = connected(made);
  const text = "x".repeat(5000);
  client.write(text);
  made.until(() => server.received === text, 30);
  assert.equal(made.sent("AT+QISEND=0,536"), 9);
});
