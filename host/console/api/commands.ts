/**
 * What the page tells devices: property sets, services, RRPCs. The answer comes with the response.
 * @module
 */
import { Hono } from "hono";
import type { Cloud } from "../../cloud/index.ts";
import type { AlinkReply } from "../../cloud/thing/alink.ts";
import { shownPayload } from "../masking.ts";
import type { Reply, RrpcReply } from "../protocol.ts";
import { Body } from "./body.ts";
import { viewOf } from "./devices.ts";

export function commandApi(cloud: Cloud): Hono {
  const app = new Hono();

  app.post("/:productKey/:deviceName/properties", async (context) => {
    const { id } = viewOf(cloud, context);
    const body = await Body.read(context);
    return context.json(replyOf(await cloud.setProperty(id, body.object("items"))));
  });

  app.post("/:productKey/:deviceName/services/:service", async (context) => {
    const { id } = viewOf(cloud, context);
    const input = (await Body.read(context)).object("input");
    const reply = await cloud.invokeService(id, context.req.param("service"), input);
    return context.json(replyOf(reply));
  });

  app.post("/:productKey/:deviceName/rrpc", async (context) => {
    const { id } = viewOf(cloud, context);
    const body = await Body.read(context);
    const { messageId, payload } = await cloud.rrpc(id, {
      payload: Buffer.from(body.text("payload")),
      timeoutMs: body.number("timeoutMs"),
      topic: body.optionalText("topic"),
    });
    return context.json({ messageId, payload: shownPayload(payload) } satisfies RrpcReply);
  });

  return app;
}

function replyOf({ code, message, data }: AlinkReply): Reply {
  return { code, message, data };
}
