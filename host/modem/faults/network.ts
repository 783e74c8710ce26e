/**
 * F17 to F25, F29, F30, F37, F41: card, registration, contexts, sockets, TLS, time.
 * @module
 */
import type { SimState } from "../options.ts";
import type { Domain } from "../radio.ts";
import {
  drawn,
  type FaultDetail,
  type FaultKind,
  type FaultTarget,
  instead,
  named,
  onAnswer,
  onCommand,
  socketOf,
  whenCommand,
} from "./fault.ts";

/** The card becomes another, for a while or for good. */
function card(state: SimState, usual: number) {
  return (target: FaultTarget, { ms = usual, value }: FaultDetail) => {
    const { nvram } = target;
    const { pin } = nvram.card;
    if (state === "pin") nvram.card.pin = String(value ?? pin ?? "1234");
    const heal = () => {
      if (nvram.card.state !== state) return;
      const before = pin === undefined ? "ready" : "pin";
      nvram.card.pin = pin;
      if (target.system) target.system.sim.become(before);
      else nvram.card.state = before;
    };
    if (target.system) target.system.sim.become(state);
    else nvram.card.state = state;
    if (ms > 0) target.clock.after(ms, heal);
    return heal;
  };
}

/** Registration is lost, for a while or until a restart. */
function registration(stat: number, usual = 30_000) {
  return (target: FaultTarget, { ms = usual }: FaultDetail) => {
    target.system?.radio.force(stat, ms);
    return () => target.system?.radio.force(1, 0);
  };
}

const domains: Domain[] = ["+CREG", "+CGREG", "+CEREG"];

function flap(target: FaultTarget, { ms = 10_000 }: FaultDetail): undefined {
  const end = target.clock.now() + ms;
  const turn = (stat: number) => {
    const radio = target.system?.radio;
    if (!radio?.isRegistered) return;
    const last = target.clock.now() >= end;
    for (const domain of domains) radio.tell(domain, last ? radio.stat : stat);
    if (!last) target.clock.after(1000, () => turn(3 - stat));
  };
  turn(2);
  return undefined;
}

function loseContexts({ system }: FaultTarget): void {
  for (const [context] of system?.pdp.active() ?? []) system?.pdp.lose(context);
}

const opens = /^\+Q(I|SSL)OPEN$/;
const openLines = /\+Q(I|SSL)OPEN=/i;
const openUrc = /^\+Q(?:I|SSL)OPEN: (\d+),/;

/** How opens end. */
function opening(result: number | "never") {
  return (target: FaultTarget, { times = 1, value }: FaultDetail) =>
    target.hooks.open.add(() => (typeof value === "number" ? value : result), times);
}

const openErrors = Array.from({ length: 25 }, (_, at) => 550 + at);

const overUrc =
  (pattern: RegExp, change: (line: string) => string) =>
  (target: FaultTarget, { times = 1 }: FaultDetail) =>
    target.hooks.urc.add((line) => (pattern.test(line) ? change(line) : undefined), times);

export const networkFaults: FaultKind[] = [
  named("F17.absent", "no card", card("absent", 0)),
  named("F17.pin", "the card wants its PIN", card("pin", 0)),
  named("F17.puk", "the card wants its PUK", card("puk", 0)),
  named("F17.failure", "the card fails", card("failure", 0)),
  named("F17.wrong", "a card of another kind", card("wrong", 0)),
  drawn("F17.busy", "the card is busy", card("busy", 5000)),
  drawn("F18.removed", "the card is taken out and put back", card("absent", 10_000)),
  drawn("F19.denied", "registration denied", registration(3)),
  drawn("F19.idle", "does not look for a network", registration(0)),
  drawn("F19.searching", "looks for a network", registration(2)),
  drawn("F19.unknown", "out of coverage", registration(4)),
  named("F19.roaming", "registered as a guest", registration(5)),
  drawn("F19.flapping", "lines say lost and found in turn", flap),
  drawn("F19.disagree", "reads say searching, lines said registered", (target, { ms = 20_000 }) => {
    const { system } = target;
    if (!system) return undefined;
    system.radio.readStat = 2;
    const heal = () => {
      system.radio.readStat = undefined;
    };
    target.clock.after(ms, heal);
    return heal;
  }),
  drawn("F20.signal", "no signal figures", (target, { ms = 30_000 }) => {
    const { system } = target;
    if (!system) return undefined;
    const before = system.radio.rssi;
    system.radio.rssi = 99;
    const heal = () => {
      system.radio.rssi = before === 99 ? 24 : before;
    };
    target.clock.after(ms, heal);
    return heal;
  }),
  drawn(
    "F21.none",
    "no operator is told",
    onAnswer(/^\+COPS$/, "final", (bytes) => bytes.replace(/(\+COPS: 0),[^\r]*/, "$1")),
  ),
  drawn("F21.busy", "CME 515 for operators", instead("cops", 515)),
  drawn("F22.error", "QIACT fails", instead("activate", 561)),
  drawn("F22.apn", "QIACT fails: no APN", instead("activate", 573)),
  drawn(
    "F22.silent",
    "QIACT answers after its longest time",
    onCommand(/\+QIACT=\d/i, (_, __, { ms = 160_000 }) => ({ delay: ms })),
  ),
  drawn("F22.empty", "QIACT says OK, QIACT? shows nothing", instead("qiact", 1, 2)),
  drawn("F22.other", "the network gave its one context another id", (target) => {
    target.system?.pdp.float();
    return undefined;
  }),
  drawn("F22.drift", "the one context moves, and QIACT? does not know", (target) => {
    target.system?.pdp.drift();
    return undefined;
  }),
  drawn("F23.now", "the network takes the context", (target) => {
    loseContexts(target);
    return undefined;
  }),
  drawn(
    "F23.open",
    "the network takes the context during an open",
    whenCommand(openLines, (target) => {
      target.clock.after(target.timing.answer + 20, () => loseContexts(target));
    }),
  ),
  drawn(
    "F23.send",
    "the network takes the context during a send",
    whenCommand(/\+Q(I|SSL)SEND=\d+,[1-9]/i, (target) => {
      target.clock.after(target.timing.answer + 1, () => loseContexts(target));
    }),
  ),
  drawn("F24.result", "QIOPEN fails", opening(566)),
  drawn(
    "F24.error",
    "QIOPEN is refused",
    onCommand(openLines, (line) => ({ line: line.replace(/=.*/, "=0") })),
  ),
  ...openErrors.map((code) => named(`F24.${code}`, `QIOPEN fails with ${code}`, opening(code))),
  drawn("F24.never", "no result of QIOPEN", opening("never")),
  drawn("F24.early", "the result of QIOPEN comes before its OK", (target, detail) => {
    const first = onAnswer(opens, "final", (bytes, call) => {
      const id = call.text(call.name === "+QIOPEN" ? 1 : 2);
      return bytes.includes("OK") ? `\r\n${call.name}: ${id},0\r\n${bytes}` : undefined;
    })(target, detail);
    const then = overUrc(/^\+Q(I|SSL)OPEN: \d+,0$/, () => "")(target, detail);
    return () => {
      first?.();
      then();
    };
  }),
  drawn(
    "F24.other",
    "a result for another id comes first",
    overUrc(openUrc, (line) => {
      const other = line.replace(/: (\d+)/, (_, id) => `: ${(Number(id) + 5) % 12}`);
      return `${other}\r\n\r\n${line}`;
    }),
  ),
  drawn(
    "F24.double",
    "the result of QIOPEN comes twice",
    overUrc(openUrc, (line) => `${line}\r\n\r\n${line}`),
  ),
  drawn("F25.used", "QIOPEN: the id is in use", opening(563)),
  drawn("F29.closed", "the peer closes", (target, detail) => {
    socketOf(target, detail)?.ended();
    return undefined;
  }),
  drawn("F29.discard", "the peer closes, and what it sent is gone", (target, detail) => {
    socketOf(target, detail)?.ended(true);
    return undefined;
  }),
  drawn("F29.glued", "the peer closes right after its next data", (target, detail) => {
    const remove = target.hooks.urc.add((line) => {
      if (!/: "recv",\d+/.test(line)) return undefined;
      remove();
      target.clock.after(0, () => socketOf(target, detail)?.ended());
      return undefined;
    });
    return remove;
  }),
  drawn(
    "F30.lost",
    "a recv line is lost",
    overUrc(/^\+Q(I|SSL)URC: "recv",\d+$/, () => ""),
  ),
  drawn(
    "F30.closed",
    "a closed line is lost",
    overUrc(/^\+Q(I|SSL)URC: "closed",\d+$/, () => ""),
  ),
  named("F37.refused", "QSSLOPEN fails with 566", (target, { times = 1 }) =>
    target.hooks.open.add((name) => (name === "+QSSLOPEN" ? 566 : undefined), times),
  ),
  drawn("F37.degraded", "every open fails with 552, until a restart", (target) => {
    const { system } = target;
    if (!system) return undefined;
    system.pdp.isDegraded = true;
    return () => {
      system.pdp.isDegraded = false;
    };
  }),
  named("F37.exists", "QFUPL: the file is there already", instead("upload", 407)),
  named("F37.short", "bytes of a QFUPL are lost", (target, { value = 10, times = 1 }) =>
    target.hooks.payload.add(
      (bytes, call) => (call.name === "+QFUPL" ? bytes.slice(Number(value)) : undefined),
      times,
    ),
  ),
  drawn("F41.clock", "CCLK shows 1980", instead("cclk", "80/01/06,00:00:10+00")),
  drawn("F41.network", "QLTS shows nothing", instead("qlts", "")),
  drawn("F41.565", "QNTP fails: no such name", instead("ntp", 565)),
  drawn("F41.569", "QNTP fails: no answer", instead("ntp", 569)),
  drawn("F41.550", "QNTP fails", instead("ntp", 550)),
];
