/**
 * The platform's API over HTTP: version 2018-01-20 of Alibaba's OpenAPI for IoT.
 * @module
 */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type ServerType, serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type Endpoint, listenError } from "../broker/listeners.ts";
import { CloudError } from "../errors.ts";
import type { Action, ActionContext } from "./action.ts";
import { ACTIONS } from "./actions/index.ts";
import { Parameters, RequestError } from "./parameters.ts";
import { ACS3, type AccessKey, type ApiRequest, SignatureCheck } from "./signature.ts";

/** The official client sends a whole thing model (up to 512 KiB, escaped) in the query. */
const REQUEST_MAX_BYTES = 2 * 1024 * 1024;
const VERSION = "2018-01-20";

export class OpenApi {
  readonly endpoint: Endpoint;
  readonly #server: ServerType;

  private constructor(server: ServerType, endpoint: Endpoint) {
    this.#server = server;
    this.endpoint = endpoint;
  }

  static async start(endpoint: Endpoint, key: AccessKey, context: ActionContext): Promise<OpenApi> {
    const check = new SignatureCheck(key);
    const app = new Hono();
    app.use(bodyLimit({ maxSize: REQUEST_MAX_BYTES }));
    app.on(["GET", "POST"], "/", (request) => answer(request, check, context));
    const { host, port } = endpoint;
    const server = await new Promise<ServerType>((resolve, reject) => {
      const serverOptions = { maxHeaderSize: REQUEST_MAX_BYTES };
      const options = { fetch: app.fetch, hostname: host, port, serverOptions };
      const started = serve(options, () => resolve(started));
      started.once("error", (error: Error) => reject(listenError(error, endpoint)));
    });
    const address = server.address() as AddressInfo;
    return new OpenApi(server, { host, port: address.port });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if ("closeAllConnections" in this.#server) this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(
  context: Context,
  check: SignatureCheck,
  platform: ActionContext,
): Promise<Response> {
  const RequestId = randomUUID().toUpperCase();
  try {
    const request = await readRequest(context);
    check.check(request);
    const action = findAction(request);
    const { hostname: callerHost } = new URL(context.req.url);
    const parameters = new Parameters(request.parameters);
    const { longs = {}, ...body } = await action(parameters, { ...platform, callerHost });
    return respond(context, 200, { RequestId, Success: true, Code: "", ...body }, longs);
  } catch (error) {
    if (error instanceof RequestError) {
      const { code: Code, message: Message, status } = error;
      const HostId = context.req.header("host") ?? "";
      return respond(context, status, { RequestId, HostId, Code, Message });
    }
    if (error instanceof CloudError) {
      const { code: Code, message: ErrorMessage } = error;
      return respond(context, 200, { RequestId, Success: false, Code, ErrorMessage });
    }
    const ErrorMessage = error instanceof Error ? error.message : String(error);
    const Code = "iot.system.SystemException";
    return respond(context, 200, { RequestId, Success: false, Code, ErrorMessage });
  }
}

async function readRequest(context: Context): Promise<ApiRequest> {
  const body = Buffer.from(await context.req.arrayBuffer());
  const headers: Record<string, string> = {};
  context.req.raw.headers.forEach((value, name) => {
    headers[name] = value;
  });
  const query = new Map(new URL(context.req.url).searchParams);
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const form = isForm ? new URLSearchParams(body.toString("utf8")) : [];
  const parameters = new Map([...query, ...form]);
  return { method: context.req.method, path: "/", parameters, query, headers, body };
}

function findAction({ parameters, headers }: ApiRequest): Action {
  const acs3 = headers.authorization?.startsWith(ACS3) ?? false;
  const name = acs3 ? headers["x-acs-action"] : parameters.get("Action");
  const version = acs3 ? headers["x-acs-version"] : parameters.get("Version");
  if (version !== VERSION) {
    const text = `Specified parameter Version is "${version ?? ""}", expected ${VERSION}.`;
    throw new RequestError(400, "InvalidVersion", text);
  }
  const action = name === undefined ? undefined : ACTIONS.get(name);
  if (action) return action;
  const text = `Specified api "${name ?? ""}" is not found, please check your url and method.`;
  throw new RequestError(404, "InvalidAction.NotFound", text);
}

/** @param longs members whose numbers are beyond what JavaScript's hold, as digits. */
function respond(
  context: Context,
  status: number,
  body: Record<string, unknown>,
  longs: Record<string, string> = {},
): Response {
  const numbers = Object.entries(longs).map(
    ([name, digits]) => `${JSON.stringify(name)}:${digits}`,
  );
  const json = [...numbers, JSON.stringify(body).slice(1)].join(",");
  return context.body(`{${json}`, status as 200, {
    "content-type": "application/json;charset=utf-8",
  });
}
