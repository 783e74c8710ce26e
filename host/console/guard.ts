/**
 * Keeps other web sites away from the console: they can make a browser send requests to this
 * computer, and can give its address a name of theirs.
 * @module
 */
import type { MiddlewareHandler } from "hono";

/** Every request that changes something carries it; a page of another site can't add it. */
export const CONSOLE_HEADER = "x-console";

/** This computer, by the names that nobody else can give. The port may be a forwarded one. */
const HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

export function guard(): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    const host = context.req.header("host") ?? "";
    if (!HOST.test(host)) {
      return context.text("Open the console as 127.0.0.1 or localhost, not by this name.\n", 421);
    }
    const origin = context.req.header("origin");
    const site = context.req.header("sec-fetch-site") ?? "none";
    const isForeign = origin !== undefined && origin !== `http://${host}`;
    // A link from another page may open the console, but nothing else of it.
    const isVisit = method === "GET" && context.req.header("sec-fetch-mode") === "navigate";
    if (isForeign || (site !== "same-origin" && site !== "none" && !isVisit)) {
      return context.text("Another web site may not use the console.\n", 403);
    }
    const isChange = method !== "GET" && method !== "HEAD";
    if (isChange && context.req.header(CONSOLE_HEADER) === undefined) {
      return context.text(`The header ${CONSOLE_HEADER} is missing.\n`, 403);
    }
    return next();
  };
}
