/**
 * The offline queue on a driven ESP32: losses of the connection and of the power, the bound, the
 * clock, and what else goes on meanwhile.
 * @module
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BuildResult } from "../../host/build/index.ts";
import type { Got } from "./queue-platform.ts";
import { buildQueueApp, QueueScene } from "./queue-scene.ts";

/** How long the long loss of connection lasts; a day takes five minutes to simulate. */
const HOURS = Number(process.env.QUEUE_HOURS ?? 1);

let built: BuildResult;
before(async () => {
  built = await buildQueueApp();
});

/** A connection is tried again after 78 s at the latest; then there are the posts. */
const COMES_BACK = 120_000;

const numbers = (got: Got[]) => got.map(({ n }) => n);
const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A scene whose device is logged on and has reported. */
function online(app: Record<string, unknown> = {}): QueueScene {
  const scene = new QueueScene(built, app);
  scene.powerOn();
  assert.ok(
    scene.until(() => scene.platform.got.length > 0, 10_000),
    scene.board.output,
  );
  return scene;
}

test("reports of a loss come as history, in order, with their times; the last as the current", () => {
  const scene = online();
  const { platform } = scene;
  scene.run(5000);
  scene.goOffline();
  const from = scene.board.time;
  scene.run(90_000);
  const last = scene.kept.at(-1) as number;
  scene.comeBack();
  assert.ok(scene.until(() => numbers(platform.history).includes(last), COMES_BACK));
  scene.run(5000);
  const history = numbers(platform.history);
  assert.deepEqual(history, upTo(history.at(-1) as number, history[0]), "once, in order");
  assert.deepEqual(
    [...new Set(numbers(platform.got.filter(({ by }) => by !== "event")))].sort((a, b) => a - b),
    upTo(Math.max(...numbers(platform.got))),
    "all of them",
  );
  for (const { n, time = 0, at } of platform.history) {
    // One a second since the start, of which the loss began at `from`.
    assert.ok(time >= from - 2000 && time <= at, `${n} at ${time}`);
  }
  const times = platform.history.map(({ time = 0 }) => time);
  const steps = times.slice(1).map((time, index) => time - (times[index] as number));
  assert.ok(
    steps.every((step) => Math.abs(step - 1000) < 50),
    steps.join(),
  );
  // The event among them, and no report of the time after in between.
  const [event] = platform.got.filter(({ by }) => by === "event");
  assert.equal(event?.n, 50);
  assert.equal(event?.time, platform.history.find(({ n }) => n === 50)?.time);
  const { posted, dropped } = told(scene);
  assert.equal(dropped, 0);
  assert.ok(posted >= history.length);
  assert.deepEqual(scene.refused, []);
});

/** What the application says of its queue. */
function told(scene: QueueScene) {
  scene.until(() => false, 61_000);
  const [waiting = -1, dropped = -1, posted = -1, refused = -1] = scene.stats;
  return { waiting, dropped, posted, refused };
}

test("without newer reports the last value of the loss becomes the current one", () => {
  const scene = online({ most: 20 });
  scene.goOffline();
  scene.run(30_000);
  scene.comeBack();
  const { platform } = scene;
  const isLast = ({ n, by }: Got) => n === 20 && by === "post";
  assert.ok(scene.until(() => platform.got.some(isLast), COMES_BACK));
  const history = platform.history.find(({ n }) => n === 20);
  assert.equal(platform.got.find(isLast)?.time, history?.time, "with its time");
  scene.run(20_000);
  assert.equal(numbers(platform.got).filter((n) => n === 20).length, 2, "once");
});

test("a loss of power keeps what was reported, and the times, known or not", () => {
  const scene = online();
  scene.goOffline();
  scene.run(20_000);
  scene.powerOff();
  scene.board.time += 3600_000;
  const before = scene.kept.at(-1) as number;
  // Starts without the platform, whose clock it takes.
  scene.powerOn();
  scene.run(10_000);
  const second = scene.board.time;
  scene.comeBack();
  const { platform } = scene;
  assert.ok(scene.until(() => platform.history.length >= before + 5, COMES_BACK));
  scene.run(10_000);
  const [first = [], then = []] = splitByStart(platform.history);
  assert.ok(numbers(first).includes(before), "the first start's");
  for (const { time = 0 } of first) assert.ok(Math.abs(time - (second - 3_620_000)) < 30_000);
  // Made before the clock was known: true times all the same.
  assert.deepEqual(numbers(then).slice(0, 5), [1, 2, 3, 4, 5]);
  const spans = then.slice(0, 5).map(({ n, time = 0 }) => time - (second - 10_000 + n * 1000));
  assert.ok(
    spans.every((span) => Math.abs(span) < 1500),
    spans.join(),
  );
});

/** Numbers begin again with each start. */
function splitByStart(got: Got[]): Got[][] {
  const parts: Got[][] = [];
  for (const one of got) {
    const part = parts.at(-1);
    if (!part || one.n <= (part.at(-1) as Got).n) parts.push([one]);
    else part.push(one);
  }
  return parts;
}

test("times that nobody knows any more count as the time of arrival, in order", () => {
  const scene = new QueueScene(built);
  scene.goOffline();
  scene.powerOn();
  scene.run(10_000);
  const before = scene.kept.at(-1) as number;
  scene.powerOff();
  scene.board.time += 3600_000;
  scene.powerOn();
  scene.run(3000);
  scene.comeBack();
  const { platform } = scene;
  assert.ok(scene.until(() => platform.history.length > before + 2, COMES_BACK));
  const [first = [], then = []] = splitByStart(platform.history);
  assert.deepEqual(numbers(first), upTo(before));
  for (const { time = 0, at } of first) assert.ok(Math.abs(time - at) < 2000, `${time} ${at}`);
  const times = first.map(({ time = 0 }) => time);
  assert.ok(
    times.every((time, index) => index === 0 || time > (times[index - 1] as number)),
    times.join(),
  );
  for (const { n, time = 0 } of then) {
    assert.ok(Math.abs(time - (then[0]?.time ?? 0) - (n - (then[0]?.n ?? 0)) * 1000) < 100);
  }
});

test("an anchor outlives a restart between the clock and the post", () => {
  const scene = new QueueScene(built);
  const { platform } = scene;
  scene.goOffline();
  scene.powerOn();
  scene.run(10_000);
  const made = scene.board.time;
  // The clock is set, but no post is answered.
  platform.verdict = () => undefined;
  scene.comeBack();
  assert.ok(scene.until(() => platform.posts.length > 0, COMES_BACK));
  scene.powerOff();
  scene.board.time += 600_000;
  scene.powerOn();
  platform.verdict = () => 200;
  assert.ok(scene.until(() => platform.history.length >= 9, COMES_BACK));
  for (const { n, time = 0 } of platform.history.slice(0, 9)) {
    assert.ok(Math.abs(time - (made - 10_000 + n * 1000)) < 1500, `${n}: ${time - made}`);
  }
});

test(`${HOURS} h without connection: bounded, the oldest go, memory stays`, (context) => {
  const scene = online({ stats: 600_000 });
  const { platform } = scene;
  scene.goOffline();
  scene.run(HOURS * 3600_000, 60_000);
  const last = scene.kept.at(-1) as number;
  assert.ok(last > HOURS * 3500);
  const early = scene.vars[0] as number;
  const late = scene.vars.at(-1) as number;
  assert.ok(Math.abs(late - early) < 40, `JsVars ${scene.vars.slice(0, 5)} … ${late}`);
  const dropped = scene.stats[1] as number;
  assert.ok(dropped > 0);
  const direct = numbers(platform.got).length;

  // It drains at 20 reports a second and more, while an RRPC is answered within one.
  scene.comeBack();
  const isBack = () => platform.posts.length > 0;
  assert.ok(scene.until(isBack, 120_000));
  const start = scene.board.time;
  let asked = 0;
  const isDrained = () => {
    if (asked < 5) platform.rrpc(`${asked++}`, '{"a":1}');
    return numbers(platform.history).includes(last);
  };
  const askedAt = scene.board.time;
  assert.ok(scene.until(isDrained, 120_000, 1000));
  const { history } = platform;
  const seconds = ((history.at(-1) as Got).at - start) / 1000;
  const rate = history.length / seconds;
  context.diagnostic(
    `${last} reports, ${dropped} dropped, ${history.length} kept, ${rate.toFixed(0)} a second, ` +
      `JsVars ${early} to ${late}`,
  );
  assert.ok(rate >= 20, `${rate} a second`);
  for (let id = 0; id < 5; id++) {
    const answer = platform.answers.get(`${id}`);
    assert.equal(answer?.payload, '{"echo":{"a":1}}');
    assert.ok(answer && answer.at - (askedAt + id * 1000) < 1000, `RRPC ${id}`);
  }
  // The newest are all there, once and in order.
  const all = numbers(history);
  assert.deepEqual(all, upTo(all.at(-1) as number, all[0]));
  assert.ok(all.length > 400, `${all.length}`);
  const end = all.at(-1) as number;
  const events = platform.got.filter(({ by, n }) => by === "event" && n <= end).length;
  const made = end + Math.floor(end / 50);
  // The application tells every ten minutes.
  scene.run(600_000, 60_000);
  const found = direct + events + (scene.stats[1] as number) + all.length;
  assert.ok(Math.abs(found - made) < 20, `${found} of ${made}`);
  const sizes = platform.posts.map(({ bytes }) => bytes);
  assert.ok(Math.max(...sizes) < 2500, "posts stay small");
});

test("a platform that refuses, throttles or says nothing", () => {
  const scene = online();
  const { platform } = scene;
  scene.goOffline();
  scene.run(45_000);
  // One report is wrong, the first posts are throttled, one has no answer.
  const codes = [429, 500, undefined];
  platform.verdict = (by, values) => {
    if (by === "post") return 200;
    if (codes.length > 0) return codes.shift();
    return values.includes(30) ? 460 : 200;
  };
  scene.comeBack();
  const last = scene.kept.at(-1) as number;
  assert.ok(scene.until(() => numbers(platform.history).includes(last), 120_000));
  scene.run(1000);
  const history = numbers(platform.history);
  const expected = upTo(history.at(-1) as number, history[0]).filter((n) => n !== 30);
  assert.deepEqual(history, expected);
  assert.ok(scene.board.output.includes("a report is refused: code 460"));
  assert.equal(told(scene).refused, 1);
});

test("a report under way when the connection goes is kept, and nothing waits in the outbox", () => {
  const scene = online();
  const { platform } = scene;
  platform.verdict = () => undefined;
  scene.run(3000);
  scene.goOffline();
  scene.run(5000);
  scene.powerOff();
  platform.verdict = () => 200;
  scene.comeBack();
  scene.powerOn();
  assert.ok(scene.until(() => platform.history.length >= 6, COMES_BACK));
  const [first = []] = splitByStart(platform.history);
  const all = numbers(first);
  assert.deepEqual(all, upTo(all.at(-1) as number, all[0]));
  assert.ok((all[0] as number) <= 4, "those without an answer are among them");
});

test("a restart in the middle of the posts sends at most one of them twice", () => {
  const scene = online();
  const { platform } = scene;
  scene.goOffline();
  scene.run(200_000);
  const last = scene.kept.at(-1) as number;
  scene.countFrom(1000);
  // The reply to the third post is lost with the power.
  platform.verdict = () => {
    if (platform.posts.length === 3) return undefined;
    return 200;
  };
  scene.comeBack();
  assert.ok(scene.until(() => platform.posts.length === 3, COMES_BACK));
  scene.powerOff();
  scene.powerOn();
  assert.ok(scene.until(() => numbers(platform.history).includes(last), COMES_BACK));
  scene.run(1000);
  const old = numbers(platform.history).filter((n) => n < 1000);
  assert.deepEqual(
    old,
    upTo(old.at(-1) as number, old[0]),
    "the third was not taken the first time",
  );
});

test("power cuts at each operation of the flash lose no report that was taken", (context) => {
  const scene = online({ every: 100 });
  scene.goOffline();
  // Once around the ring, and near a page's end.
  let erases = 0;
  scene.board.flash.hook = ({ kind }) => {
    if (kind === "erase") erases++;
    return undefined;
  };
  assert.ok(scene.until(() => erases > 0, 120_000, 1000));
  scene.comeBack();
  const isDrained = () => scene.platform.got.slice(-30).every(({ by }) => by === "post");
  assert.ok(scene.until(() => scene.platform.posts.length > 5 && isDrained(), 120_000, 1000));
  scene.goOffline();
  erases = 0;
  assert.ok(scene.until(() => erases > 0, 120_000, 100));
  scene.run(6000);
  const before = scene.kept.at(-1) as number;
  scene.powerOff();
  const start = scene.board.flash.bytes.slice();
  let cuts = 0;
  let turned = 0;
  for (;;) {
    const operation = cuts + 1;
    const torn = (cuts % 3) / 2;
    const again = new QueueScene(built, {}, start.slice());
    const { platform, board } = again;
    again.goOffline();
    again.countFrom(100_000);
    again.powerOn();
    let count = 0;
    board.flash.hook = ({ kind, length }) => {
      if (++count !== operation) return undefined;
      if (kind === "erase") turned++;
      return { kind: "cut", bytes: Math.floor(length * torn) };
    };
    again.run(1800);
    if (board.isOn) break;
    cuts++;
    const promised = [...again.kept];
    again.network.reset();
    again.comeBack();
    again.powerOn();
    const has = (n: number) => numbers(platform.history).includes(n);
    const id = `cut ${operation}, ${torn}`;
    assert.ok(
      again.until(() => has(before) && promised.every(has), COMES_BACK),
      `${id}: ${promised} of ${numbers(platform.history)}`,
    );
    // One more than was promised may be there: written, and the power gone before the word of it.
    const all = numbers(platform.history);
    const first = all.filter((n) => n < 100_000);
    assert.deepEqual(first, upTo(before, first[0]), id);
    const second = all.slice(first.length);
    assert.deepEqual(second.slice(0, promised.length), promised, id);
  }
  context.diagnostic(`${cuts} cuts, ${turned} while a page was erased`);
  assert.ok(cuts >= 15 && turned > 0);
});
