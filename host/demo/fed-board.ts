/**
 * A board that shares its supply with something else: they are switched on and off together.
 * @module
 */
import type { BoardFile, PoweredBoard } from "../board/index.ts";

export class FedBoard implements PoweredBoard {
  /** @param feed switches the supply of whatever else hangs on it */
  constructor(
    private readonly inner: PoweredBoard,
    private readonly feed: (on: boolean) => void,
  ) {}

  get board(): BoardFile {
    return this.inner.board;
  }

  get isOn(): boolean {
    return this.inner.isOn;
  }

  powerOn(): Promise<void> {
    this.feed(true);
    return this.inner.powerOn();
  }

  async powerOff(): Promise<void> {
    this.feed(false);
    await this.inner.powerOff();
  }

  type(text: string): void {
    this.inner.type(text);
  }

  evaluate(expression: string): Promise<string> {
    return this.inner.evaluate(expression);
  }

  onConsole(listener: (text: string) => void): () => void {
    return this.inner.onConsole(listener);
  }

  onRestart(listener: (cause: string) => void): () => void {
    return this.inner.onRestart(listener);
  }

  async close(): Promise<void> {
    this.feed(false);
    await this.inner.close();
  }
}
