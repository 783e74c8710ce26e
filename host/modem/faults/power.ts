/**
 * F11 to F15, F36, F38, F39: restarts, power, rates, upgrades.
 * @module
 */
import {
  drawn,
  type FaultDetail,
  type FaultKind,
  type FaultTarget,
  instead,
  named,
  onCommand,
} from "./fault.ts";

const GARBAGE = "\x00\xff\x80\xfe\x00";

/** A restart without warning: what has not left is lost. */
function crash(target: FaultTarget): undefined {
  target.uart.clear();
  target.restart();
  return undefined;
}

/** Something after the next RDY. */
function afterRestart({ clock, timing }: FaultTarget, ms: number, call: () => void): void {
  clock.after(timing.restart + timing.rdy + ms, call);
}

const off = (notice: string | undefined) => (target: FaultTarget) => {
  target.switchOff(notice);
  return undefined;
};

/** Mistakes of HTTP and of the package, as upgrades tell them. */
const httpErrors = Array.from({ length: 30 }, (_, at) => 701 + at);
const endErrors = [504, 505, 506, 507, 552, 553];

const coded = (place: string) => (code: number) =>
  named(`F38.${code}`, `an upgrade ends with ${code}`, (target, detail) =>
    instead(place, code)(target, { ...detail, value: code }),
  );

function wrongRate(target: FaultTarget, { value = 9600 }: FaultDetail): () => void {
  const { uart, nvram } = target;
  const before = uart.baud;
  uart.hostBaud ??= before;
  uart.baud = Number(value);
  nvram.baud = Number(value);
  return () => {
    uart.baud = before;
    nvram.baud = before;
  };
}

export const powerFaults: FaultKind[] = [
  drawn("F11.restart", "restarts without warning", crash),
  drawn("F11.twice", "restarts without warning and says RDY twice", (target) => {
    crash(target);
    afterRestart(target, 300, () => target.uart.write("\r\nRDY\r\n\r\n+CFUN: 1\r\n"));
    return undefined;
  }),
  drawn(
    "F11.command",
    "restarts at a command, and answers it afterwards",
    onCommand(/AT\+/i, (line, target) => {
      crash(target);
      afterRestart(target, 2500, () => target.system?.receive(`${line}\r`));
      return "lost";
    }),
  ),
  drawn("F12.normal", "NORMAL POWER DOWN, then off", off("NORMAL POWER DOWN")),
  drawn("F12.powered", "POWERED DOWN, then off", off("POWERED DOWN")),
  drawn("F12.undervoltage", "under-voltage, then off", off("UNDER-VOLTAGE POWER DOWN")),
  drawn("F12.silent", "off without a word", (target) => {
    target.uart.clear();
    target.switchOff(undefined);
    return undefined;
  }),
  named("F13.on", "is on already, without RDY", (target) => {
    target.hooks.value.add((place) => (place === "boot" ? 0 : undefined));
    target.hooks.value.add((place) => (place === "rdy" ? 1 : undefined));
    target.switchOn();
    return undefined;
  }),
  named("F13.pulse", "a pulse of PWRKEY from elsewhere", (target, { ms = 3500 }) => {
    target.powerKey(true);
    target.clock.after(ms, () => target.powerKey(false));
    return undefined;
  }),
  named("F14.slow", "the next boot takes long", (target, { ms = 25_000 }) =>
    target.hooks.value.add((place) => (place === "boot" ? ms : undefined)),
  ),
  named("F14.silent", "no RDY at the next boot", instead("rdy", 1)),
  drawn("F15.now", "bytes that are no text", (target) => {
    target.uart.write(GARBAGE);
    return undefined;
  }),
  named("F15.boot", "bytes that are no text before the next RDY", (target) =>
    target.uart.output.add((bytes) =>
      bytes.includes("\r\nRDY\r\n") ? GARBAGE + bytes : undefined,
    ),
  ),
  drawn("F15.restart", "a restart, with bytes that are no text before RDY", (target) => {
    target.uart.output.add((bytes) =>
      bytes.includes("\r\nRDY\r\n") ? GARBAGE + bytes : undefined,
    );
    return crash(target);
  }),
  drawn("F36.usbat", "unsolicited lines go to the other port", (target) => {
    target.nvram.urcport = "usbat";
    return undefined;
  }),
  named("F36.mute", "unsolicited lines go to the other port, RDY too", (target, detail) => {
    target.nvram.urcport = "usbat";
    return instead("rdy", 1, 1000)(target, detail);
  }),
  ...httpErrors.map(coded("fota-http")),
  ...endErrors.map(coded("fota-end")),
  named("F38.restart", "a restart in the middle of an upgrade", instead("fota-restart", 1)),
  named("F38.no-end", "an upgrade ends without END", instead("fota-no-end", 1)),
  named("F38.stuck", "an upgrade stops in the middle", instead("fota-stuck", 1)),
  named("F38.mini", "the second half of a MiniFOTA is not there", instead("fota-mini-2", 1)),
  named("F39.mismatch", "the module's rate is another", wrongRate),
  named("F39.autobaud", "the first bytes are eaten", (target, { value = 8 }) => {
    let left = Number(value);
    const remove = target.uart.input.add((bytes) => {
      const taken = Math.min(left, bytes.length);
      left -= taken;
      if (left === 0) remove();
      return bytes.slice(taken);
    }, Number.MAX_SAFE_INTEGER);
    return remove;
  }),
];
