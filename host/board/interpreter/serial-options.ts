/**
 * What `Serial.setup` is given: the interpreter's own checks and texts.
 * @module
 */
import { type Core, runsOnLinux } from "./core.ts";
import { typeName } from "./globals.ts";
import type { Value } from "./realm.ts";

const names = "rx tx ck cts bytesize stopbits parity flow errors".split(" ");
const rates =
  "50 75 110 134 150 200 300 600 1200 1800 2400 4800 9600 19200 38400 57600 115200 230400 460800 " +
  "500000 576000 921600 1000000 1152000 1500000 2000000 2500000 3000000 3500000 4000000";
/** Rates that Linux knows. */
const knownRates = rates.split(" ").map(Number);

/** Throws the script's exception for what can't be; answers the rate. */
export function checkSerialOptions(core: Core, baud: Value, options: Value): number {
  const { realm } = core;
  const isLinux = runsOnLinux(core.board);
  const rate = baud === undefined ? 9600 : Math.trunc(Number(baud)) || 0;
  if (rate <= 100 || rate > 10_000_000) realm.throw("Error", `Invalid baud rate ${rate}`);
  if (options === undefined) return rate;
  if (typeof options !== "object" || options === null)
    realm.throw("Error", `Expecting Object or undefined, got ${typeName(options)}`);
  for (const key of Object.keys(options))
    if (!names.includes(key) && !(isLinux && key === "path"))
      realm.throw("Error", `Unknown option "${key}"`);
  const { parity, flow } = options;
  if (typeof parity === "number" && parity > 2) realm.throw("Error", `Invalid parity ${parity}`);
  if (flow !== undefined && flow !== null && flow !== "none" && flow !== "xon")
    realm.throw("Error", `Invalid flow control: ${JSON.stringify(flow)}`);
  const system = isLinux ? "Linux" : "ESP32";
  if (options.errors)
    realm.throw(
      "Error",
      `${system} Espruino builds can't handle framing/parity errors (errors:true)`,
    );
  return rate;
}

/** Whether Linux can run a port at this rate. */
export function isKnownRate(rate: number): boolean {
  return knownRates.includes(rate);
}
