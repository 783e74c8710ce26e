/**
 * Cases of power that fails, each with an id that says how to have it again.
 * @module
 */
import type { FlashFault, FlashHook, FlashOperation } from "../../host/board/flash/nor-flash.ts";
import { seededRandom } from "../../host/faults/random.ts";
import { Performance, type Plot } from "./plots.ts";
import type { Recorded, Recording, Torn } from "./recording.ts";

/** Power may fail so often again while the board recovers. */
const MOST_CUTS = 3;

/**
 * `PLOT:cut=N` before operation N, `PLOT:cut=N,bBYTES` after so many bytes of it, `PLOT:cut=N,sSEED`
 * with random bits of it done, `PLOT:more=SEED` two or three random cuts, `PLOT:KIND=N` operation N
 * does nothing (`skip`), flips one bit (`flip`) or fails (`fail`).
 */
export type CaseId = string;

/** Plots whose operations each meet all silent faults; elsewhere one each, for they take long. */
const ALL_KINDS = ["update", "rollback"];

/** Every single cut of a recorded plot. */
export function singleCuts(name: string, recording: Recording): CaseId[] {
  const ids: CaseId[] = [];
  recording.operations.forEach((operation, index) => {
    ids.push(`${name}:cut=${index}`);
    for (const bytes of tornLengths(operation)) ids.push(`${name}:cut=${index},b${bytes}`);
    ids.push(`${name}:cut=${index},s${index + 1}`);
  });
  ids.push(`${name}:cut=${recording.operations.length}`);
  return ids;
}

/** A byte, half, and all but a byte. */
function tornLengths({ kind, after }: Recorded): number[] {
  const { length } = after;
  const lengths = kind === "erase" ? [1, length >> 1] : [1, length >> 1, length - 1];
  return [...new Set(lengths)].filter((bytes) => bytes > 0 && bytes < length);
}

/** Silent faults of every operation. */
export function silentFaults(name: string, recording: Recording): CaseId[] {
  const kinds = ["skip", "flip", "fail"];
  return recording.operations.flatMap((_operation, index) =>
    kinds
      .filter((_kind, number) => ALL_KINDS.includes(name) || number === index % kinds.length)
      .map((kind) => `${name}:${kind}=${index}`),
  );
}

/** Runs one case; throws an Error when the board does not recover as it has to. */
export function runCase(id: CaseId, plot: Plot, recording: Recording): void {
  const match = /^[a-z]+:(cut|more|skip|flip|fail)=(\d+)(?:,([bs])(\d+))?$/.exec(id);
  if (!match) throw new Error(`"${id}" is no case: expected e.g. update:cut=12,b7`);
  const [, kind, number, tearing, amount] = match;
  const index = Number(number);
  if (kind === "more") severalCuts(index, plot, recording);
  else if (kind === "cut") {
    let torn: Torn = { bytes: 0 };
    if (tearing === "b") torn = { bytes: Number(amount) };
    if (tearing === "s") torn = { seed: Number(amount) };
    const performance = begin(plot, recording, index, torn);
    performance.scene.powerOn();
    performance.finish();
  } else silentFault(kind as "skip" | "flip" | "fail", index, plot);
}

/** The flash of the case that runs: fresh memory of this size would take as long as a start. */
let memory: Uint8Array = new Uint8Array();

function copied(flash: Uint8Array): Uint8Array {
  if (memory.length !== flash.length) memory = new Uint8Array(flash.length);
  memory.set(flash);
  return memory;
}

function begin(plot: Plot, recording: Recording, index: number, torn: Torn): Performance {
  const { operations } = recording;
  const failed = (operations[index] ?? operations.at(-1))?.mark ?? 0;
  const flash = recording.at(index, torn, copied(recording.base));
  return new Performance(plot, flash, failed);
}

/** Two or three cuts at random, the later ones while the board recovers. */
function severalCuts(seed: number, plot: Plot, recording: Recording): void {
  const random = seededRandom(seed);
  const count = recording.operations.length;
  const index = Math.floor(random() * count);
  const performance = begin(plot, recording, index, { seed: Math.floor(random() * 2 ** 31) });
  const { scene } = performance;
  const cuts = 1 + Math.floor(random() * (MOST_CUTS - 1));
  for (let cut = 0; cut < cuts; cut++) {
    // Nearer cuts more often: a recovery has few operations before the download goes on.
    const at = Math.floor(random() ** 2 * (count - index + 10));
    scene.powerOn(cutAt(at, random));
    performance.proceed(() => false === scene.board.isOn || isDone(performance));
    scene.powerOff();
    if (isDone(performance)) break;
  }
  scene.powerOn();
  performance.finish();
}

function isDone({ scene, target }: Performance): boolean {
  return scene.platform.version === target;
}

function cutAt(at: number, random: () => number): FlashHook {
  let count = 0;
  return ({ length }: FlashOperation) => {
    if (count++ !== at) return undefined;
    return { kind: "cut", bytes: Math.floor(random() * (length + 1)) };
  };
}

/** One operation of the whole plot goes wrong, and nobody says so. */
function silentFault(kind: "skip" | "flip" | "fail", index: number, plot: Plot): void {
  const performance = new Performance(plot, copied(plot.flash));
  let count = 0;
  performance.scene.powerOn(() => {
    if (count++ !== index) return undefined;
    return kind === "flip" ? { kind, bit: (index * 37) % 256 } : ({ kind } as FlashFault);
  });
  performance.finish();
}
