/**
 * What devices ask over HTTPS before they log on: a secret of their own, and where to log on (as of
 * `iot-auth.{region}.aliyuncs.com`, `iot-auth-global.aliyuncs.com`). The same over HTTP, for boards
 * without TLS; Alibaba offers no HTTP.
 * @module
 */
import type { Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { type Endpoint, listenError, tlsOptions } from "../broker/listeners.ts";
import type { Certificates } from "../certificate/authority.ts";
import { Code } from "../thing/codes.ts";
import type { Bootstrap } from "./bootstrap.ts";
import type { Registration } from "./registration.ts";

const FORM_MAX_BYTES = 4096;

export class AuthServer {
  readonly endpoint: Endpoint;
  readonly #server: Server;

  private constructor(server: Server, endpoint: Endpoint) {
    this.#server = server;
    this.endpoint = endpoint;
  }

  /** @param certificates makes it HTTPS. */
  static async start(
    endpoint: Endpoint,
    parts: { registration: Registration; bootstrap: Bootstrap },
    certificates?: Certificates,
  ): Promise<AuthServer> {
    const app = new Hono();
    app.use(bodyLimit({ maxSize: FORM_MAX_BYTES }));
    app.post("/auth/register/device", (context) => register(context, parts.registration));
    app.post("/auth/bootstrap", (context) => locate(context, parts.bootstrap));
    app.get("/auth/bootstrap/regionId/:region", (context) => locate(context, parts.bootstrap));
    app.notFound((context) => context.json({ code: 404, message: "no such path" }, 404));
    app.onError((error, context) => {
      if (error instanceof HTTPException) return error.getResponse();
      return context.json({ code: Code.system, message: String(error) });
    });
    const { host: hostname, port } = endpoint;
    const secure = certificates
      ? { createServer, serverOptions: tlsOptions(certificates) as object }
      : {};
    const server = await new Promise<Server>((resolve, reject) => {
      const started = serve({ fetch: app.fetch, hostname, port, ...secure } as never, () =>
        resolve(started as Server),
      );
      started.on("tlsClientError", () => {});
      started.once("error", (error: Error) => reject(listenError(error, endpoint)));
    });
    return new AuthServer(server, { ...endpoint, port: (server.address() as AddressInfo).port });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function register(context: Context, registration: Registration): Promise<Response> {
  const form = new URLSearchParams(await context.req.text());
  const field = (name: string) => form.get(name) ?? "";
  const outcome = await registration.register(
    {
      productKey: field("productKey"),
      deviceName: field("deviceName"),
      random: field("random"),
      sign: field("sign"),
      signMethod: field("signMethod"),
    },
    "register",
    "https",
  );
  if ("code" in outcome) return context.json(outcome);
  return context.json({ code: Code.success, message: "success", data: outcome });
}

async function locate(context: Context, bootstrap: Bootstrap): Promise<Response> {
  const { hostname, protocol } = new URL(context.req.url);
  const form = new URLSearchParams(context.req.method === "POST" ? await context.req.text() : "");
  const device = {
    productKey: form.get("productKey") ?? "",
    deviceName: form.get("deviceName") ?? "",
  };
  const asked = context.req.method === "POST" ? device : undefined;
  const outcome = await bootstrap.locate(asked, { hostname, tls: protocol === "https:" });
  if ("code" in outcome) return context.json(outcome);
  const data = { resources: { mqtt: outcome } };
  return context.json({ code: Code.success, message: "success", data });
}
