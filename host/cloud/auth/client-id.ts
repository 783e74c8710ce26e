/**
 * The client id of a device's CONNECT: `{cid}|name=value,…|`.
 * @module
 */
import { CLIENT_ID_MAX } from "../defaults.ts";

export interface ClientId {
  /** The part before the first bar. */
  cid: string;
  /** The extension parameters. */
  parameters: Map<string, string>;
}

/** Reads a client id; a text says what is wrong with it. A value may hold a bar (Node SDK's `lan`). */
export function parseClientId(text: string): ClientId | string {
  const bar = text.indexOf("|");
  if (bar < 0) return 'has no "|"';
  const cid = text.slice(0, bar);
  if (cid.length === 0 || cid.length > CLIENT_ID_MAX) {
    return `part before "|" has to be 1 to ${CLIENT_ID_MAX} characters long`;
  }
  if (!text.endsWith("|") || text.length < bar + 2) return 'does not end with a second "|"';
  const parameters = new Map<string, string>();
  for (const pair of text.slice(bar + 1, -1).split(",")) {
    const equals = pair.indexOf("=");
    if (equals < 1) return `extension "${pair}" is not of the form name=value`;
    parameters.set(pair.slice(0, equals).trim(), pair.slice(equals + 1));
  }
  return { cid, parameters };
}
