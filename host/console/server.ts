/**
 * The web server of the console: the page, what it is made of, and its API.
 * @module
 */
import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { listenError } from "../cloud/broker/listeners.ts";
import { type ApiParts, api } from "./api/index.ts";
import { guard } from "./guard.ts";
import type { PageFile } from "./page-build.ts";

/** The console is for whoever sits at this computer. */
const HOST = "127.0.0.1";

export interface ConsoleServer {
  /** E.g. `http://127.0.0.1:8088`. */
  url: string;
  close(): Promise<void>;
}

/**
 * @param page gives the page's files by name, when the first of them is asked for.
 * @throws ConfigurationError when the port can't be listened on.
 */
export async function startServer(
  port: number,
  parts: ApiParts,
  page: () => Promise<ReadonlyMap<string, PageFile>>,
): Promise<ConsoleServer> {
  const app = new Hono();
  app.use(guard());
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: "no-referrer",
      strictTransportSecurity: false,
    }),
  );
  app.route("/api", api(parts));
  app.get("/:name{[a-z]+\\.(js|js\\.map|css|svg)}", async (context) => {
    const file = (await page()).get(context.req.param("name"));
    return file ? respond(file) : context.notFound();
  });
  // Any other path is one of the page's own.
  app.get("*", async () => respond((await page()).get("index.html") as PageFile));
  app.onError((error, context) => context.text(`${error.message}\n`, 500));

  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve({ fetch: app.fetch, hostname: HOST, port }, () => resolve(started));
    started.once("error", (error: Error) => reject(listenError(error, { host: HOST, port })));
  });
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://${HOST}:${own}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

function respond({ type, content }: PageFile): Response {
  return new Response(content, { headers: { "content-type": type, "cache-control": "no-cache" } });
}
