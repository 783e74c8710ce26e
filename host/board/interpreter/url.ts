/**
 * The global `url`, whose `parse` leaves a user in the host and a fragment in the query.
 * @module
 */
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";

export function installUrl(core: Core): void {
  const { realm } = core;
  const url = realm.library();
  realm.define(url, {
    parse: (_self, text, wantsQuery) => parseUrl(core.text(text), Boolean(wantsQuery)),
  });
  realm.hide(realm.global, "url", url);
}

/** Parts of a URL as the interpreter takes it apart. */
export function parseUrl(text: string, wantsQuery = false): Record<string, Value> {
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(text);
  const rest = scheme ? text.slice(scheme[0].length) : text;
  const slash = rest.search(/[/?]/);
  const authority = scheme ? (slash < 0 ? rest : rest.slice(0, slash)) : "";
  const path = scheme ? (slash < 0 ? "/" : rest.slice(slash)) : rest;
  const colon = authority.lastIndexOf(":");
  const port = colon < 0 ? Number.NaN : Number(authority.slice(colon + 1));
  const hasPort = colon >= 0 && Number.isInteger(port);
  const question = path.indexOf("?");
  const search = question < 0 ? null : path.slice(question);
  return {
    ...(scheme ? { protocol: scheme[1] } : {}),
    method: "GET",
    host: hasPort ? authority.slice(0, colon) : authority,
    path,
    pathname: question < 0 ? path : path.slice(0, question),
    search,
    port: hasPort ? port : null,
    query: search === null ? null : wantsQuery ? fields(search.slice(1)) : search.slice(1),
  };
}

function fields(query: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const field of query.split("&")) {
    const [name = "", value = ""] = field.split("=");
    if (name !== "") result[name] = decode(value);
  }
  return result;
}

function decode(text: string): string {
  return text
    .replace(/\+/g, " ")
    .replace(/%([0-9a-f]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
