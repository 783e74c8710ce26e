/**
 * The loader on the driven board, and what it starts there.
 * @module
 */
import assert from "node:assert/strict";
import type { FlashHook } from "../../host/board/flash/nor-flash.ts";
import { DrivenBoard } from "../../host/board/index.ts";
import { type Board, loadBoard } from "../../host/build/boards.ts";
import { Flashed, imageOf } from "./flashed.ts";
import { buildLoader } from "./loader-file.ts";

/** A script that says what runs. */
export const say = (text: string) => `print("#${text} "+boot.slot+(boot.trial?" trial":""));`;
/** What such scripts have said. */
export const saidBy = (output: string) =>
  [...output.matchAll(/#(.+)\r\n/g)].map((match) => (match[1] as string).trim());

export interface Run {
  ms?: number;
  hook?: FlashHook;
  pressed?: boolean;
}

/** A board's loader. */
export class LoaderRun {
  private constructor(
    readonly board: Board,
    readonly loader: Buffer,
  ) {}

  static async on(name: string): Promise<LoaderRun> {
    return new LoaderRun(await loadBoard(name), await buildLoader(name));
  }

  readonly image = (script: string) => imageOf(this.board, script);

  /** With a factory image that says so. */
  readonly flashed = (factory = say("factory")) =>
    new Flashed(this.board, this.loader, this.image(factory));

  /** Switches on for some time; the loader may write in the journal only. */
  readonly run = (on: Flashed, { ms = 100, hook, pressed }: Run = {}): DrivenBoard => {
    const { board } = this;
    const driven = new DrivenBoard({ board, bytes: on.flash.bytes });
    if (pressed) driven.lowPins.add(board.device.button);
    driven.powerOn((operation) => {
      const { kind, address, length } = operation;
      const isInJournal = address >= on.area && address + length <= on.area + 8192;
      assert.ok(kind === "write" && isInJournal, `${kind} at 0x${address.toString(16)}`);
      return hook?.(operation);
    });
    driven.run(ms);
    return driven;
  };

  /** What runs, start after start. */
  readonly said = (on: Flashed, options: Run = {}) => saidBy(this.run(on, options).output);
}
