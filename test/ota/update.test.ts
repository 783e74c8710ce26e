/**
 * What users see of an update beside its bytes: progress, one update at a time, the application's
 * and the platform's say, attempts that are counted.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { inProject } from "../../host/build/project.ts";
import { packImage } from "../../host/image/image.ts";
import type { Offer } from "../power/platform.ts";
import { wholeAnswer } from "../power/platform.ts";
import { OLD } from "../power/scene.ts";
import { Story } from "./story.ts";

const hooked = join(import.meta.dirname, "device/hooked.ts");
const out = inProject(".cache/hooked");
const begin = () => Story.begin({ entry: hooked, outDir: out });

/** A server that sends so many bytes a request and then breaks: an update takes its time. */
const slowly =
  (bytes: number) =>
  (file: Buffer, from: number): ReturnType<typeof wholeAnswer> => {
    const { head, body } = wholeAnswer(file, from);
    return { head, body: body.subarray(0, bytes) };
  };

test("progress: 1 to 100 as texts, rising, at most one per 5 % and per 2 s, 100 at the end", async () => {
  const story = await begin();
  const { platform, scene } = story;
  const reports: { step: number; at: number }[] = [];
  let seen = 0;
  platform.answer = slowly(1500);
  platform.offers(story.good("1.1.0"));
  scene.until(() => {
    for (; seen < platform.progress.length; seen++) {
      reports.push({ step: platform.progress[seen]?.step ?? 0, at: scene.board.time });
    }
    return platform.version === "1.1.0";
  }, 3_600_000);
  assert.equal(platform.version, "1.1.0");
  assert.ok(reports.length > 5, JSON.stringify(reports));
  assert.deepEqual([reports[0]?.step, reports.at(-1)?.step], [1, 100]);
  reports.slice(1).forEach(({ step, at }, index) => {
    const before = reports[index] ?? { step: 0, at: 0 };
    assert.ok(step >= before.step + 4, `${before.step} then ${step}`);
    // the scene looks every 250 ms
    assert.ok(at - before.at >= 1750, `${at - before.at} ms between two reports`);
  });
});

test("the same push twice is one update", async () => {
  const story = await begin();
  const { platform } = story;
  const offer = story.good("1.1.0");
  platform.answer = slowly(20000);
  platform.offers(offer);
  story.scene.run(500);
  platform.offers(offer);
  platform.offers(offer);
  story.online("1.1.0");
  const size = offer.files[0]?.bytes.length ?? 0;
  assert.ok(platform.sent < 1.1 * size, `${platform.sent} bytes for ${size}`);
});

test("starts that follow one another at once: the same package joins, another replaces", async () => {
  const story = await begin();
  const { platform } = story;
  platform.answer = slowly(20000);
  story.evaluate("stay=1");
  platform.offers(story.good("1.1.0"));
  story.scene.run(500);
  const start = (name: string) => `ota.start().then(function(ok){ended.push("${name} "+ok)})`;
  const ended = () => story.evaluate("ended.sort().join()");
  story.evaluate(`(ended=[],${start("a")},${start("b")},0)`);
  assert.equal(ended(), "");
  story.evaluate("verdict=false");
  const other = "JSON.parse(JSON.stringify(seen).split('1.1.0').join('1.2.0'))";
  const take = (data: string, name: string) => `ota.setOtaData(${data}),${start(name)}`;
  story.evaluate(`(${take("seen", "c")},${take(other, "d")},0)`);
  story.scene.run(500);
  assert.equal(ended(), "a false,b false,c false");
  assert.equal(story.evaluate("asked"), "2");
  // What waits for its turn is cancelled, what is started after that is not.
  story.evaluate(`(ota.cancel(),ended=[],${start("e")},ota.cancel(),${start("f")},0)`);
  story.scene.run(500);
  assert.equal(ended(), "d false,e false");
  assert.equal(story.evaluate("ota.cancel()"), "true");
  story.scene.run(500);
  assert.equal(ended(), "d false,e false,f false");
});

test("a push with another version replaces the update that runs", async () => {
  const story = await begin();
  const { platform } = story;
  platform.answer = slowly(5000);
  platform.offers(story.good("1.1.0"));
  story.scene.run(2500);
  assert.ok(platform.requests > 1);
  platform.offers(story.good("1.2.0"));
  story.online("1.2.0");
  assert.ok(!platform.informed.includes("1.1.0"));
  assert.equal(story.evaluate("ali.ota().version"), "1.2.0");
});

test("a push with another version replaces one that waits for the restart", async () => {
  const story = await begin();
  story.evaluate("stay=1");
  story.platform.offers(story.good("1.1.0"));
  assert.ok(story.scene.until(() => story.evaluate("outcomes[0]") === "true", 60_000));
  story.evaluate("stay=0");
  story.succeeds(story.good("1.2.0"));
});

test("a push of the version that runs is answered by informing it", async () => {
  const story = await begin();
  const { platform } = story;
  const before = platform.informed.length;
  platform.offers(story.good(OLD));
  story.scene.run(3000);
  assert.equal(platform.informed.length, before + 1);
  assert.equal(platform.requests, 0);
  assert.equal(story.evaluate("outcomes.join()"), "false");
});

test("the application may refuse, with a text", async () => {
  const story = await begin();
  story.evaluate('verdict="the pump is running"');
  const { step, desc } = story.fails(story.good("1.1.0"));
  assert.deepEqual([step, desc], [-1, "the pump is running"]);
  assert.equal(story.platform.requests, 0);
  story.evaluate("verdict=true");
  story.succeeds(story.good("1.1.0"));
});

test("the application may put an update off; it is asked again every minute", async () => {
  const story = await begin();
  story.evaluate("verdict=false");
  story.platform.offers(story.good("1.1.0"));
  story.scene.run(150_000);
  assert.equal(story.evaluate("asked"), "3");
  assert.equal(story.platform.requests, 0);
  assert.deepEqual(story.platform.progress, []);
  story.evaluate("verdict=true");
  story.online("1.1.0");
});

test("a canUpdate that throws counts as later", async () => {
  const story = await begin();
  story.evaluate('ota.setCanUpdate(function(){throw new Error("oops")})');
  story.platform.offers(story.good("1.1.0"));
  story.scene.run(1000);
  assert.match(story.scene.board.output, /canUpdate failed: .*oops/);
  story.evaluate("ota.setCanUpdate(undefined)");
  story.online("1.1.0");
});

test("the application may cancel, and start again", async () => {
  const story = await begin();
  const { platform } = story;
  const offer = story.good("1.1.0");
  platform.answer = slowly(4000);
  platform.offers(offer);
  story.scene.run(2500);
  assert.equal(story.evaluate("ota.cancel()"), "true");
  assert.equal(story.evaluate("ota.cancel()"), "false");
  platform.offer = undefined;
  const requests = platform.requests;
  story.scene.run(60_000);
  assert.equal(platform.requests, requests);
  assert.deepEqual(platform.progress.at(-1), { step: -1, desc: "cancelled by the application" });
  story.succeeds(offer);
});

test("an update that waits for the restart can be cancelled, too", async () => {
  const story = await begin();
  const { platform, scene } = story;
  story.evaluate("stay=1");
  platform.offers(story.good("1.1.0"));
  assert.ok(scene.until(() => story.evaluate("outcomes[0]") === "true", 60_000));
  assert.equal(story.evaluate("ali.ota().update.state"), "waits for the restart");
  assert.equal(story.evaluate("ota.cancel()"), "true");
  assert.equal(story.evaluate("ota.cancel()"), "false");
  scene.run(1000);
  assert.equal(platform.progress.at(-1)?.step, -1);
  scene.powerOff();
  scene.powerOn();
  story.online(OLD);
  assert.ok(!platform.informed.includes("1.1.0"));
  story.succeeds(story.good("1.1.0"));
});

test("a job that the platform cancels meanwhile is given up before the restart", async () => {
  const story = await begin();
  const { platform } = story;
  const offer = story.good("1.1.0");
  platform.answer = slowly(20000);
  platform.offers(offer);
  story.scene.run(2500);
  assert.ok(platform.requests > 0);
  const { files } = offer;
  // The files stay where they are; the task is gone.
  platform.offer = { version: OLD, files, data: { version: undefined } };
  story.scene.run(120_000);
  assert.match(story.scene.board.output, /the platform has withdrawn the update/);
  assert.equal(story.evaluate("ali.ota().version"), OLD);
  assert.equal(story.evaluate("ali.ota().update.state"), "over");
  story.succeeds(story.good("1.2.0"));
});

test("a package that failed three times is not tried again, a newer one is", async () => {
  const story = await begin();
  const { scene } = story;
  const bad = story.bad("1.1.0");
  for (let time = 1; time <= 3; time++) {
    const { step, desc } = story.fails(bad);
    assert.equal(step, -1);
    assert.match(desc, /1\.1\.0 was rolled back: .*nothing/);
    assert.equal(story.evaluate("ali.ota().update.failures"), `${time}`);
    scene.powerOff();
    scene.powerOn();
    story.online(OLD);
  }
  const requests = story.platform.requests;
  assert.match(story.fails(bad).desc, /not tried again: failed 3 times/);
  assert.equal(story.platform.requests, requests);
  story.succeeds(story.good("1.1.1"));
  assert.match(story.fails(bad).desc, /not tried again/);
});

test("a failure that the platform could not hear of is told after the next log-on", async () => {
  const story = await begin();
  const { platform, scene } = story;
  scene.cutMqtt();
  story.evaluate(
    "ota.setOtaData({version:'9',module:'QuecPython-Tracker',size:2000,signMethod:'Md5',sign:'" +
      "0".repeat(32) +
      "',url:'http://files.test:8080/7'})",
  );
  story.evaluate("ota.start()");
  scene.run(60_000);
  assert.equal(platform.progress.length, 0);
  scene.powerOff();
  scene.restoreMqtt();
  scene.powerOn();
  story.online(OLD);
  assert.equal(platform.progress.length, 1);
  assert.equal(platform.progress[0]?.step, -2);
  assert.match(platform.progress[0]?.desc ?? "", /404/);
  scene.powerOff();
  scene.powerOn();
  story.online(OLD);
  assert.equal(platform.progress.length, 1);
});

test("the application may confirm itself; until then three starts lead back", async () => {
  const story = await begin();
  const { scene, platform } = story;
  const script = Buffer.concat([Buffer.from("manual=1;\n"), story.script]);
  const image = (version: string): Offer => {
    const entries = [
      { name: "main.js", bytes: script },
      { name: "table.bin", bytes: Buffer.from("0123") },
    ];
    const bytes = packImage({ board: "esp32", module: platform.module, version, entries });
    return { version, files: [{ name: "image.bin", bytes }] };
  };
  platform.offers(image("1.1.0"));
  story.online("1.1.0");
  assert.equal(story.evaluate("ali.ota().trial"), "true");
  assert.equal(story.evaluate('ota.file("table.bin")+ota.file("none")'), "0123undefined");
  for (let start = 0; start < 3; start++) {
    scene.powerOff();
    scene.powerOn();
    scene.run(5000);
  }
  assert.equal(story.evaluate("ali.ota().version"), OLD);
  assert.match(platform.progress.at(-1)?.desc ?? "", /not confirmed within 3 starts/);
  platform.offers(image("1.2.0"));
  story.online("1.2.0");
  assert.equal(story.evaluate("ota.confirm()"), "true");
  scene.powerOff();
  scene.powerOn();
  story.online("1.2.0");
  assert.equal(story.evaluate("ali.ota().trial"), "false");
});

test("the firmware module is handed to a link that upgrades itself", async () => {
  const story = await begin();
  const { platform, scene } = story;
  story.evaluate("stay=1");
  story.evaluate(
    "link.upgrade=function(url,version,listener){upgraded=[url,version].join();handed=listener;" +
      "listener.reach(40,'the modem loads')}",
  );
  platform.offers({ ...story.good("R03A12"), data: { module: "EC600N-CNLC" } });
  scene.run(5000);
  assert.equal(story.evaluate("upgraded"), "http://files.test:8080/0?Signature=x,R03A12");
  story.evaluate("handed.reach(70,'the modem loads')");
  story.evaluate("handed.done('')");
  assert.deepEqual(platform.progress, [
    { step: 1, desc: "handed to the link" },
    { step: 70, desc: "the modem loads" },
  ]);
  assert.equal(story.evaluate("outcomes.join()"), "true");
  platform.offers(undefined);
  platform.offers({ ...story.good("R03A13"), data: { module: "EC600N-CNLC" } });
  scene.run(1000);
  story.evaluate("handed.done('the modem refused the file')");
  scene.run(1000);
  assert.deepEqual(platform.progress.at(-1), { step: -1, desc: "the modem refused the file" });
});
