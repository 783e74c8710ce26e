import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { mock, type TestContext } from "node:test";
import { setLogLevel } from "../../src/debug/log.ts";
import { createFallbackLink } from "../../src/link/fallback.ts";
import type { Link, LinkSettings, UpgradeListener } from "../../src/link/link.ts";
import type { NetworkDriver } from "../../src/link/network.ts";

/** A link that goes up and down as the test says. */
class FakeLink implements Link {
  isUp = false;
  readonly counters = {};
  readonly calls: string[] = [];
  fault: string | undefined;
  clock: number | undefined;
  upgrade?: NonNullable<Link["upgrade"]>;
  private listener: (up: boolean) => void = () => {};

  constructor(
    readonly name: string,
    readonly driver?: NetworkDriver,
  ) {}

  get state() {
    return this.isUp ? ("up" as const) : ("searching" as const);
  }

  up(settings: LinkSettings): void {
    this.calls.push(`up ${settings.wifi?.[0]?.ssid}`);
    if (this.fault !== undefined) throw new Error(this.fault);
  }

  down(): void {
    this.calls.push("down");
    this.set(false);
  }

  set(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    this.listener(up);
  }

  onChange(listener: (up: boolean) => void): void {
    this.listener = listener;
  }

  look(): void {
    this.calls.push("look");
  }

  signal() {
    return { dbm: -70, bars: this.name === "first" ? 3 : 1 };
  }

  identity() {
    return { operator: this.name };
  }

  time() {
    return this.clock;
  }

  describe(): string {
    return `${this.name} ${this.isUp ? "up" : "down"}`;
  }
}

const driver: NetworkDriver = {
  create: () => 0,
  recv: () => "",
  send: () => 0,
  close: () => {},
  accept: () => -1,
};
const settings = { wifi: [{ ssid: "home", password: "s3cret" }] };
const options = { downAfter: 60, stableFor: 120 };

/** What stands for the interpreter's hidden root. */
interface Root {
  net: string;
  JSN?: unknown;
  HttpCC?: { clsNow?: boolean }[];
}

function start(context: TestContext, { firstHasDriver = false } = {}) {
  setLogLevel("off");
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const root: Root = { net: "own" };
  Object.assign(globalThis, {
    ÿ: root,
    require: (name: string) => {
      assert.equal(name, "NetworkJS");
      return {
        create: (object: unknown) => {
          root.net = "script";
          root.JSN = object;
        },
      };
    },
  });
  const first = new FakeLink("first", firstHasDriver ? driver : undefined);
  const second = new FakeLink("second", firstHasDriver ? undefined : driver);
  const link = createFallbackLink(first, second, options);
  const told: string[] = [];
  link.onChange((up) => told.push(`${up} over ${root.net}`));
  return { root, first, second, link, told, wait: (seconds: number) => tick(seconds) };
}

/** Timers that are set meanwhile are due from their own start. */
function tick(seconds: number): void {
  for (let i = 0; i < seconds * 2; i++) mock.timers.tick(500);
}

/** Falls over and is up on the second link. */
function fallenOver(context: TestContext) {
  const scene = start(context);
  scene.link.up(settings);
  scene.wait(60);
  scene.second.set(true);
  scene.wait(1);
  return scene;
}

test("only the first link is started, and the sockets are its own", (context) => {
  const { link, first, second, root, told, wait } = start(context);
  link.up(settings);
  assert.deepEqual(first.calls, ["up home"]);
  first.set(true);
  wait(3600);
  assert.deepEqual(second.calls, []);
  assert.deepEqual(told, ["true over own"]);
  assert.equal(root.net, "own");
  assert.equal(link.isUp, true);
});

test("the second is started after the stated time, and used when it is up", (context) => {
  const { link, second, root, told, wait } = start(context);
  link.up(settings);
  wait(59.5);
  assert.deepEqual(second.calls, []);
  wait(0.5);
  assert.deepEqual(second.calls, ["up home"]);
  assert.equal(link.state, "searching");
  second.set(true);
  wait(1);
  assert.deepEqual(told, ["true over script"]);
  assert.equal(root.JSN, driver);
  assert.equal(link.describe(), "second up (instead of first down)");
  assert.deepEqual(link.identity(), { operator: "second" });
  assert.equal(link.signal().bars, 1);
  assert.deepEqual({ ...link.counters }, { ups: 1, downs: 0, switches: 1 });
});

test("short outages of the first link start nothing", (context) => {
  const { link, first, second, told, wait } = start(context);
  link.up(settings);
  for (let i = 0; i < 10; i++) {
    first.set(true);
    wait(1);
    first.set(false);
    wait(59);
  }
  assert.deepEqual(second.calls, []);
  assert.equal(told.length, 20);
});

test("a first link that comes while the second is starting stops that", (context) => {
  const { link, first, second, told, wait } = start(context);
  link.up(settings);
  wait(60);
  first.set(true);
  assert.deepEqual(second.calls, ["up home", "down"]);
  assert.deepEqual(told, ["true over own"]);
  first.set(false);
  wait(60);
  assert.deepEqual(second.calls, ["up home", "down", "up home"]);
});

test("the first is used again when it has been up for the stated time without a break", (context) => {
  const { link, first, second, root, told, wait } = fallenOver(context);
  first.set(true);
  wait(119);
  first.set(false);
  wait(1);
  first.set(true);
  wait(119.5);
  assert.deepEqual(told, ["true over script"]);
  wait(0.5);
  assert.deepEqual(told, ["true over script", "false over script", "true over own"]);
  assert.equal(root.JSN, undefined);
  assert.deepEqual(second.calls, ["up home", "down"]);
  assert.equal(link.describe(), "first up");
});

test("a second link that is lost leads back at once, stable or not", (context) => {
  const { first, second, told, wait } = fallenOver(context);
  first.set(true);
  wait(10);
  second.set(false);
  wait(1);
  assert.deepEqual(told, ["true over script", "false over script", "true over own"]);
});

test("with both down, the one that comes first is used", (context) => {
  const { link, first, second, told, wait } = fallenOver(context);
  second.set(false);
  wait(300);
  assert.equal(link.isUp, false);
  second.set(true);
  second.set(false);
  first.set(true);
  wait(1);
  assert.deepEqual(told.slice(-2), ["false over script", "true over own"]);
});

test("all sockets are closed between the networks, and listeners let go of theirs before", (context) => {
  const { link, first, second, root, told, wait } = start(context);
  link.up(settings);
  first.set(true);
  const left = {};
  root.HttpCC = [left];
  first.set(false);
  wait(60);
  second.set(true);
  assert.deepEqual(root.HttpCC, [{ clsNow: true }]);
  wait(1);
  assert.deepEqual([root.net, told.at(-1)], ["own", "false over own"]);
  assert.equal(link.isUp, false);
  root.HttpCC = [];
  wait(1);
  assert.deepEqual([root.net, told.at(-1)], ["script", "true over script"]);
});

test("a link that goes while sockets are being closed is not called up", (context) => {
  const { link, first, second, root, told, wait } = start(context);
  link.up(settings);
  wait(60);
  root.HttpCC = [{}];
  second.set(true);
  second.set(false);
  root.HttpCC = [];
  wait(1);
  assert.deepEqual(told, []);
  first.set(true);
  wait(1);
  assert.deepEqual(told, ["true over own"]);
});

test("the first link may be the one with a driver", (context) => {
  const { link, first, second, root, told, wait } = start(context, { firstHasDriver: true });
  link.up(settings);
  assert.equal(root.net, "script");
  first.set(true);
  first.set(false);
  wait(60);
  second.set(true);
  wait(1);
  first.set(true);
  wait(121);
  assert.deepEqual(told, [
    "true over script",
    "false over script",
    "true over own",
    "false over own",
    "true over script",
  ]);
});

test("after down() nothing follows, and up() begins anew", (context) => {
  const { link, first, second, told, wait } = fallenOver(context);
  link.down();
  first.set(true);
  second.set(true);
  wait(600);
  assert.deepEqual(told, ["true over script", "false over script"]);
  assert.equal(first.calls.at(-1), "down");
  assert.equal(second.calls.at(-1), "down");
  second.set(false);
  link.up(settings);
  wait(1);
  assert.equal(told.at(-1), "true over own");
});

test("a first link whose settings can't work is told; a second one is left", (context) => {
  const { link, first, second, told, wait } = start(context);
  first.fault = '"wifi" must list at least one';
  assert.throws(() => link.up(settings), /"wifi" must list/);
  wait(600);
  assert.deepEqual(second.calls, []);
  first.fault = undefined;
  second.fault = '"cellular.apn" must be a text';
  link.up(settings);
  wait(600);
  assert.deepEqual(second.calls, ["up home"]);
  first.set(true);
  assert.deepEqual(told, ["true over own"]);
});

test("the time is the first's, else the second's", (context) => {
  const { link, first, second } = start(context);
  assert.equal(link.time(), undefined);
  second.clock = 2;
  assert.equal(link.time(), 2);
  first.clock = 1;
  assert.equal(link.time(), 1);
});

test("an upgrade of the second link's firmware keeps it going until its end", (context) => {
  const { first, second, wait } = start(context);
  let listener: UpgradeListener | undefined;
  second.upgrade = (url, version, to) => {
    second.calls.push(`upgrade ${url} ${version}`);
    listener = to;
  };
  const link = createFallbackLink(first, second, options);
  link.up(settings);
  first.set(true);
  const heard: string[] = [];
  link.upgrade?.("http://files/modem.bin", "R02", {
    reach: (percent) => heard.push(`${percent} %`),
    done: (failure) => heard.push(failure || "done"),
  });
  assert.deepEqual(second.calls, ["up home", "upgrade http://files/modem.bin R02"]);
  first.set(false);
  first.set(true);
  wait(300);
  listener?.reach(50, "");
  assert.equal(second.calls.length, 2);
  listener?.done("");
  assert.deepEqual(heard, ["50 %", "done"]);
  assert.equal(second.calls.at(-1), "down");
});

test("without a link that has firmware of its own there is no upgrade", (context) => {
  assert.equal(start(context).link.upgrade, undefined);
});

test("it shows no secrets", (context) => {
  const { link } = fallenOver(context);
  assert.ok(!JSON.stringify(link).includes("s3cret"));
});

test("the link in use is the one that is looked at when a connection has failed", (context) => {
  const looksOf = ({ calls }: FakeLink) => calls.filter((call) => call === "look").length;
  const before = start(context);
  before.link.up(settings);
  before.first.set(true);
  before.link.look();
  assert.deepEqual([looksOf(before.first), looksOf(before.second)], [1, 0]);
  const after = fallenOver(context);
  after.link.look();
  assert.deepEqual([looksOf(after.first), looksOf(after.second)], [0, 1]);
});
