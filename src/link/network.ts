/**
 * Which network the interpreter's sockets use: its own (an ESP32's Wi-Fi, the host's on Linux) or a
 * driver that is a script (`NetworkJS`, a modem's). There is one at a time, for `net`, `tls` and
 * `http` alike, in the interpreter's hidden root: its description, a string, and the driver. So what
 * was there before a driver can be put back, without a restart.
 *
 * A socket is a number of the network that made it. One that is open during a switch would be asked
 * for at the other network, where the same number is another socket or none (on an ESP32 that
 * overruns `select`'s set): so let go of all sockets, then `closeSockets`, then switch, in a timer's
 * callback, as the interpreter reads the description once for each round over all sockets.
 *
 * A link says with `driver` which network it is, and does not install it: its board file does, by
 * `useNetworkOf(createCellularLink({…}))`, or the link that chooses between two.
 * @module
 */
import { encryptBy } from "./connection.ts";

/**
 * What `NetworkJS` calls (libs/network/js/network_js.c), from the idle loop and at each turn for each
 * socket. Ids are integers from 0. What is thrown is lost: don't.
 */
export interface NetworkDriver {
  /** Whether it encrypts the sockets of `net` that have the option `modemTls`. */
  encrypts?: boolean;
  /**
   * Opens a socket: at once, `recv` tells when it is connected.
   * @param host a name or an address; undefined: listens
   * @param type 0 TCP, 1 HTTP, 2 UDP; plus 4: TLS, whose bytes come encrypted already
   * @returns an id, or below 0: `connect` throws "Unable to create socket"
   */
  create(host: string | undefined, port: number, type: number, options: any): number;
  /**
   * @returns at most `most` bytes, "" for none yet; -11 until connected, -1 closed by the peer, -2 to
   *   -15 the "error" event's code. Also -1 for an id that is not known.
   */
  recv(id: number, most: number, type: number): string | number;
  /** Takes as many bytes as it can: their number, 0 for none now; below 0: failed. */
  send(id: number, bytes: string, type: number): number;
  /** Called once for each socket, whatever happened to it. */
  close(id: number): void;
  /** The id of a connection to a listening socket; -1: none. */
  accept(id: number): number;
}

/** The network that a driver stands in for; `installed` is false when there is none. */
let own: string | undefined;
let installed = false;

/** The interpreter's own variables: `net` the description, `JSN` the driver, `HttpCC` the sockets. */
function hidden(): any {
  return global["\xff"];
}

/** Makes a driver the network; no socket may be open. */
export function useDriver(driver: NetworkDriver): void {
  if (!installed) own = hidden().net;
  installed = true;
  encryptBy(driver);
  require("NetworkJS").create(driver);
}

/** Puts the interpreter's own network back, if a driver is installed; no socket may be open. */
export function useOwn(): void {
  if (!installed) return;
  installed = false;
  encryptBy(undefined);
  const root = hidden();
  // Linux has none before the first turn of its idle loop, and makes one when it is missing.
  if (own === undefined) delete root.net;
  else root.net = own;
  delete root.JSN;
}

/** Makes the network of a link that of all sockets, of which none may be open; gives the link. */
export function useNetworkOf<T extends { driver?: NetworkDriver | undefined }>(link: T): T {
  if (link.driver) useDriver(link.driver);
  else useOwn();
  return link;
}

/** Closes all sockets, with what they have not sent; calls back, not at once, when none is left. */
export function closeSockets(done: () => void): void {
  let open = false;
  const sockets = hidden().HttpCC;
  for (const key in sockets) {
    sockets[key].clsNow = true;
    open = true;
  }
  if (open) setTimeout(closeSockets, 5, done);
  else setTimeout(done, 0);
}
