/**
 * Waits for words on a board's console.
 * @module
 */
import type { Stage } from "../../host/demo/stage.ts";

/** @param printed what the console has printed so far, as `testExample` gives it. */
export function untilPrinted(stage: Stage, printed: () => string, text: string): Promise<void> {
  const { patience } = stage.watch;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`"${text}" was not printed`)), patience);
    const look = () => {
      if (!printed().includes(text)) return;
      clearTimeout(timer);
      resolve();
    };
    stage.board.onConsole(look);
    look();
  });
}
