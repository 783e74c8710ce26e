/**
 * Downloads files over HTTP into a slot, one after another, and prints what became of each.
 * @module
 */
import { device } from "#board";
import { setLogLevel } from "../../../../src/debug/log.ts";
import { HTTP_LIMITS, HttpDownload } from "../../../../src/http/download.ts";
import type { Sink } from "../../../../src/http/sink.ts";
import { link } from "../../../../src/link/index.ts";
import type { Failure } from "../../../../src/ota/failure.ts";
import { SlotWriter } from "../../../../src/ota/writer.ts";
import { openSlot, type Slot } from "../../../../src/store/containers.ts";
import { flashCounts } from "../../../../src/store/flash.ts";
import { toHex } from "../../../../src/text/hex.ts";

interface Case {
  url: string;
  size: number;
  /** Where the slot is filled up to already. */
  from?: number;
  /** The link goes down at this byte, for so many ms. */
  linkDown?: { at: number; ms: number };
  /** `stop()` is called at this byte. */
  stopAt?: number;
  /** The sink refuses the byte at this position. */
  refuseAt?: number;
}

const settings: { cases: Case[]; limits: object; slotBytes: number } = global.settings;

let slot: Slot;

class Target implements Sink {
  readonly size: number;
  private readonly one: Case;
  private readonly writer: SlotWriter;
  private linkWasDown = false;
  download: HttpDownload | undefined;
  /** Bytes that came after `stop` or a refusal. */
  late = 0;
  ended = false;

  constructor(one: Case) {
    this.one = one;
    this.size = one.size;
    this.writer = new SlotWriter(slot, device.flash.page, this);
    this.writer.begin(one.from || 0);
  }

  get position(): number {
    return this.writer.position;
  }

  onPage(): void {}

  downloaded(failure: Failure | null): void {
    over(this, failure);
  }

  get failure(): Failure | undefined {
    return this.writer.failure;
  }

  accept(bytes: string): number {
    const one = this.one;
    if (this.ended) this.late += bytes.length;
    if (this.position + bytes.length > this.size) print("Uncaught more than the file's bytes");
    const result = this.writer.write(bytes);
    if (one.refuseAt && this.position > one.refuseAt) {
      this.ended = true;
      return 2;
    }
    if (one.stopAt && this.position > one.stopAt && !this.ended) {
      this.ended = true;
      (this.download as HttpDownload).stop();
      setTimeout(() => over(this, "stopped"), 100);
    }
    if (one.linkDown && this.position > one.linkDown.at && !this.linkWasDown) {
      this.linkWasDown = true;
      link.down();
      setTimeout(() => link.up(global.settings), one.linkDown.ms);
    }
    return result;
  }
}

let index = 0;

function over(target: Target, outcome: any): void {
  const at = target.position;
  const erases = flashCounts.erases;
  const written = flashCounts.written;
  // Later than anything that could still come.
  setTimeout(
    () => {
      const digest = toHex(require("crypto").SHA256(slot.read(0, target.size)));
      print(
        "case " +
          index +
          " " +
          JSON.stringify({
            outcome: outcome || "complete",
            position: at,
            digest: digest,
            erases: erases,
            written: written,
            late: target.late + (target.position - at),
          }),
      );
      index++;
      next();
    },
    target.ended ? 100 : 1,
  );
}

function next(): void {
  const one = settings.cases[index];
  if (!one) {
    print("end");
    return;
  }
  flashCounts.erases = 0;
  flashCounts.written = 0;
  const target = new Target(one);
  target.download = new HttpDownload(one.url, target, target);
  target.download.start();
}

function start(): void {
  setLogLevel("off");
  Object.assign(HTTP_LIMITS, settings.limits);
  require("Storage").write("slot.a", "x", 0, settings.slotBytes + device.flash.page);
  slot = openSlot(0) as Slot;
  let started = false;
  link.onChange((up) => {
    if (!up || started) return;
    started = true;
    setTimeout(next, 1);
  });
  link.up(global.settings);
}

start();
