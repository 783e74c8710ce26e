/**
 * F09, F10, F16, F26, F28, F31, F34, F40, F42: answers that are late, wrong, or do not come.
 * @module
 */
import {
  ALWAYS,
  ANY,
  dataOf,
  drawn,
  type FaultDetail,
  type FaultKind,
  type FaultTarget,
  named,
  onAnswer,
  onCommand,
} from "./fault.ts";

const sends = /^\+Q(I|SSL)SEND$/;
const sendLines = /\+Q(I|SSL)SEND=\d+,[1-9]/i;
const reads = /^\+Q(IRD|SSLRECV)$/;

/** Takes the message off what stands between data and the end. */
const withoutResult = (bytes: string) => bytes.replace(/\r\nOK\r\n$/, "");

/** A command arrives with a wrong character. */
const flip = onCommand(/AT/i, (line) => ({ line: line.replace(/AT\+?/i, "$&~") }));

/** The same, with an answer that only some modules give. */
function misheard(code: number) {
  const answer = onAnswer(/^$/, "final", () => `\r\n+CME ERROR: ${code}\r\n`);
  return (target: FaultTarget, detail: FaultDetail) => {
    const heals = [flip(target, detail), answer(target, detail)];
    return () => {
      for (const heal of heals) heal?.();
    };
  };
}

export const answerFaults: FaultKind[] = [
  drawn(
    "F09.late",
    "a command is obeyed and answered late",
    onCommand(/./, (_, __, { ms = 8000 }) => ({ delay: ms })),
  ),
  drawn(
    "F09.answer",
    "a command is obeyed at once and answered late",
    onAnswer(ANY, "final", (bytes, _, __, { ms = 8000 }) => ({ bytes, delay: ms })),
  ),
  drawn(
    "F10.hang",
    "the module hangs, until a restart or for a while",
    (target, { ms = 600_000 }) => {
      const { system } = target;
      system?.hang();
      const resume = () => system?.resume();
      if (ms > 0) target.clock.after(ms, resume);
      return resume;
    },
  ),
  drawn(
    "F10.command",
    "a command is not heard",
    onCommand(/./, () => "lost"),
  ),
  drawn(
    "F10.answer",
    "a command is obeyed and not answered",
    onCommand(/./, (line) => (sendLines.test(line) ? undefined : "unanswered")),
  ),
  drawn("F16.flip", "a command arrives with a wrong character", flip),
  drawn("F16.58", "a command is answered by CME 58", misheard(58)),
  drawn("F16.100", "a command is answered by CME 100", misheard(100)),
  drawn(
    "F26.never",
    "the prompt does not come, and a payload is waited for",
    onAnswer(sends, "prompt", () => ""),
  ),
  drawn(
    "F26.lost",
    "the prompt does not come, and nothing is waited for",
    onCommand(sendLines, () => "lost"),
  ),
  drawn(
    "F26.late",
    "the prompt is late",
    onAnswer(sends, "prompt", (bytes, _, __, { ms = 6000 }) => ({ bytes, delay: ms })),
  ),
  drawn("F28.fail", "SEND FAIL: nothing was taken", (target, { times = 1 }) =>
    target.hooks.send.add(() => "full", times),
  ),
  drawn("F28.error", "ERROR after a payload, which is lost", (target, { times = 1 }) =>
    target.hooks.send.add(() => "refused", times),
  ),
  drawn(
    "F28.missing",
    "a payload is sent, and SEND OK does not come",
    onAnswer(sends, "payload", () => ""),
  ),
  drawn("F28.lost", "a payload is lost, and SEND OK does not come", (target, { times = 1 }) =>
    target.hooks.send.add(() => "lost", times),
  ),
  drawn(
    "F28.late",
    "SEND OK is late",
    onAnswer(sends, "payload", (bytes, _, __, { ms = 30_000 }) => ({ bytes, delay: ms })),
  ),
  drawn(
    "F31.more",
    "more is announced than was asked for",
    onAnswer(reads, "final", (bytes, call) => {
      const data = dataOf(bytes);
      const asked = call.number(1, 1, 1500, 1500) ?? 1500;
      return data && bytes.replace(/: \d+/, `: ${asked + 7}`);
    }),
  ),
  drawn(
    "F31.garbage",
    "the announced length is no number",
    onAnswer(reads, "final", (bytes) => dataOf(bytes) && bytes.replace(/: (\d+)/, ": $1x\x80")),
  ),
  drawn(
    "F31.result",
    "no OK after data",
    onAnswer(reads, "final", (bytes) => dataOf(bytes) && withoutResult(bytes)),
  ),
  drawn("F40.eaten", "the next two bytes are lost in sleep", (target, { value = 2, times = 1 }) =>
    target.uart.input.add((bytes) => bytes.slice(Number(value)), times),
  ),
  named("F40.sleep", "sleeps when nothing comes for 5 s", (target) => {
    if (target.system) target.system.sleepMode = 1;
    return () => {
      if (target.system) target.system.sleepMode = 0;
    };
  }),
  drawn("F42.overrun", "bytes of a payload are lost", (target, { value = 3, times = 1 }) =>
    target.hooks.payload.add((bytes, call) => {
      if (!sends.test(call.name) || bytes.length <= Number(value)) return undefined;
      const at = bytes.length >> 1;
      return bytes.slice(0, at) + bytes.slice(at + Number(value));
    }, times),
  ),
  named("F42.always", "bytes of every payload are lost", (target, { value = 3 }) =>
    target.hooks.payload.add((bytes, call) => {
      if (!sends.test(call.name) || bytes.length <= Number(value)) return undefined;
      return bytes.slice(Number(value));
    }, ALWAYS),
  ),
];
