/**
 * What the page asks about devices.
 * @module
 */
import { type Context, Hono } from "hono";
import type { Cloud } from "../../cloud/index.ts";
import type { Product } from "../../cloud/products/catalog.ts";
import type { HistoryQuery } from "../../cloud/store/history.ts";
import type { Directory } from "../directory.ts";
import type { Messages } from "../messages.ts";
import type { DeviceDetail, Model, Refusal, Secrets, Series } from "../protocol.ts";
import { numberMembers, seriesOf, thinned } from "../series.ts";
import { BadRequest } from "./body.ts";

const EVENTS_SHOWN = 200;
/** Values of each property in its small picture. */
const RECENT = 60;
/** Most points of a chart: more than it has pixels. */
const DRAWN = 2000;

export interface DeviceApiParts {
  cloud: Cloud;
  directory: Directory;
  messages: Messages;
  /** Keys of products whose secrets the page may show. */
  revealed: readonly string[];
}

export function deviceApi({ cloud, directory, messages, revealed }: DeviceApiParts): Hono {
  const app = new Hono();

  app.get("/", async (context) => context.json(await directory.overview()));

  app.get("/:productKey/:deviceName", async (context) => {
    const view = viewOf(cloud, context);
    await view.record();
    const product = cloud.registry.catalog.require(view.id.productKey);
    const device = await directory.row(view.id);
    const detail = {
      device: device as DeviceDetail["device"],
      product: { productKey: product.productKey, name: product.name },
      model: modelOf(product),
      values: await view.properties(),
      events: await view.events({ ascending: false, limit: EVENTS_SHOWN }),
      recent: await recentOf(view, product),
      canReveal: revealed.includes(product.productKey),
    } satisfies DeviceDetail;
    return context.json(detail);
  });

  app.get("/:productKey/:deviceName/series/:identifier", async (context) => {
    const view = viewOf(cloud, context);
    await view.record();
    const { catalog } = cloud.registry;
    const identifier = context.req.param("identifier");
    const property = catalog.require(view.id.productKey).model.properties.get(identifier);
    if (!property) {
      const text = `${identifier} is not a property of the thing model`;
      throw new BadRequest(text, { kind: "notInModel", name: identifier });
    }
    const from = Number(context.req.query("from") ?? 0);
    if (!Number.isFinite(from)) throw new BadRequest("from has to be milliseconds since 1970");
    const query: HistoryQuery = { from: Math.max(0, Math.floor(from)) };
    const entries = (await view.propertyHistory(identifier, query)).reverse();
    const series = numberMembers(property.dataType).map((member) =>
      thinned(seriesOf(entries, member), DRAWN),
    );
    return context.json(series);
  });

  app.get("/:productKey/:deviceName/messages", (context) => {
    return context.json(messages.list(viewOf(cloud, context).id));
  });

  app.post("/:productKey/:deviceName/secret", async (context) => {
    const view = viewOf(cloud, context);
    const { productKey } = view.id;
    const { deviceSecret } = await view.record();
    if (!revealed.includes(productKey)) {
      const message = "only the demo product's secrets are shown";
      return context.json({ message, problem: { kind: "secretsKept" } } satisfies Refusal, 403);
    }
    const { productSecret } = cloud.registry.catalog.require(productKey);
    return context.json({ productSecret, deviceSecret } satisfies Secrets);
  });

  app.post("/:productKey/:deviceName/disconnect", async (context) => {
    await cloud.disconnect(viewOf(cloud, context).id);
    return context.json({});
  });

  return app;
}

type View = ReturnType<Cloud["device"]>;

/** The device that a path names. */
export function viewOf(cloud: Cloud, context: Context): View {
  const { productKey = "", deviceName = "" } = context.req.param() as Record<string, string>;
  return cloud.device(productKey, deviceName);
}

function modelOf({ model }: Product): Model {
  return {
    properties: [...model.properties.values()],
    events: [...model.events.values()].filter(({ identifier }) => identifier !== "post"),
    services: [...model.services.values()].filter(
      ({ identifier }) => identifier !== "set" && identifier !== "get",
    ),
  };
}

async function recentOf(view: View, { model }: Product): Promise<Record<string, Series>> {
  const recent: Record<string, Series> = {};
  for (const { identifier, dataType } of model.properties.values()) {
    const [member] = numberMembers(dataType);
    if (member !== "") continue;
    const entries = await view.propertyHistory(identifier, { limit: RECENT });
    recent[identifier] = seriesOf(entries.reverse(), "");
  }
  return recent;
}
