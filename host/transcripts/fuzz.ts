/**
 * Random lines and byte strings for the AT channel: mutations of what modems say, and noise. Checks
 * that nothing is thrown, that cuts make no difference, and that the channel's memory is bounded.
 * @module
 */
import { seededRandom } from "../faults/random.ts";
import { Player, type Step } from "./play.ts";
import { firstDifference, play } from "./replay.ts";

const LINES = [
  ..."OK|ERROR|SEND OK|SEND FAIL|CONNECT|CONNECT 32|NO CARRIER|RDY|POWERED DOWN|AT|> |>".split("|"),
  ..."+CME ERROR: 58|+CME ERROR:100|+CMS ERROR: 500|+CME ERROR: file already exist".split("|"),
  ..."+QIRD: 0|+QIRD: 12|+QIRD: 700,690,10|+QSSLRECV: 30|+CSQ: 24,99|860000000000000".split("|"),
  '+QIURC: "recv",0|+QIURC: "recv",0,20|+QIURC: "closed",0|+QIURC: "pdpdeact",1',
  '+CEREG: 2,1,"1A2B","01C3D4E5",7|+CEREG: 1,"1A2B","01C3D4E5",7|+QIOPEN: 0,566',
].flatMap((line) => line.split("|"));
const COMMANDS: Step[] = [
  { command: "AT", prefix: "\n", raw: false },
  { command: "AT+CSQ", prefix: "+CSQ:", raw: false },
  { command: "AT+CEREG?", prefix: "+CEREG:", raw: false },
  { command: "AT+QIRD=0,512", prefix: "+QIRD:", raw: true },
  { command: "AT+QISEND=0,9", prefix: "+QISEND:", payload: "pay\r\nOK\r\n", raw: false },
  { command: "AT+QFUPL=0,3000", prefix: "+QFUPL:", payload: "c".repeat(3000), raw: false },
];
const ENDS = ["\r\n", "\r\n", "\r\n", "\r", "\n", "\r\n\r\n", ""];
/** Strings from one fresh channel to the next. */
const EPISODE = 64;
/** Characters and entries that a channel may hold; its greatest payload is in it. */
const MOST_STATE = 3000 + 17 * 700;

/** Strings that are drawn by a generator of numbers. */
class Drawer {
  constructor(private readonly next: () => number) {}

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(list: T[]): T {
    return list[this.below(list.length)] as T;
  }

  noise(most: number): string {
    const kind = this.below(3);
    return Array.from({ length: this.below(most) }, () => {
      if (kind === 0) return String.fromCharCode(this.below(256));
      return kind === 1 ? this.of([...'+:,"> \r\nOKQ09']) : "x";
    }).join("");
  }

  line(): string {
    let line = this.of(LINES);
    for (let changes = this.below(4) - 1; changes > 0; changes--) {
      const at = this.below(line.length + 1);
      const kept = line.slice(at + this.below(3));
      line = line.slice(0, at) + this.of(["", "", this.noise(4), `${this.below(70000)}`]) + kept;
    }
    return this.of(ENDS) + line + this.of(ENDS);
  }

  bytes(): string {
    const kind = this.below(20);
    const bytes = kind === 0 ? this.noise(2000) : kind < 4 ? this.noise(40) : this.line();
    // A serial port never gives an empty piece, which would count as a sign of life.
    return bytes || "x";
  }
}

/** Characters and objects that a value holds on to. */
function weigh(value: unknown, seen: Set<unknown>): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || seen.has(value)) return 1;
  seen.add(value);
  return Object.values(value).reduce((sum: number, one) => sum + weigh(one, seen), 1);
}

/** What a run of the fuzzer found. */
export interface Findings {
  strings: number;
  /** The most characters and objects that a channel held. */
  mostState: number;
}

/**
 * Feeds so many strings.
 * @throws Error with the episode's seed, when a channel throws, differs by the cuts, or grows
 */
export function fuzz(strings: number, seed: number): Findings {
  const findings: Findings = { strings: 0, mostState: 0 };
  for (let episode = seed; findings.strings < strings; episode++) {
    const drawer = new Drawer(seededRandom(episode));
    const steps: Step[] = [];
    for (let n = 0; n < EPISODE; n++) {
      if (drawer.below(4) === 0) steps.push(drawer.of(COMMANDS));
      if (drawer.below(12) === 0) steps.push({ ticks: drawer.below(drawer.below(9) ? 8 : 300) });
      steps.push({ bytes: drawer.bytes() });
    }
    findings.strings += EPISODE;
    try {
      findings.mostState = Math.max(findings.mostState, tryEpisode(steps, drawer));
    } catch (error) {
      throw new Error(`seed ${episode}: ${(error as Error).message}`, { cause: error });
    }
  }
  return findings;
}

function tryEpisode(steps: Step[], drawer: Drawer): number {
  const player = new Player();
  let most = 0;
  for (const step of steps) {
    player.play(step);
    most = Math.max(most, weigh(player.channel, new Set([player])));
  }
  if (most > MOST_STATE) throw new Error(`the channel held ${most} characters and objects`);
  const whole = player.end();
  const size = 1 + drawer.below(30);
  const cut = play(steps, (bytes) => {
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + drawer.below(size);
      pieces.push(bytes.slice(at, end));
      at = end;
    }
    return pieces;
  });
  if (whole.length !== cut.length || whole.some((note, index) => note !== cut[index])) {
    throw new Error(`cuts make a difference, ${firstDifference(whole, cut)}`);
  }
  return most;
}
