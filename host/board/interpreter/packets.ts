/**
 * The console's packet transfer (Espruino 2v25 and later): DLE SOH, two bytes of type and length,
 * data; each packet is acknowledged.
 * @module
 */
import type { Core } from "./core.ts";
import { parseJson, stringifyJson } from "./json.ts";
import type { Value } from "./realm.ts";

const acknowledge = "\x06";
const refuse = "\x15";
const types = { response: 0, evaluate: 1, event: 2, fileSend: 3, data: 4, fileReceive: 5 };
const receiveBytes = 4096;

/** Evaluates a line for the console: its value, or undefined with `failed` when it threw. */
export type EvaluateLine = (line: string) => { value: Value; failed: boolean };

/** Receives the packets of one console. */
export class Packets {
  private buffer = "";
  active = false;
  private file: { name: string; size: number; offset: number } | undefined;

  constructor(
    private readonly core: Core,
    private readonly evaluate: EvaluateLine,
    private readonly send: (bytes: string) => void,
  ) {}

  begin(): void {
    this.active = true;
    this.buffer = "";
  }

  /** Takes bytes; answers how many of them belonged to the packet. */
  take(bytes: string): number {
    const before = this.buffer.length;
    this.buffer += bytes;
    if (this.buffer.length < 2) return bytes.length;
    const head = (this.buffer.charCodeAt(0) << 8) | this.buffer.charCodeAt(1);
    const length = head & 0x1fff;
    if (this.buffer.length < 2 + length) return bytes.length;
    this.active = false;
    const data = this.buffer.slice(2, 2 + length);
    const done = this.handle(head >> 13, data);
    this.send(done ? acknowledge : refuse);
    done?.();
    return 2 + length - before;
  }

  /** What remains to be done after the acknowledgement; undefined refuses the packet. */
  private handle(type: number, data: string): (() => void) | undefined {
    const { core } = this;
    try {
      if (type === types.evaluate)
        return () => {
          const { value, failed } = this.evaluate(data);
          this.reply(failed ? "undefined" : stringifyJson(core, value));
        };
      if (type === types.event) {
        const value = parseJson(core, data, true);
        return () => {
          core.emit(core.realm.global.E, "packet", value);
        };
      }
      if (type === types.fileSend) {
        const { fn, s } = parseJson(core, data, true);
        this.file = { name: String(fn), size: Number(s), offset: 0 };
        return () => {};
      }
      if (type === types.data && this.file) {
        const { name, size, offset } = this.file;
        core.store.write(name, core.bytes(data), 0, offset, size);
        this.file.offset += data.length;
        if (this.file.offset >= size) this.file = undefined;
        return () => {};
      }
      if (type === types.fileReceive) {
        const { fn } = parseJson(core, data, true);
        const bytes = core.store.read(String(fn));
        if (!bytes) return undefined;
        return () => {
          for (let at = 0; at < bytes.length; at += receiveBytes)
            this.packet(types.data, bytes.subarray(at, at + receiveBytes));
          this.packet(types.data, new Uint8Array(0));
        };
      }
    } catch {
      return undefined;
    }
    return undefined;
  }

  private reply(text: string): void {
    this.packet(types.response, this.core.bytes(text));
  }

  private packet(type: number, bytes: Uint8Array): void {
    const head = (type << 13) | bytes.length;
    const text = Buffer.from(bytes).toString("latin1");
    this.send(`\x10\x01${String.fromCharCode(head >> 8, head & 255)}${text}`);
  }
}
