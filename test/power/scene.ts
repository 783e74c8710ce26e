/**
 * A driven board with the very bundle in its flash, and a platform that answers at once: an update
 * takes a few milliseconds, and any state of the flash can be started from.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlashHook } from "../../host/board/flash/nor-flash.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import type { BoardFile } from "../../host/board/power.ts";
import type { BuildResult } from "../../host/build/index.ts";
import { installFirmware } from "../../host/demo/install.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { Network } from "./network.ts";
import { MQTT_PORT, type Offer, Platform } from "./platform.ts";

const WIFI = { ssid: "driven", password: "driven-board" };
/** Time passes in steps of this, ms. */
const STEP = 250;

/** Version of the image that is flashed over USB. */
export const OLD = "1.0.0";

/** The contents of a board's flash as it leaves the desk. */
export function flashed(
  board: BoardFile,
  build: BuildResult,
  more: Record<string, unknown> = {},
): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "flash-"));
  try {
    const file = join(folder, "espruino.flash");
    const settings = {
      productKey: "a1PowerCuts",
      deviceName: "board",
      deviceSecret: "0123456789abcdef0123456789abcdef",
      server: `mqtt.test:${MQTT_PORT}`,
      qos: 1,
      wifi: [WIFI],
      log: "error",
      ...more,
    };
    installFirmware(file, board.machine, build, JSON.stringify(settings), { version: OLD });
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the board says of itself (`ali.ota()`). */
export interface Told {
  version: string;
  trial: boolean;
  active: number;
  slot: number;
  update?: { version: string; state: string; failures: number; why?: string };
}

/** What a scene begins with. */
export interface Start {
  board: BoardFile;
  /** Contents of the flash; they become the board's own. */
  flash: Uint8Array;
  offer?: Offer | undefined;
}

export class Scene {
  readonly board: DrivenBoard;
  readonly platform: Platform;
  /** Console output since the scene began. */
  output = "";
  readonly #network = new Network();

  constructor({ board, flash, offer }: Start) {
    this.platform = new Platform(this.#network, PROJECT_NAME);
    this.platform.offer = offer;
    this.board = new DrivenBoard({
      board,
      bytes: flash,
      network: this.#network,
      wifi: { networks: [WIFI], delay: 10 },
    });
  }

  powerOn(hook?: FlashHook): void {
    this.platform.informed.length = 0;
    this.board.powerOn(hook);
  }

  powerOff(): void {
    this.board.powerOff();
    this.#network.reset();
  }

  /** The platform can't be reached; files can. */
  cutMqtt(): void {
    this.#network.cut(MQTT_PORT);
  }

  restoreMqtt(): void {
    this.#network.restore(MQTT_PORT);
  }

  /** Lets time pass until the condition holds or the power is gone; false after `limit` ms. */
  until(condition: () => boolean, limit: number): boolean {
    const end = this.board.time + limit;
    while (!condition()) {
      if (!this.board.isOn) return false;
      if (this.board.time >= end) return false;
      this.board.run(STEP);
    }
    return true;
  }

  /** What the board says of itself; throws an Error with the console's last words. */
  ask(): Told {
    const { board } = this;
    const before = board.output.length;
    board.type('print("TOLD"+JSON.stringify(ali.ota()));\n');
    board.run(100);
    const text = /TOLD(\{.*\})/.exec(board.output.slice(before))?.[1];
    if (!text) throw new Error(`no answer on the console: ${board.output.slice(-400)}`);
    return JSON.parse(text) as Told;
  }

  /** Lets time pass, ms. */
  run(ms: number): void {
    this.board.run(ms);
  }
}
