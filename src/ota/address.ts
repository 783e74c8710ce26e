/**
 * The address of a file on the web (RFC 3986), as far as a download needs it.
 * @module
 */

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
export function hostField(address: Address): string {
  return address.host + (address.port === (address.tls ? 443 : 80) ? "" : ":" + address.port);
}

/**
 * Where a redirect leads: to another address or to a path of the same host.
 * @throws Error when it is neither
 */
export function followAddress(from: Address, location: string): Address {
  if (location.startsWith("/") && !location.startsWith("//")) {
    return parseAddress("http" + (from.tls ? "s" : "") + "://" + hostField(from) + location);
  }
  return parseAddress(location);
}
