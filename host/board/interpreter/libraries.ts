/**
 * The libraries that reach outside: network, serial ports, the chip's own.
 * @module
 */
import type { Alarms } from "./alarms.ts";
import type { Core } from "./core.ts";
import { installCrypto } from "./crypto.ts";
import { installEsp32 } from "./esp32.ts";
import { installHttp } from "./http.ts";
import { installNet } from "./net.ts";
import { installNetworkJs } from "./network-js.ts";
import { SerialPorts } from "./serial.ts";
import { Sockets } from "./sockets.ts";
import { installUrl } from "./url.ts";
import { Wifi } from "./wifi.ts";

/** Installs what the board has. */
export function installLibraries(
  core: Core,
  alarms: Alarms,
): { sockets: Sockets; serial: SerialPorts } {
  const { board, host, realm, builtins } = core;
  const hasWifi = board.device.link === "wifi";
  const wifi = hasWifi ? new Wifi(core, alarms) : undefined;
  const sockets = new Sockets(core, wifi?.driver(host.network) ?? host.network);
  installNet(core, sockets);
  installHttp(core, sockets);
  installNetworkJs(core, sockets);
  installCrypto(core);
  installUrl(core);
  // They exist there; nothing of them is offered here.
  for (const name of ["timer", "heatshrink"]) builtins.set(name, () => realm.object());
  builtins.set("TelnetServer", () => {
    const telnet = realm.object();
    realm.define(telnet, { setOptions: () => undefined });
    return telnet;
  });
  if (hasWifi) installEsp32(core);
  return { sockets, serial: new SerialPorts(core) };
}
