/**
 * A driven board whose application reports through the offline queue, and its platform.
 * @module
 */
import { join } from "node:path";
import * as esp32 from "../../boards/esp32.ts";
import type { FlashHook } from "../../host/board/flash/nor-flash.ts";
import { DrivenBoard, FileStore } from "../../host/board/index.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { Network } from "../power/network.ts";
import { flashed } from "../power/scene.ts";
import { QueuePlatform } from "./queue-platform.ts";

const MQTT_PORT = 1883;

/** Builds the application, once as long as the sources do not change. */
export async function buildQueueApp(): Promise<BuildResult> {
  const outDir = inProject(".cache/queue");
  const app = join(import.meta.dirname, "device/queue.ts");
  return build({ board: "esp32", app, outDir, quiet: true });
}

export class QueueScene {
  readonly board: DrivenBoard;
  readonly network = new Network();
  readonly platform: QueuePlatform;
  /** Numbers whose report was promised to be kept or taken, and those that were not. */
  readonly kept: number[] = [];
  readonly refused: number[] = [];
  /** The application's last word: waiting, dropped, posted, refused. */
  stats: number[] = [];
  /** JsVars in use, over time. */
  readonly vars: number[] = [];
  #read = 0;

  constructor(built: BuildResult, app: Record<string, unknown> = {}, bytes?: Uint8Array) {
    const flash = bytes ?? flashed(esp32, built, { app, keepalive: 1200, log: "warn" });
    this.board = new DrivenBoard({
      board: esp32,
      bytes: flash,
      network: this.network,
      wifi: { networks: [{ ssid: "driven", password: "driven-board" }], delay: 10 },
      pollMs: 20,
    });
    this.platform = new QueuePlatform(this.network, () => Math.floor(this.board.time));
  }

  /** Lets the application count from here on at its next start. */
  countFrom(n: number): void {
    const store = new FileStore(this.board.flash, esp32.machine.flash.storage);
    store.write("first", Buffer.from(String(n)));
  }

  powerOn(hook?: FlashHook): void {
    this.#read = 0;
    this.board.powerOn(hook);
  }

  powerOff(): void {
    this.board.powerOff();
    this.network.reset();
  }

  goOffline(): void {
    this.network.cut(MQTT_PORT);
  }

  comeBack(): void {
    this.network.restore(MQTT_PORT);
  }

  /** Lets time pass, ms, and reads what the application printed. */
  run(ms: number, step = 250): void {
    for (let left = ms; left > 0 && this.board.isOn; left -= step)
      this.board.run(Math.min(step, left));
    this.#listen();
  }

  /** Lets time pass until the condition holds; false after `limit` ms. */
  until(condition: () => boolean, limit: number, step = 250): boolean {
    const end = this.board.time + limit;
    while (!condition()) {
      if (this.board.time >= end || !this.board.isOn) return false;
      this.run(step, step);
    }
    return true;
  }

  #listen(): void {
    const text = this.board.output.slice(this.#read);
    const end = text.lastIndexOf("\n") + 1;
    this.#read += end;
    for (const [, n, taken] of text.slice(0, end).matchAll(/KEPT (\d+) (true|false)/g)) {
      (taken === "true" ? this.kept : this.refused).push(Number(n));
    }
    for (const [, list = ""] of text.slice(0, end).matchAll(/STATS (\[.*\])/g)) {
      this.stats = JSON.parse(list);
    }
    for (const [, vars] of text.slice(0, end).matchAll(/VARS (\d+)/g)) this.vars.push(Number(vars));
  }
}
