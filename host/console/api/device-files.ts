/**
 * The files that a device has uploaded, for the page.
 * @module
 */
import { Hono } from "hono";
import type { Cloud } from "../../cloud/index.ts";
import type { DeviceFileRow } from "../protocol.ts";
import { BadRequest } from "./body.ts";
import { viewOf } from "./devices.ts";

export function deviceFileApi(cloud: Cloud): Hono {
  const app = new Hono();
  const { deviceFiles } = cloud;

  app.get("/:productKey/:deviceName/files", async (context) => {
    const view = viewOf(cloud, context);
    await view.record();
    const rows = (await deviceFiles.ofDevice(view.id)).reverse().map(
      (file): DeviceFileRow => ({
        fileId: file.fileId,
        name: file.name,
        size: file.size,
        received: deviceFiles.received(file),
        complete: file.complete,
        createdAt: file.createdAt,
      }),
    );
    return context.json(rows);
  });

  app.get("/:productKey/:deviceName/files/:fileId", async (context) => {
    const { id } = viewOf(cloud, context);
    const fileId = context.req.param("fileId");
    const file = (await deviceFiles.ofDevice(id)).find((each) => each.fileId === fileId);
    if (!file?.complete) throw new BadRequest(`the device has no file ${fileId}`);
    const bytes = await deviceFiles.read(file);
    // A name has nothing but letters, digits, `_` and `.`.
    return context.body(Uint8Array.from(bytes).buffer, 200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${file.name}"`,
    });
  });

  return app;
}
