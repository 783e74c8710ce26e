/**
 * Pins: the globals `D0`, `D1` …, the class `Pin`, and the functions on pins. The Linux build has
 * them in name only: what is written goes nowhere and all of them read as low.
 * @module
 */
import type { Alarms } from "./alarms.ts";
import { type Core, runsOnLinux } from "./core.ts";
import type { PinStates } from "./pin-states.ts";
import type { Value } from "./realm.ts";
import { defineUnmodelled } from "./unmodelled.ts";

/** Pins of the builds, by what `process.env.BOARD` says. */
const counts: Record<string, number> = { ESP32C3_IDF4: 22, ESP32S3_IDF4: 49, LINUX: 33 };
const usualCount = 40;

/** Installs them; `names` gets those by which they show. */
export function installPins(
  core: Core,
  states: PinStates,
  alarms: Alarms,
  names: Map<Value, string>,
): void {
  const { realm, board } = core;
  const hasLevels = !runsOnLinux(board);
  const count = counts[board.machine.interpreter.board] ?? usualCount;
  const pins: Value[] = [];
  /** Until when a pin is pulsed, in the host's milliseconds. */
  const pulsedUntil = new Map<string, number>();

  const find = (value: Value): Value => {
    if (pins.includes(value)) return value;
    const number = typeof value === "string" ? /^D(\d{1,3})$/.exec(value)?.[1] : value;
    return typeof number === "number" || typeof number === "string" ? pins[+number] : undefined;
  };
  const name = (value: Value): string =>
    names.get(find(value)) ?? realm.throw("Error", "Invalid pin");
  const read = (pin: string): boolean => states.read(pin) && hasLevels;
  const setMode = (pin: string, mode: Value) => {
    const known = states.setMode(pin, mode === undefined ? undefined : core.text(mode));
    if (!known) realm.throw("Error", "Unknown pin mode");
  };
  const pulse = (pin: string, value: Value, times: Value) => {
    const now = core.host.now();
    let isHigh = Boolean(value);
    const list: Value[] = realm.isArray(times) ? Array.from(times) : [times];
    if (typeof times !== "number" && typeof times !== "string" && !realm.isArray(times))
      realm.throw("Error", `Expecting Number or Array, got ${typeof times}`);
    if (typeof times === "number" && !(times >= 0))
      realm.throw("Error", "Pulse Time is less than 0 or not a number");
    if (times === 0) realm.throw("Error", "the virtual board does not model a pulse of 0 ms");
    let due = pulsedUntil.get(pin) ?? 0;
    if (due <= now) {
      due = now;
      states.write(pin, isHigh);
    }
    for (const ms of list.map(Number).filter((ms) => !Number.isNaN(ms))) {
      due += ms;
      const next = !isHigh;
      if (ms > 0) alarms.after(due - now, () => states.write(pin, next));
      isHigh = !isHigh;
    }
    pulsedUntil.set(pin, due);
  };

  const Pin = realm.class((_self, value) => find(value), {
    read: (self) => read(name(self)),
    write: (self, value) => states.write(name(self), Boolean(value)),
    set: (self: Value) => states.write(name(self), true),
    reset: (self) => states.write(name(self), false),
    toggle: (self) => {
      const isHigh = !(hasLevels && states.output(name(self)));
      states.write(name(self), isHigh);
      return isHigh;
    },
    mode: (self, mode) => setMode(name(self), mode),
    getMode: (self) => states.mode(name(self)),
    pulse: (self, value, times) => pulse(name(self), value, times),
    toJSON: (self) => names.get(self),
  });
  defineUnmodelled(realm, Pin.prototype, "Pin.", "analog", "pwm", "getInfo");
  const asText = realm.fn((self) => names.get(self));
  for (let number = 0; number < count; number++) {
    const pin = Object.create(Pin.prototype);
    pins.push(pin);
    // Not the class's: what is no pin shows as an object.
    realm.hide(pin, "toString", asText);
    names.set(pin, `D${number}`);
    realm.hide(realm.global, `D${number}`, pin);
  }
  realm.hide(realm.global, "Pin", Pin);

  realm.define(realm.global, {
    digitalRead: (_self, pin) => {
      if (!realm.isArray(pin)) return Number(read(name(pin)));
      return Array.from(pin, name).reduce((bits, one) => bits * 2 + Number(read(one)), 0);
    },
    digitalWrite: (_self, pin, value) => {
      if (!realm.isArray(pin)) return states.write(name(pin), Boolean(value));
      const list = Array.from(pin, name).reverse();
      list.forEach((one, bit) => {
        states.write(one, (Number(value) & (1 << bit)) !== 0);
      });
    },
    digitalPulse: (_self, pin, value, times) => pulse(name(pin), value, times),
    pinMode: (_self, pin, mode) => setMode(name(pin), mode),
    getPinMode: (_self, pin) => states.mode(name(pin)),
  });
  const others = ["setWatch", "clearWatch", "analogRead", "analogWrite", "shiftOut"];
  defineUnmodelled(realm, realm.global, "", ...others);
}
