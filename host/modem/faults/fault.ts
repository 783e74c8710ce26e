/**
 * What a fault is, and what it takes hold of.
 * @module
 */
import type { Call } from "../call.ts";
import type { ModemClock } from "../clock.ts";
import type { Answer, AnswerPhase, CommandFate, Hooks } from "../hooks.ts";
import type { Nvram } from "../nvram.ts";
import type { ModemSocket } from "../sockets.ts";
import type { System } from "../system.ts";
import type { Timing } from "../timing.ts";
import type { Uart } from "../uart.ts";

/** The module, as faults see it. */
export interface FaultTarget {
  readonly clock: ModemClock;
  readonly hooks: Hooks;
  readonly uart: Uart;
  readonly nvram: Nvram;
  readonly timing: Timing;
  readonly random: () => number;
  readonly system: System | undefined;
  restart(): void;
  switchOff(notice: string | undefined): void;
  switchOn(): void;
  powerKey(low: boolean): void;
}

/** How exactly; what is missing has a usual value of each fault's own. */
export interface FaultDetail {
  /** How long it lasts, or how late something is, ms. */
  ms: number | undefined;
  /** How often. */
  times: number | undefined;
  /** An error number, a count of bytes, a socket, a PIN, a text. */
  value: number | string | undefined;
}

export interface FaultKind {
  /** The catalogue's number, and which variant: `F26.late`. */
  name: string;
  does: string;
  /** May be drawn at random: a running module can show it, and a driver can get over it. */
  drawn: boolean;
  /** Lets it happen, or prepares it; what is given takes it back. */
  arm(target: FaultTarget, detail: FaultDetail): (() => void) | undefined;
}

type Arm = (target: FaultTarget, detail: FaultDetail) => (() => void) | undefined;

/** A fault that may be drawn. */
export const drawn = (name: string, does: string, arm: Arm): FaultKind => ({
  name,
  does,
  drawn: true,
  arm,
});

/** A fault that has to be asked for. */
export const named = (name: string, does: string, arm: Arm): FaultKind => ({
  name,
  does,
  drawn: false,
  arm,
});

/** For faults that last until they are healed. */
export const ALWAYS = 1_000_000_000;

/** Answers of all commands, of an AT by itself too. */
export const ANY = /^/;

type ChangeAnswer = (
  bytes: string,
  call: Call,
  target: FaultTarget,
  detail: FaultDetail,
) => string | Answer | undefined;

/** Changes the next answers in a phase of commands whose name fits. */
export function onAnswer(names: RegExp, phase: AnswerPhase, change: ChangeAnswer, times = 1): Arm {
  return (target, detail) =>
    target.hooks.answer.add((bytes, call, inPhase) => {
      if (inPhase !== phase || !names.test(call.name)) return undefined;
      const answer = change(bytes, call, target, detail);
      return typeof answer === "string" ? { bytes: answer } : answer;
    }, detail.times ?? times);
}

/** Decides on the next command lines that fit. */
export function onCommand(
  lines: RegExp,
  decide: (line: string, target: FaultTarget, detail: FaultDetail) => CommandFate | undefined,
  times = 1,
): Arm {
  return (target, detail) =>
    target.hooks.command.add(
      (line) => (lines.test(line) ? decide(line, target, detail) : undefined),
      detail.times ?? times,
    );
}

/** Does something when the next line that fits comes, and lets it run. */
export function whenCommand(
  lines: RegExp,
  act: (target: FaultTarget, detail: FaultDetail, line: string) => void,
): Arm {
  return (target, detail) => {
    const remove = target.hooks.command.add((line) => {
      if (!lines.test(line)) return undefined;
      remove();
      act(target, detail, line);
      return undefined;
    }, ALWAYS);
    return remove;
  };
}

/** Replaces a value the next times it is asked for. */
export function instead(place: string, usual: number | string, times = 1): Arm {
  return (target, detail) =>
    target.hooks.value.add(
      (asked) => (asked === place ? (detail.value ?? usual) : undefined),
      detail.times ?? times,
    );
}

/** The socket of a detail's number, or the first that is connected. */
export function socketOf(target: FaultTarget, detail: FaultDetail): ModemSocket | undefined {
  const { system } = target;
  if (!system) return undefined;
  const all = [...system.sockets.all(), ...system.tls.all()].filter(({ state }) => state === 2);
  return typeof detail.value === "number"
    ? all.find(({ settings }) => settings.id === detail.value)
    : all[0];
}

/** Puts text in front of the final result. */
export function beforeResult(bytes: string, text: string): string {
  const final = /\r\n(OK|ERROR|SEND OK|SEND FAIL|\+CM[ES] ERROR:[^\r]*)\r\n$/.exec(bytes);
  const at = final?.index ?? bytes.length;
  return bytes.slice(0, at) + text + bytes.slice(at);
}

/** Where the data of QIRD's or QSSLRECV's answer lies; undefined when there is none. */
export function dataOf(bytes: string): { header: string; begin: number; end: number } | undefined {
  const match = /^\r\n\+(?:QIRD|QSSLRECV): (\d+)\r\n/.exec(bytes);
  const count = Number(match?.[1] ?? 0);
  if (!match || count === 0) return undefined;
  return { header: match[0], begin: match[0].length, end: match[0].length + count };
}
