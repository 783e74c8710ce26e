/**
 * Images that are whole but whose script is no good: each is given up within its
 * starts or its time, the old version runs again, the platform is told why, and a following good
 * update succeeds. An outage of the network alone undoes no good update.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { device } from "../../boards/esp32.ts";
import { packImage } from "../../host/image/image.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { buildProgram } from "../mqtt/interpreter.ts";
import type { Offer } from "../power/platform.ts";
import { Story } from "./story.ts";

const MINUTE = 60_000;
const { starts, linkMinutes, totalMinutes, watchdogSeconds } = device.trial;
/** For download, restarts and log-ons around a trial, ms. */
const AROUND = 2 * MINUTE;

const entry = join(import.meta.dirname, "device/unconfirmed.ts");
const unconfirmed = await buildProgram(entry, "esp32");
const nothing = "nothing.of.the.kind();";

interface BadScript {
  what: string;
  script: string;
  /** What the platform has to be told as the cause. */
  cause: RegExp;
  /** Within so many milliseconds on the board's clock. */
  within: number;
  /** How often it starts: once unless said otherwise. */
  starts?: number;
}

const linkUp = linkMinutes * MINUTE + AROUND;
const notUp = /not confirmed within 5 min of the link being up/;
const startsUp = /not confirmed within 3 starts/;
const hung = { cause: startsUp, within: starts * watchdogSeconds * 1000 + AROUND, starts };
const restarts = { cause: startsUp, within: AROUND, starts };
const neverUp = { cause: /not confirmed *$/, within: totalMinutes * MINUTE + AROUND };

const scripts: BadScript[] = [
  {
    what: "has a syntax error",
    script: "var a = 1;\nfunction (;\n",
    cause: /Got|[Uu]nexpected|Expect/,
    within: AROUND,
    starts: 0,
  },
  {
    what: "throws while it is loaded",
    script: `var a = 1;\n${nothing}`,
    cause: /nothing is not defined at .*:3:/,
    within: AROUND,
  },
  {
    what: "throws after 1 s",
    script: `setTimeout(function () {\n${nothing}\n}, 1000);\n${unconfirmed}`,
    // Places count from the start of the file, so with the header.
    cause: /nothing is not defined at slot\.[ab]:\d+:\d+ nothing/,
    within: AROUND,
  },
  {
    what: "throws after 60 s",
    script: `setTimeout(function () {\n${nothing}\n}, 60000);\n${unconfirmed}`,
    cause: /nothing is not defined at slot\.[ab]:\d+:\d+ nothing/,
    within: AROUND + MINUTE,
  },
  { what: "never ends being loaded", script: "for (;;) getTime();", ...hung },
  {
    what: "hangs after 10 s",
    script: `setTimeout(function () { for (;;) getTime(); }, 10000);\n${unconfirmed}`,
    ...hung,
  },
  {
    what: "takes all memory while it is loaded",
    script: 'var a = [];\nfor (;;) a.push("a text of its own " + a.length);',
    ...neverUp,
  },
  { what: "never brings the link up", script: "setInterval(function () {}, 1000);", ...neverUp },
  {
    what: "has wrong credentials",
    script: `global.stranger = "stranger";\n${unconfirmed}`,
    cause: notUp,
    within: linkUp,
  },
  { what: "never confirms", script: unconfirmed, cause: notUp, within: linkUp },
  {
    what: "resets again and again",
    script: `setTimeout(function () { reset(); }, 100);\n${unconfirmed}`,
    ...restarts,
  },
  {
    what: "prints endlessly",
    script: 'for (;;) print("again", getTime());',
    ...hung,
  },
  { what: "reboots again and again", script: "E.reboot();", ...restarts },
  {
    what: "loads again and again",
    script: "setTimeout(function () { load(); }, 100);",
    ...restarts,
  },
  {
    what: "loads while it is loaded, which the interpreter does once",
    script: "load();",
    ...neverUp,
    starts: 2,
  },
];

const story = await Story.begin();
const { scene, platform } = story;
const { board } = scene;
const { tick } = board;
platform.logOn = (username) => (username.startsWith("stranger&") ? 4 : 0);
afterEach(() => {
  board.tick = tick;
});

function offerOf(version: string, script: string): Offer {
  const entries = [{ name: "main.js", bytes: Buffer.from(script, "latin1") }];
  const bytes = packImage({ board: "esp32", module: PROJECT_NAME, version, entries });
  return { version, files: [{ name: "image.bin", bytes }] };
}

/** How often the image of a version has started. */
const startsOf = (version: string, from: number) =>
  board.output.slice(from).split(`starting ${version}\r\n`).length - 1;

for (const [index, bad] of scripts.entries()) {
  test(`an image is rolled back that ${bad.what}`, () => {
    const old = platform.version;
    const version = `1.${index + 1}.0`;
    const from = board.output.length;
    // A look at the clock takes 1 ms: scripts that hang look at it, so that their time passes.
    board.tick = 1;
    const began = board.time;
    const { step, desc } = story.fails(
      offerOf(version, `print("starting ${version}");\n${bad.script}`),
    );
    const took = board.time - began;
    board.tick = tick;
    assert.equal(step, -1);
    assert.match(desc, bad.cause);
    assert.ok(desc.startsWith(`${version} was rolled back: `), desc);
    assert.equal(startsOf(version, from), bad.starts ?? 1);
    assert.ok(took <= bad.within, `${took} ms, at most ${bad.within} expected`);
    assert.equal(platform.version, old);
    assert.equal(story.evaluate("ali.ota().version"), old);
    story.succeeds(story.good(`1.${index + 1}.1`));
  });
}

test("a good image is confirmed after 20 minutes without a network", () => {
  const { wifi } = board;
  // It takes a second to be online: time to take the network away.
  board.wifi = { ...wifi, delay: 1000 };
  platform.offers(story.good("2.0.0"));
  const reboots = board.restarts.length;
  assert.ok(scene.until(() => board.restarts.length > reboots, AROUND));
  board.wifi = { networks: [] };
  scene.run(20 * MINUTE);
  assert.notEqual(platform.version, "2.0.0");
  board.wifi = wifi;
  story.online("2.0.0");
  assert.equal(story.evaluate("ali.ota().trial"), "false");
  assert.equal(board.restarts.length, reboots + 1);
});
