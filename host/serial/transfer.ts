/**
 * Sends bytes to a board's flash over the console: numbered lines with a checksum each, some of them
 * on their way at a time, acknowledged by how far the board has got; what is lost or damaged is sent
 * again, in smaller pieces. Pieces may be compressed, each by itself, so that the board never holds
 * more than one. This works on every release and where bytes are lost in bursts (2v26 to
 * 2v29), which the interpreter's own packets, without a checksum, do not.
 * @module
 */
import { crc32 } from "../image/crc32.ts";
import type { Board } from "./board.ts";
import { BoardError } from "./errors.ts";
import { type Answer, CLEAR_LINE, literal, printAnswer, silentLine } from "./framing.ts";

/** Bytes of a piece: at most; at least, after losses; and on connections that lose nothing. */
const LARGEST = 1024;
const SMALLEST = 64;
/** Bytes on their way at most: less than the board's input buffers hold. */
const WINDOW = 2500;
/**
 * Milliseconds until a piece counts as lost: at first; at least, and by how often an answer's usual
 * time; at most, as the interpreter may be rewriting Storage.
 */
const FIRST_WAIT = 1500;
const SHORTEST_WAIT = 300;
const USUAL_TIMES = 8;
const LONGEST_WAIT = 5000;
/** Milliseconds without any progress until it is given up. */
const PATIENCE = 60_000;

export interface Progress {
  /** Bytes that the board has. */
  done: number;
  total: number;
}

export interface TransferOptions {
  onProgress?(progress: Progress): void;
  /** Milliseconds without progress until it is given up; 60,000 by default. */
  patience?: number;
  /** Heatshrink; used for pieces that get shorter by it, where the interpreter has that module. */
  compress?: ((bytes: Uint8Array) => Uint8Array) | undefined;
}

/** What a transfer took. */
export interface TransferFigures {
  bytes: number;
  /** Bytes that went over the wire, all of it. */
  sent: number;
  /** Pieces that had to be sent again. */
  resent: number;
  milliseconds: number;
}

/** A piece that the board has not acknowledged yet. */
interface Flying {
  number: number;
  bytes: number;
  /** When it was sent, by `Date.now()`. */
  at: number;
}

/** One transfer; `run` it once. */
class Transfer {
  private acknowledged = 0;
  private next = 0;
  private number = 0;
  /** Refusals of pieces before this one tell nothing new. */
  private rewoundAt = 0;
  private flying: Flying[] = [];
  private piece: number;
  private wait = FIRST_WAIT;
  /** Milliseconds from piece to answer, smoothed. */
  private usual = FIRST_WAIT / USUAL_TIMES;
  private good = 0;
  private sent = 0;
  private resent = 0;
  /** Whether the board can decompress. */
  private unpacks = false;
  private wake = () => {};
  private failure: Error | undefined;

  constructor(
    private readonly board: Board,
    private readonly data: Uint8Array,
    private readonly options: TransferOptions,
  ) {
    this.piece = LARGEST;
  }

  /** @param define code that makes `_$u`, given the number of its answers */
  async run(define: (id: number) => string): Promise<TransferFigures> {
    const begun = Date.now();
    const { id, stop } = this.board.expect((answer) => this.hear(answer));
    try {
      this.unpacks = await this.board.query<boolean>(`${define(id)};${HAS_HEATSHRINK}`);
      await this.board.exclusively(() => this.sendAll());
    } finally {
      stop();
      this.board.slow = false;
    }
    await this.board.query("delete _$u");
    const { sent, resent } = this;
    return { bytes: this.data.length, sent, resent, milliseconds: Date.now() - begun };
  }

  private async sendAll(): Promise<void> {
    let lastProgress = Date.now();
    while (this.acknowledged < this.data.length) {
      const before = this.acknowledged;
      while (this.mayFly()) await this.sendPiece();
      const heard = await this.listen();
      if (this.failure) throw this.failure;
      if (this.acknowledged > before) lastProgress = Date.now();
      else if (Date.now() - lastProgress > (this.options.patience ?? PATIENCE)) {
        throw new BoardError("noise", `${this.board.name}: nothing gets through any more`);
      }
      if (!heard) await this.recover();
    }
  }

  private mayFly(): boolean {
    if (this.failure || this.next >= this.data.length) return false;
    const bytes = this.flying.reduce((sum, one) => sum + one.bytes, 0);
    return bytes === 0 || bytes + this.piece < WINDOW;
  }

  private async sendPiece(): Promise<void> {
    const piece = this.data.subarray(this.next, this.next + this.piece);
    const number = ++this.number;
    const line = silentLine(`_$u(${number},${this.next},${this.pieceArguments(piece)})`);
    this.flying.push({ number, bytes: line.length, at: Date.now() });
    this.next += piece.length;
    this.sent += line.length;
    await this.board.send(line);
  }

  /** Checksum and bytes; of compressed ones also how many they become. */
  private pieceArguments(piece: Uint8Array): string {
    const plain = `${crc32(piece)},${pieceCode(piece)}`;
    if (!this.unpacks || !this.options.compress) return plain;
    const packed = this.options.compress(piece);
    const short = `${crc32(packed)},${pieceCode(packed)},${piece.length}`;
    return short.length < plain.length ? short : plain;
  }

  /** Waits for an answer; false: none came. */
  private listen(): Promise<boolean> {
    if (this.failure) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), this.wait);
      const { number } = this;
      const acknowledged = this.acknowledged;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve(this.acknowledged > acknowledged || this.rewoundAt === number);
      };
    });
  }

  /** Text of an answer: number of the piece, how far the board has got, and a fault. */
  private hear(answer: Answer | BoardError): void {
    if (answer instanceof BoardError) {
      // A damaged answer is made up for by the next one.
      if (answer.trouble === "noise") return;
      this.failure = answer;
      this.wake();
      return;
    }
    const [number = 0, reached = 0, fault = ""] = JSON.parse(answer.text) as [
      number,
      number,
      string,
    ];
    if (fault) {
      this.failure = new BoardError("refused", `${this.board.name}: ${fault}`);
      this.wake();
      return;
    }
    if (reached > this.acknowledged) {
      this.acknowledged = reached;
      this.settleWait(number);
      // Pieces grow again slowly.
      if (++this.good % 16 === 0) this.piece = Math.min(2 * this.piece, LARGEST);
      this.options.onProgress?.({ done: reached, total: this.data.length });
    }
    this.flying = this.flying.filter((one) => one.number > number);
    if (answer.outcome !== "done" && number > this.rewoundAt) this.rewind();
    this.wake();
  }

  /** From how long this piece took. */
  private settleWait(number: number): void {
    const piece = this.flying.find((one) => one.number === number);
    if (piece) this.usual += (Date.now() - piece.at - this.usual) / 4;
    const wait = Math.max(USUAL_TIMES * this.usual, SHORTEST_WAIT);
    this.wait = Math.min(wait, FIRST_WAIT);
  }

  /** Goes back to what the board has. */
  private rewind(): void {
    this.rewoundAt = this.number;
    this.resent += this.flying.length + 1;
    this.flying = [];
    this.next = this.acknowledged;
    if (this.piece === SMALLEST && this.board.lossy) this.board.slow = true;
    this.piece = Math.max(this.piece >> 1, SMALLEST);
    this.good = 0;
  }

  /** After silence: an end of a line was lost, or the answer. */
  private async recover(): Promise<void> {
    this.rewind();
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    await this.board.send(`${CLEAR_LINE}\n`);
  }
}

const HAS_HEATSHRINK = 'process.env.MODULES.split(",").indexOf("heatshrink")>=0';

/** What takes the pieces: `_$u(number, offset, checksum, bytes[, length])`, those in a row being written. */
function receiver(id: number, write: string): string {
  const answer = printAnswer(id, "k", "t");
  const unpack =
    'if(l){d=E.toString(require("heatshrink").decompress(d));if(d.length!=l)throw "no memory"}';
  return (
    `_$u=(function(n,w){return function(i,o,c,d,l){var k=1,e="",t;if(E.CRC32(d)!=c)k=0;` +
    `else if(o==n)try{${unpack}w(o,d);n+=d.length}catch(x){e=""+(x.message||x)}else if(o>n)k=0;` +
    `t=JSON.stringify([i,n,e]);${answer}}})(0,${write})`
  );
}

/** A piece as code: as it is where that is shorter than base64. */
function pieceCode(piece: Uint8Array): string {
  const bytes = String.fromCharCode(...piece);
  const plain = literal(bytes);
  const packed = `atob("${btoa(bytes)}")`;
  return plain.length <= packed.length ? plain : packed;
}

/**
 * Sends bytes; the board writes them piece by piece, each checked.
 * @param write code of a function of offset and bytes that writes them and throws when it can't
 * @throws BoardError `lost`, `noise`, or `refused` with what the board says
 */
export function transfer(
  board: Board,
  data: Uint8Array,
  write: string,
  options: TransferOptions = {},
): Promise<TransferFigures> {
  return new Transfer(board, data, options).run((id) => receiver(id, write));
}
