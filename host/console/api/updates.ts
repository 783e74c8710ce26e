/**
 * What the page does about updates: packages, jobs, tasks.
 * @module
 */
import { type Context, Hono } from "hono";
import type { Cloud } from "../../cloud/index.ts";
import { readImage } from "../../image/image.ts";
import type { ImageInfo, UpdatesOverview } from "../protocol.ts";
import { jobRow, packageRow, taskRow } from "../updates.ts";
import { BadRequest, Body, oneOf } from "./body.ts";

export function updateApi({ ota }: Cloud): Hono {
  const app = new Hono();

  app.get("/updates", (context) => {
    const overview: UpdatesOverview = {
      packages: ota.packages().map(packageRow),
      jobs: ota.jobs().map((job) => jobRow(ota, job)),
    };
    return context.json(overview);
  });

  app.post("/images", async (context) => {
    return context.json(describeImage(Buffer.from(await context.req.arrayBuffer())));
  });

  app.post("/packages", async (context) => {
    const form = await context.req.formData().catch(() => undefined);
    const file = form?.get("file");
    if (!form || !(file instanceof File)) throw new BadRequest("a form with a file is expected");
    const field = (name: string) => String(form.get(name) ?? "");
    const firmwareId = await ota.addFirmware({
      productKey: field("productKey"),
      ...(field("module") === "" ? {} : { module: field("module") }),
      version: field("version"),
      signMethod: oneOf("signMethod", field("signMethod"), ["MD5", "SHA256"]),
      files: [{ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }],
    });
    return context.json({ firmwareId });
  });

  app.post("/jobs", async (context) => {
    const body = await Body.read(context);
    const devices = body.texts("devices");
    if (devices.length === 0) throw new BadRequest("no device is chosen", { kind: "noDevices" });
    const jobId = await ota.createJob({
      firmwareId: body.text("firmwareId"),
      devices,
      protocol: body.choice<"https" | "mqtt">("protocol", ["https", "mqtt"]),
      overwrite: body.flag("overwrite"),
    });
    return context.json({ jobId });
  });

  app.get("/jobs/:jobId/tasks", (context) => {
    const { jobId } = ota.job(context.req.param("jobId"));
    return context.json(ota.tasks(jobId).map(taskRow));
  });

  app.post("/jobs/:jobId/cancel", async (context) => {
    await ota.cancelJob(context.req.param("jobId"));
    return done(context);
  });

  app.post("/tasks/:taskId/cancel", async (context) => {
    await ota.cancelTask(context.req.param("taskId"));
    return done(context);
  });

  return app;
}

function done(context: Context): Response {
  return context.json({});
}

/** What a file says of itself; one that is no image of ours may still be a package. */
function describeImage(bytes: Buffer): ImageInfo {
  const { header, signed, problems } = readImage(bytes);
  if (!header) return { bytes: bytes.length, problems };
  const { module, version, board } = header;
  return { bytes: bytes.length, image: { module, version, board, signed }, problems };
}
