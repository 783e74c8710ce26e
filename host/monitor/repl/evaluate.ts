/**
 * Carries out what a person typed, on a board, as a line of its console does: in the global scope, with
 * what it throws reported by the interpreter itself.
 * @module
 */
import { CLEAR_LINE, silentLine } from "../../serial/framing.ts";
import { type Board, BoardError, literal } from "../../serial/index.ts";

/** Milliseconds that an evaluation may take: the code may wait for something. */
const PATIENCE = 60_000;

/** An empty answer, of a number in the variable `i`. */
const ANSWER = 'print("\\x02"+i+":1:0:\\x03")';
/** Shows a value as the interpreter does, but texts in quotes, and then says that all went well. */
const SHOW = `function(v,i){typeof v=="string"?print("="+JSON.stringify(v)):print("=",v);${ANSWER}}`;
/** The line that does it. What it needs is on the board by then, checked: noise can't change it. */
const RUN = "_$s(eval(_$c),";

/** Code in bytes: the board knows no other characters. */
function bytesOf(code: string): string {
  return Buffer.from(code, "utf8").toString("latin1");
}

/**
 * Carries out code. Its value, or what it throws, is printed on the board's console.
 * @returns whether it came to its end
 * @throws BoardError `silent` when it takes longer than a minute, `lost`
 */
export async function evaluateShown(board: Board, code: string): Promise<boolean> {
  await board.query(`_$c=${literal(bytesOf(code))};_$s=${SHOW};1`);
  return board.exclusively(() => run(board));
}

function run(board: Board): Promise<boolean> {
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
    const line = silentLine(`${RUN}${value.id})`);
    const mark = silentLine(`(function(i){${ANSWER}})(${end.id});delete _$c;delete _$s`);
    board.send(CLEAR_LINE + line + mark).catch(finish);
  });
}

function late(board: Board): BoardError {
  return new BoardError("silent", `${board.name}: the code has not ended within 60 s`);
}

/** The frame of the line that runs the code: the last of a trace. */
const OWN = /^ {4}at (?:REPL \()?:1:(\d+)\)?$/;
const LINES_OF_FRAME = 3;

/** Hides that frame, which says nothing to who typed the code. */
export class OwnFrame {
  /** Set while code is carried out. */
  isActive = false;
  private held: string[] = [];

  constructor(private readonly show: (line: string) => void) {}

  take(line: string): void {
    const { held } = this;
    if (held.length > 0 && held.length < LINES_OF_FRAME) {
      held.push(line);
      return;
    }
    // Another frame follows: it was not the last.
    if (held.length > 0 && /^ {4}at /.test(line)) for (const one of held) this.show(one);
    this.held = [];
    const column = this.isActive ? OWN.exec(line)?.[1] : undefined;
    if (column !== undefined && Number(column) <= RUN.length) this.held = [line];
    else this.show(line);
  }

  /** The code has ended. */
  end(): void {
    this.isActive = false;
    this.held = [];
  }
}
