/**
 * The address of a file on the web (RFC 3986), as far as a download needs it.
 * @module
 */

import { dial } from "../link/connection.ts";

export interface Address {
  tls: boolean;
  host: string;
  port: number;
  /** Path and query, unchanged; the query may hold a signature: not for logs. */
  path: string;
}

/** @throws Error that says what is expected and shows nothing beyond the host */
export function parseAddress(url: string): Address {
  const tls = url.startsWith("https://");
  if (!tls && !url.startsWith("http://")) throw new Error("the address must begin with http(s)://");
  const rest = url.substr(tls ? 8 : 7).split("#")[0];
  if (rest.indexOf(" ") >= 0 || rest.indexOf("\r") >= 0 || rest.indexOf("\n") >= 0) {
    throw new Error("the address holds a space or a line's end");
  }
  let end = rest.indexOf("/");
  const query = rest.indexOf("?");
  if (end < 0 || (query >= 0 && query < end)) end = query < 0 ? rest.length : query;
  const path = rest.substr(end);
  const parts = rest.substr(0, end).split(":");
  const host = parts[0];
  const port = parts.length < 2 ? (tls ? 443 : 80) : +parts[1];
  if (!host || host.indexOf("@") >= 0 || host.indexOf("[") >= 0 || parts.length > 2) {
    throw new Error("the address must hold a host name or an IPv4 address");
  }
  if (!(port > 0 && port < 65536)) throw new Error("the address has no valid port: " + host);
  return { tls: tls, host: host, port: port, path: path.startsWith("/") ? path : "/" + path };
}

/** Host and path, without the query: for logs. */
export function describeAddress(address: Address): string {
  return address.host + address.path.split("?")[0];
}

/** The value of the field Host (RFC 9112, 3.2). */
function hostField(address: Address): string {
  return address.host + (address.port === (address.tls ? 443 : 80) ? "" : ":" + address.port);
}

/** The request for a file from a byte on (RFC 9110, 14.2). */
export function requestText(address: Address, from: number): string {
  return (
    "GET " +
    address.path +
    " HTTP/1.1\r\nHost: " +
    hostField(address) +
    "\r\nConnection: close\r\nAccept-Encoding: identity\r\n" +
    (from ? "Range: bytes=" + from + "-\r\n" : "") +
    "\r\n"
  );
}

/** Where a redirect leads: to another address or to a path of the same host. */
export function followAddress(url: string, location: string): string {
  if (!location.startsWith("/") || location.startsWith("//")) return location;
  const from = parseAddress(url);
  return (from.tls ? "https://" : "http://") + hostField(from) + location;
}

/** How to open a connection; blocks until it is there, and throws when it can't be. */
export function dialer(tls: boolean, host: string, port: number) {
  return { dial: () => dial(tls, { host: host, port: port }) };
}
