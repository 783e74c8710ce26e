/**
 * Downloads a file in blocks over MQTT into a slot, as often as told, and prints what became of it.
 * @module
 */
import { device } from "#board";
import { setLogLevel } from "../../../../src/debug/log.ts";
import type { Sink } from "../../../../src/http/sink.ts";
import { link } from "../../../../src/link/index.ts";
import { MqttClient } from "../../../../src/mqtt/client.ts";
import { BLOCK_LIMITS, BlockDownload } from "../../../../src/ota/blocks.ts";
import type { Failure } from "../../../../src/ota/failure.ts";
import { SlotWriter } from "../../../../src/ota/writer.ts";
import { openSlot, type Slot } from "../../../../src/store/containers.ts";
import { toHex } from "../../../../src/text/hex.ts";
import { toJson } from "../../../../src/text/json.ts";

interface Case {
  size: number;
  blockBytes: number;
  /** Time for an answer, ms. */
  answer?: number;
  /** The sink moves back to the page's start once, at this byte. */
  rewindAt?: number;
  /** The sink refuses what comes from this byte on. */
  refuseAt?: number;
}

const settings: { port: number; cases: Case[]; answer: number; slotBytes: number } =
  global.settings;

let slot: Slot;
let index = 0;
let blocks: BlockDownload | undefined;
let most = 0;
let idle = 0;

class Target implements Sink {
  readonly size: number;
  private readonly one: Case;
  private readonly writer: SlotWriter;
  private rewound = false;

  constructor(one: Case) {
    this.one = one;
    this.size = one.size;
    this.writer = new SlotWriter(slot, device.flash.page, this);
    this.writer.begin(0);
  }

  get position(): number {
    return this.writer.position;
  }

  onPage(): void {}

  askBlock(offset: number, bytes: number): boolean {
    return ask(offset, bytes);
  }

  downloaded(failure: Failure | null): void {
    over(this, failure);
  }

  accept(bytes: string): number {
    const one = this.one;
    const at = this.position;
    if (one.refuseAt && at >= one.refuseAt) return 2;
    if (one.rewindAt && at >= one.rewindAt && !this.rewound) {
      this.rewound = true;
      this.writer.begin(at - (at % device.flash.page), true);
      return 1;
    }
    const result = this.writer.write(bytes);
    most = Math.max(most, process.memory(false).usage);
    return result;
  }
}

const client = new MqttClient(
  {
    dial: () => require("net").connect({ host: "127.0.0.1", port: settings.port }),
    credentials: () => ({ clientId: "blocks", username: "user", password: "password" }),
    keepalive: 60,
    cleanSession: true,
    backoff: { first: 20, max: 100 },
  },
  { onMessage: onMessage, onOnline: onOnline, onOffline: () => print("offline") },
);

function onMessage(_topic: string, payload: string): void {
  if (blocks) blocks.accept(payload);
}

let started = false;

function onOnline(): void {
  if (started && blocks) blocks.resume();
  if (!started) setTimeout(next, 20);
  started = true;
}

function ask(offset: number, bytes: number): boolean {
  const request = { id: "" + index, fileBlock: { size: bytes, offset: offset } };
  return client.publishText("ask", toJson(request), 0) >= 0;
}

function over(target: Target, failure: Failure | null): void {
  blocks = undefined;
  const digest = toHex(require("crypto").SHA256(slot.read(0, target.size)));
  print(
    "case " +
      index +
      " " +
      JSON.stringify({
        failure: failure,
        position: target.position,
        digest: digest,
        memory: most - idle,
      }),
  );
  index++;
  setTimeout(next, 1);
}

function next(): void {
  const one = settings.cases[index];
  if (!one) {
    print("end");
    return;
  }
  BLOCK_LIMITS.answer = one.answer || settings.answer;
  BLOCK_LIMITS.pause = 5;
  most = 0;
  idle = process.memory().usage;
  const target = new Target(one);
  blocks = new BlockDownload(target, one.blockBytes, target);
  blocks.start();
}

function start(): void {
  setLogLevel("off");
  require("Storage").write("slot.a", "x", 0, settings.slotBytes + device.flash.page);
  slot = openSlot(0) as Slot;
  link.onChange((up) => {
    if (up) client.start();
  });
  link.up(global.settings);
}

start();
