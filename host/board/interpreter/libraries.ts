/**
 * The libraries that reach outside: network, serial ports, the chip's own.
 * @module
 */
import type { Alarms } from "./alarms.ts";
import { type Core, runsOnLinux } from "./core.ts";
import { installCrypto } from "./crypto.ts";
import { installEsp32 } from "./esp32.ts";
import { installHeatshrink } from "./heatshrink.ts";
import { installHttp } from "./http.ts";
import { installNet } from "./net.ts";
import { installNetworkJs } from "./network-js.ts";
import type { PinStates } from "./pin-states.ts";
import { installPins } from "./pins.ts";
import type { Value } from "./realm.ts";
import { SerialPorts } from "./serial.ts";
import { Sockets } from "./sockets.ts";
import { defineUnmodelled } from "./unmodelled.ts";
import { installUrl } from "./url.ts";
import { Wifi } from "./wifi.ts";

/** Libraries that exist there without being offered here, by their functions. */
const unmodelled = {
  timer: ["add", "get", "list", "remove"],
};

/** Installs what the board has; `devices` gets the names by which pins and ports show. */
export function installLibraries(
  core: Core,
  alarms: Alarms,
  pins: PinStates,
  devices: Map<Value, string>,
): { sockets: Sockets; serial: SerialPorts } {
  const { board, host, realm, builtins } = core;
  const hasWifi = !runsOnLinux(board);
  const wifi = hasWifi ? new Wifi(core, alarms) : undefined;
  const sockets = new Sockets(core, wifi?.driver(host.network) ?? host.network);
  installNet(core, sockets);
  installHttp(core, sockets);
  installNetworkJs(core, sockets);
  installCrypto(core);
  installUrl(core);
  installHeatshrink(core);
  for (const [name, functions] of Object.entries(unmodelled))
    builtins.set(name, () => {
      const library = realm.object();
      defineUnmodelled(realm, library, `${name}.`, ...functions);
      return library;
    });
  builtins.set("TelnetServer", () => {
    const telnet = realm.object();
    realm.define(telnet, {
      // There is none that listens: only switching it off is true.
      setOptions: (_self, options) =>
        options?.mode === "off"
          ? undefined
          : realm.throw("Error", "the virtual board does not model TelnetServer.setOptions"),
    });
    return telnet;
  });
  if (hasWifi) installEsp32(core);
  installPins(core, pins, alarms, devices);
  return { sockets, serial: new SerialPorts(core, devices) };
}
