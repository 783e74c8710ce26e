/**
 * Everything that the page fetches and sends, under `/api`.
 * @module
 */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { UPLOAD_MAX_BYTES } from "../../cloud/defaults.ts";
import { CloudError } from "../../cloud/errors.ts";
import { FAULT_NAMES } from "../faults.ts";
import type { Live, LiveParts } from "../live.ts";
import type { Interests } from "../outbox.ts";
import type { Refusal } from "../protocol.ts";
import { boardApi } from "./board.ts";
import { BadRequest, Body, oneOf } from "./body.ts";
import { commandApi } from "./commands.ts";
import { deviceFileApi } from "./device-files.ts";
import { type DeviceApiParts, deviceApi } from "./devices.ts";
import { updateApi } from "./updates.ts";

export type ApiParts = DeviceApiParts & LiveParts & { live: Live };

export function api(parts: ApiParts): Hono {
  const { cloud, messages, faults, live } = parts;
  const app = new Hono();
  app.use(bodyLimit({ maxSize: UPLOAD_MAX_BYTES + 64 * 1024 }));
  app.use(async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
  });
  app.onError((error, context) => failed(error, context));

  app.route("/devices", deviceApi(parts));
  app.route("/devices", commandApi(cloud));
  app.route("/devices", deviceFileApi(cloud));
  app.route("/board", boardApi());
  app.route("/", updateApi(cloud));
  app.get("/messages", (context) => context.json(messages.list()));
  app.get("/faults", (context) => context.json(faults.states()));
  app.post("/faults/:name", async (context) => {
    const name = oneOf("fault", context.req.param("name"), FAULT_NAMES);
    const scope = (await Body.read(context)).optionalText("scope");
    await faults.set(name, scope === undefined ? undefined : oneOf("scope", scope, SCOPES));
    return context.json(faults.states());
  });
  app.get("/live", (context) => {
    const interests = interestsOf(context);
    return streamSSE(context, (stream) => live.serve(stream, interests));
  });
  app.all("*", (context) => {
    const message = "there is no such thing here";
    return context.json({ message, problem: { kind: "noSuchThing" } } satisfies Refusal, 404);
  });
  return app;
}

const SCOPES = ["once", "always"] as const;

/** `?on=devices,messages&device=PRODUCT/NAME`. */
function interestsOf(context: Context): Interests {
  const on = (context.req.query("on") ?? "").split(",");
  const [productKey, deviceName] = (context.req.query("device") ?? "").split("/");
  return {
    devices: on.includes("devices"),
    messages: on.includes("messages"),
    updates: on.includes("updates"),
    device: productKey && deviceName ? { productKey, deviceName } : undefined,
  };
}

function failed(error: Error, context: Context): Response {
  const { message } = error;
  if (error instanceof CloudError) {
    const { code, problem } = error;
    return context.json({ code, message, problem } satisfies Refusal, 409);
  }
  if (!(error instanceof BadRequest)) return context.json({ message } satisfies Refusal, 500);
  return context.json({ message, problem: error.problem } satisfies Refusal, 400);
}
