/**
 * Lets faults happen: by name at a chosen moment, or drawn from a seed.
 * @module
 */
import { seededRandom } from "../../faults/random.ts";
import type { FaultPlan } from "../options.ts";
import { answerFaults } from "./answers.ts";
import { ALWAYS, type FaultDetail, type FaultKind, type FaultTarget } from "./fault.ts";
import { framingFaults } from "./framing.ts";
import { networkFaults } from "./network.ts";
import { powerFaults } from "./power.ts";

/** Every fault, in the catalogue's order. */
export const faultKinds: readonly FaultKind[] = [
  ...framingFaults,
  ...answerFaults,
  ...powerFaults,
  ...networkFaults,
].sort((one, other) => Number(one.name.slice(1, 3)) - Number(other.name.slice(1, 3)));

const byName = new Map(faultKinds.map((kind) => [kind.name, kind]));

/** Variants of a number ("F26"), or the one of a name ("F26.late"). */
export function faultsOf(name: string): FaultKind[] {
  const one = byName.get(name);
  if (one) return [one];
  return faultKinds.filter((kind) => kind.name.startsWith(`${name}.`));
}

/** At which moment, and how exactly, a fault happens. */
export interface FaultWhen {
  /** With the next command line that holds or matches this. */
  command?: string | RegExp;
  /** After so many ms. */
  after?: number;
  /** After so many bytes to the host. */
  byte?: number;
  /** How long it lasts, or how late something is, ms. */
  ms?: number;
  /** How often. */
  times?: number;
  /** An error number, a count of bytes, a socket, a PIN, a text: by fault. */
  value?: number | string;
}

export interface FaultRecord {
  /** ms since 1970. */
  at: number;
  name: string;
}

/** Where the modem has faults that have to do with its start. */
export class FaultEngine {
  readonly log: FaultRecord[] = [];
  private readonly heals = new Set<() => void>();
  private readonly plans = new Set<() => void>();
  /** What takes back the last drawn fault of each kind. */
  private readonly drawn = new Map<string, () => void>();

  constructor(
    private readonly target: FaultTarget,
    plan: FaultPlan | undefined,
  ) {
    if (plan) this.draw(plan);
  }

  inject(name: string, when: FaultWhen = {}): void {
    const [kind] = faultsOf(name);
    if (!kind) throw new RangeError(`unknown fault "${name}", known are F01 to F42 and variants`);
    const { command, after, byte, ms, times, value } = when;
    const happen = () => this.happen(kind, { ms, times, value });
    if (command !== undefined) this.atCommand(command, happen);
    else if (byte !== undefined) this.target.uart.atByte(byte, happen);
    else if (after !== undefined) this.plan(after, happen);
    else happen();
  }

  heal(): void {
    for (const heal of [...this.heals, ...this.drawn.values()]) heal();
    this.heals.clear();
    this.drawn.clear();
    this.target.hooks.clear();
    this.target.uart.output.clear();
    this.target.uart.input.clear();
    this.target.uart.split = undefined;
  }

  /** No more faults are drawn, and none that waits for its time happens. */
  stop(): void {
    for (const cancel of this.plans) cancel();
    this.plans.clear();
  }

  private happen(kind: FaultKind, detail: FaultDetail): void {
    const heal = this.arm(kind, detail);
    if (heal) this.heals.add(heal);
  }

  /** Of those that wait for their moment, one of a kind: else some would come in rows. */
  private happenByChance(kind: FaultKind): void {
    this.drawn.get(kind.name)?.();
    this.drawn.delete(kind.name);
    const heal = this.arm(kind, { ms: undefined, times: undefined, value: undefined });
    if (heal) this.drawn.set(kind.name, heal);
  }

  private arm(kind: FaultKind, detail: FaultDetail): (() => void) | undefined {
    this.log.push({ at: this.target.clock.now(), name: kind.name });
    return kind.arm(this.target, detail);
  }

  private atCommand(wanted: string | RegExp, happen: () => void): void {
    const fits = (line: string) =>
      typeof wanted === "string" ? line.includes(wanted) : wanted.test(line);
    // What the fault then adds is asked after this one, for the same line.
    const remove = this.target.hooks.command.add((line) => {
      if (!fits(line)) return undefined;
      remove();
      happen();
      return undefined;
    }, ALWAYS);
    this.heals.add(remove);
  }

  private plan(ms: number, call: () => void): void {
    const cancel = this.target.clock.after(ms, () => {
      this.plans.delete(cancel);
      call();
    });
    this.plans.add(cancel);
  }

  /** Draws faults from now on. */
  draw({ seed, everyMs, pick }: FaultPlan): void {
    const random = seededRandom(seed);
    const kinds = pick ? pick.flatMap(pickOf) : faultKinds.filter((kind) => kind.drawn);
    const next = () => {
      // Times between events that do not know of each other.
      this.plan(-Math.log(1 - random()) * everyMs, () => {
        const kind = kinds[Math.floor(random() * kinds.length)];
        if (kind && this.target.system) this.happenByChance(kind);
        next();
      });
    };
    next();
  }
}

function pickOf(name: string): FaultKind[] {
  const kinds = faultsOf(name);
  if (kinds.length === 0) throw new RangeError(`unknown fault "${name}"`);
  return kinds;
}
