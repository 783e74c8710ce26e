/**
 * The very firmware on a board with two links, driven.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as board from "../../boards/esp32.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import { build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { Random } from "../mqtt/random.ts";
import { Network } from "../power/network.ts";
import { MQTT_PORT } from "../power/platform.ts";
import { flashed } from "../power/scene.ts";
import { LendingComputer, ReportPlatform } from "./dual-peers.ts";

const REPORTS = 100;
/** Of each seed. */
const STORM = 400;
const HOME = { ssid: "driven", password: "driven-board" };

const built = await build({
  board: "esp32",
  boardFile: join(import.meta.dirname, "device/dual/board.ts"),
  outDir: inProject(".cache/link/dual"),
  quiet: true,
});
const flash = flashed(board, built, { log: "info" });

class Scene {
  readonly network = new Network();
  readonly platform = new ReportPlatform(this.network, MQTT_PORT);
  readonly computer = new LendingComputer(this.network, () => {
    this.platform.over = "line";
  });
  readonly board: DrivenBoard;
  /** Reports so far. */
  sent = 0;

  constructor() {
    const { network, platform } = this;
    this.board = new DrivenBoard({
      board,
      bytes: flash.slice(),
      network: {
        create: (_host, port) => {
          platform.over = "wifi";
          return network.create(undefined, port);
        },
        receive: (id, max) => network.receive(id, max),
        send: (id, bytes) => network.send(id, bytes),
        close: (id) => network.close(id),
        accept: () => network.accept(),
      },
      wifi: { networks: [HOME], delay: 500 },
      serial: { Serial2: this.computer },
      companions: [this.computer],
    });
    this.board.powerOn();
    assert.ok(this.until(() => platform.logOns === 1, 60));
  }

  /** Lets seconds pass, up to `limit`, until something holds. */
  until(holds: () => boolean, limit: number): boolean {
    for (let i = 0; i < limit * 4 && !holds(); i++) this.board.run(250);
    return holds();
  }

  /** One numbered report a second. */
  report(count: number): void {
    for (let i = 0; i < count; i++) {
      this.board.type(`ali.report({energy:${++this.sent}});\n`);
      this.board.run(1000);
    }
  }

  ask(expression: string): string {
    const before = this.board.output.length;
    this.board.type(`print("TOLD",${expression});\n`);
    this.board.run(50);
    return /TOLD (.*)\r\n/.exec(this.board.output.slice(before))?.[1] ?? "";
  }

  /** JsVars in use. */
  usage(): number {
    return Number(this.ask("process.memory().usage"));
  }

  /** Waits until all reports have arrived, or so many seconds. */
  arrive(limit: number): boolean {
    const count = () => new Set(this.platform.received.map(({ number }) => number)).size;
    return this.until(() => count() === this.sent, limit);
  }

  wifi(there: boolean): void {
    this.board.wifi = { networks: there ? [HOME] : [], delay: 500 };
  }

  /** All numbered reports came, in order of first arrival, and twice only as a repetition. */
  check(): void {
    const { received } = this.platform;
    const first = [...new Set(received.map(({ number }) => number))];
    const all = Array.from({ length: this.sent }, (_, index) => index + 1);
    assert.deepEqual(first, all);
    const fresh = received.filter(({ dup }) => !dup);
    assert.equal(new Set(fresh.map(({ number }) => number)).size, fresh.length);
    assert.deepEqual(this.board.restarts, []);
    assert.doesNotMatch(this.board.output, /Uncaught|CLOSED UNKNOWN/);
  }

  overs(from: number, to: number): string[] {
    const part = this.platform.received.filter(({ number }) => number >= from && number <= to);
    return [...new Set(part.map(({ over }) => over))];
  }
}

/** The sample application's own first report. */
function withoutFirst(scene: Scene): Scene {
  scene.board.run(5000);
  scene.platform.received.length = 0;
  return scene;
}

test("the Wi-Fi goes for a while: reports go on over the line, and back, none lost", () => {
  const scene = withoutFirst(new Scene());
  const { platform, computer } = scene;
  scene.report(10);
  const before = scene.usage();
  // The answers to these get lost with the access point.
  platform.deafTo = 2;
  scene.report(2);
  scene.wifi(false);
  scene.report(8);
  assert.equal(computer.asked, false);
  scene.report(17);
  assert.equal(computer.asked, true);
  assert.match(scene.ask("ali.status().link"), /^line \(instead of Wi-Fi down: /);
  assert.deepEqual(scene.overs(30, 37), ["line"]);
  scene.wifi(true);
  scene.report(10);
  assert.deepEqual(scene.overs(40, 47), ["line"]);
  scene.report(53);
  assert.ok(scene.arrive(30));
  assert.deepEqual([scene.sent, computer.asked, computer.sockets.size], [REPORTS, false, 0]);
  assert.deepEqual(scene.overs(80, 100), ["wifi"]);
  assert.match(scene.ask("ali.status().link"), /^Wi-Fi driven, /);
  assert.equal(platform.logOns, 3);
  scene.check();
  // Timers and the last reply differ by a few.
  const growth = scene.usage() - before;
  assert.ok(growth < 80, `${growth} JsVars more`);
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`links that come and go at random lose nothing, seed ${seed}`, () => {
    const scene = withoutFirst(new Scene());
    const { platform, computer } = scene;
    const random = new Random(seed);
    const end = scene.board.time + 3_600_000;
    while (scene.sent < STORM && scene.board.time < end) {
      if (random.next() < 0.5) platform.deafTo = random.below(3);
      scene.wifi(random.next() < 0.5);
      computer.lends = random.next() < 0.7;
      for (let seconds = random.below(40); seconds >= 0; seconds--) {
        // A full outbox would refuse it.
        const room = Number(scene.ask("ali.stats().mqtt.outbox")) < 30;
        if (room && scene.sent < STORM) scene.report(1);
        else scene.board.run(1000);
      }
    }
    platform.deafTo = 0;
    scene.wifi(true);
    computer.lends = true;
    assert.ok(scene.arrive(200), scene.board.output.slice(-500));
    scene.check();
    assert.equal(scene.sent, STORM);
    assert.ok(platform.received.some(({ over }) => over === "line"));
    assert.ok(platform.received.some(({ over }) => over === "wifi"));
  });
}
