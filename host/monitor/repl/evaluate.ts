/**
 * Carries out what a person typed, on a board, as a line of its console does: in the global scope, with
 * what it throws reported by the interpreter itself.
 * @module
 */

import { CLEAR_LINE, printAnswer, silentLine } from "../../serial/framing.ts";
import { type Board, BoardError, literal } from "../../serial/index.ts";

/** Milliseconds that an evaluation may take: the code may wait for something. */
const PATIENCE = 60_000;

/** Shows a value as the interpreter does, but texts in quotes, and then says that all went well. */
function showing(id: number): string {
  return (
    '(function(v){typeof v=="string"?print("="+JSON.stringify(v)):print("=",v);' +
    `${printAnswer(id, "1", '""')}})(`
  );
}

/** Code in bytes: the board knows no other characters. */
function bytesOf(code: string): string {
  return Buffer.from(code, "utf8").toString("latin1");
}

/**
 * Carries out code. Its value, or what it throws, is printed on the board's console.
 * @returns whether it came to its end
 * @throws BoardError `silent` when it takes longer than a minute, `lost`
 */
export function evaluateShown(board: Board, code: string): Promise<boolean> {
  return board.exclusively(() => {
    return new Promise<boolean>((resolve, reject) => {
      let isDone = false;
      const value = board.expect((answer) => {
        isDone = true;
        if (answer instanceof Error) finish(answer);
      });
      const end = board.expect((answer) => finish(answer instanceof Error ? answer : undefined));
      const timer = setTimeout(() => finish(late(board)), PATIENCE);
      const finish = (error?: Error) => {
        clearTimeout(timer);
        value.stop();
        end.stop();
        if (error) reject(error);
        else resolve(isDone);
      };
      const line = silentLine(`${showing(value.id)}eval(${literal(bytesOf(code))}))`);
      const mark = silentLine(printAnswer(end.id, "1", '""'));
      board.send(CLEAR_LINE + line + mark).catch(finish);
    });
  });
}

function late(board: Board): BoardError {
  return new BoardError("silent", `${board.name}: the code has not ended within 60 s`);
}

/** Hides the frames of the line around the code, which say nothing to who typed it. */
export class OwnFrames {
  private skip = 0;

  /** Whether a line of the console is to be shown. */
  shows(line: string): boolean {
    const column = /^ {4}at :1:(\d+)$/.exec(line)?.[1];
    // The frame, its code, the mark.
    if (column !== undefined && Number(column) > showing(1000).length) this.skip = 3;
    if (this.skip === 0) return true;
    this.skip--;
    return false;
  }
}
