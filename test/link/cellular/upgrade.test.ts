import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { type MemoryNetwork, type ModemOptions, makePackage } from "../../../host/modem/index.ts";
import { type Kept, type Simulation, simulate } from "./simulated.ts";

const OLD = "EC600NCNLCR03A11M16";
const NEW = "EC600NCNLCR03A12M16";
const SMALL_OLD = "EC600NCNLCR01A01M08";
const SMALL_NEW = "EC600NCNLCR01A02M08";
const URL = "http://files.example/fw/package.bin";

/** Files by path, over HTTP. */
function serve(network: MemoryNetwork, files: Record<string, string>): void {
  network.listen("files.example", 80, (peer) => {
    let request = "";
    return {
      onData: (bytes) => {
        request += bytes;
        if (!request.includes("\r\n\r\n")) return;
        const body = files[request.split(" ")[1] ?? ""];
        const head = body === undefined ? "404 Not Found" : "200 OK";
        peer.send(
          `HTTP/1.1 ${head}\r\nContent-Length: ${(body ?? "").length}\r\nConnection: close\r\n\r\n${body ?? ""}`,
        );
        peer.close();
      },
    };
  });
}

interface Case extends Simulation {
  percents: number[];
  /** Empty: success. */
  ends: string[];
  start(url?: string, version?: string): void;
}

function prepare(context: TestContext, options: Partial<ModemOptions> = {}, kept?: Kept): Case {
  const made = prepareOff(context, options, kept);
  made.until(() => made.link.isUp);
  return made;
}

/** Before the modem is up. */
function prepareOff(context: TestContext, options: Partial<ModemOptions>, kept?: Kept): Case {
  const simulation = simulate(context, { revision: OLD, ...options }, {}, kept);
  const percents: number[] = [];
  const ends: string[] = [];
  serve(simulation.network, { "/fw/package.bin": makePackage({ from: OLD, to: NEW }) });
  const start = (url = URL, version = NEW) =>
    simulation.link.upgrade(url, version, {
      reach: (percent) => percents.push(percent),
      done: (failure) => ends.push(failure),
    });
  return { ...simulation, percents, ends, start };
}

const orders = ({ trace }: Simulation) =>
  trace.filter((line) => line.includes(" > ") && line.includes("QFOTADL")).length;

test("an upgrade in one step, with all its restarts", (context) => {
  const kept: Kept = {};
  const made = prepare(context, {}, kept);
  made.start();
  made.until(() => made.link.state === "upgrading", 5);
  assert.deepEqual(kept.modem, { v: NEW, u: URL, n: 1 });
  made.until(() => made.ends.length > 0, 300);
  assert.deepEqual(made.ends, [""]);
  assert.equal(kept.modem, undefined);
  assert.ok(made.percents.length > 8, `${made.percents}`);
  assert.deepEqual(
    made.percents,
    [...made.percents].sort((a, b) => a - b),
  );
  made.until(() => made.link.isUp);
  assert.equal(made.link.identity().revision, NEW);
  assert.equal(made.link.counters.restarts, 0, "the ladder held still");
});

test("an upgrade in two steps", (context) => {
  const made = prepare(context, { revision: SMALL_OLD });
  const part = makePackage({ from: SMALL_OLD, to: SMALL_NEW });
  serve(made.network, { "/p.mini_1": part, "/p.mini_2": part });
  made.start("http://files.example/p.mini_1", SMALL_NEW);
  made.until(() => made.ends.length > 0, 600);
  assert.deepEqual(made.ends, [""]);
  made.until(() => made.link.isUp);
  assert.equal(made.link.identity().revision, SMALL_NEW);
  assert.equal(made.link.counters.restarts, 0);
});

test("F38: the second part is missing at first: the modem is told again where it is", (context) => {
  const made = prepare(context, { revision: SMALL_OLD });
  const part = makePackage({ from: SMALL_OLD, to: SMALL_NEW });
  serve(made.network, { "/p.mini_1": part, "/p.mini_2": part });
  made.modem.inject("F38.mini");
  made.start("http://files.example/p.mini_1", SMALL_NEW);
  made.until(() => made.ends.length > 0, 1500);
  assert.deepEqual(made.ends, [""]);
  assert.equal(orders(made), 2);
});

test("F38: a download that fails is tried once more", (context) => {
  const made = prepare(context);
  made.modem.inject("F38.716");
  made.start();
  made.until(() => made.ends.length > 0, 600);
  assert.deepEqual(made.ends, [""]);
});

test("two failures are enough, for later orders and after a restart of the board, too", (context) => {
  const kept: Kept = {};
  const made = prepare(context, {}, kept);
  const url = "http://files.example/none.bin";
  made.start(url);
  made.until(() => made.ends.length > 0, 900);
  assert.match(made.ends[0] ?? "", /download failed: error 720/);
  made.until(() => made.link.isUp);
  const before = orders(made);
  made.start(url);
  made.until(() => made.ends.length > 1, 60);
  assert.match(made.ends[1] ?? "", /failed twice/);
  assert.equal(made.link.isUp, true);
  assert.equal(orders(made), before);
  // Another version is another matter.
  serve(made.network, { "/fw/package.bin": makePackage({ from: OLD, to: "EC600NCNLCR03A13M16" }) });
  made.start(URL, "EC600NCNLCR03A13M16");
  made.until(() => made.ends.length > 2, 300);
  assert.equal(made.ends[2], "");
});

test("F38: a package for another version is refused, and not tried again", (context) => {
  const made = prepare(context);
  serve(made.network, { "/fw/package.bin": makePackage({ from: "EC600NCNLCR03A10M16", to: NEW }) });
  made.start();
  made.until(() => made.ends.length > 0, 300);
  assert.deepEqual(made.ends, ["the modem refuses the package: error 507"]);
  made.until(() => made.link.isUp);
  assert.equal(made.link.identity().revision, OLD);
});

test("F38: only what the modem runs afterwards counts: success without END", (context) => {
  const made = prepare(context);
  made.modem.inject("F38.no-end");
  made.start();
  made.until(() => made.ends.length > 0, 600);
  assert.deepEqual(made.ends, [""]);
});

test("only what the modem runs afterwards counts: END, but another version", (context) => {
  const made = prepare(context);
  serve(made.network, { "/fw/package.bin": makePackage({ from: OLD, to: "EC600NCNLCR03A99M16" }) });
  made.start();
  made.until(() => made.ends.length > 0, 1200);
  assert.match(made.ends[0] ?? "", /507|runs EC600NCNLCR03A99M16, not EC600NCNLCR03A12M16/);
});

test("the upgrade goes on after a restart of the board in its middle", (context) => {
  const kept: Kept = {};
  const made = prepare(context, {}, kept);
  made.start();
  made.until(() => made.percents.some((percent) => percent > 50), 300);
  made.link.down();
  assert.ok(kept.modem);
  const { percents } = made;
  const before = percents.length;
  made.link.up({ cellular: {} });
  assert.equal(made.link.state, "upgrading");
  made.until(() => kept.modem === undefined, 600);
  made.until(() => made.link.isUp);
  assert.equal(made.link.identity().revision, NEW);
  assert.equal(percents.length >= before, true);
  assert.equal(made.link.counters.restarts, 0);
});

test("a push after the board's restart joins the upgrade that goes on", (context) => {
  const kept: Kept = { modem: { v: NEW, u: URL, n: 1 } };
  const made = prepareOff(context, {}, kept);
  made.start(URL, "EC600NCNLCR99A99M08");
  assert.match(made.ends.join(), /runs already/);
  made.start();
  assert.equal(made.ends.length, 1, "nothing has ended yet");
  made.until(() => made.ends.length > 1, 900);
  assert.equal(made.ends[1], "");
  assert.ok(made.percents.length > 0);
  made.until(() => made.link.isUp);
  assert.equal(made.link.identity().revision, NEW);
});

test("F38: a modem that is silent for longer than any upgrade keeps its power", (context) => {
  const made = prepare(context);
  made.modem.inject("F38.stuck");
  made.start();
  made.until(() => made.ends.length > 0, 1200);
  assert.deepEqual(made.ends, ["no end within 15 minutes; the modem is left alone"]);
  made.run(600);
  assert.equal(made.link.state, "upgrading");
  assert.equal(made.link.counters.restarts, 0);
});

test("an address that can't be given to the modem is refused before anything is done", (context) => {
  const made = prepare(context);
  made.start(`http://files.example/${"x".repeat(250)}`);
  made.start('http://files.example/"');
  assert.deepEqual(made.ends, [
    "the address has 271 bytes, this modem takes 255",
    "the address holds a character that can't stand in a command",
  ]);
  assert.equal(made.link.isUp, true);
});

test("what already runs is success at once", (context) => {
  const made = prepare(context);
  made.start(URL, OLD);
  made.until(() => made.ends.length > 0, 5);
  assert.deepEqual(made.ends, [""]);
  assert.equal(made.link.isUp, true);
});
