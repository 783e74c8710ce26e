/**
 * What the page needs to set up a board that it is connected to: the program for the board, and the
 * checks of `npm run provision`. Settings are neither kept nor logged.
 * @module
 */
import { Hono } from "hono";
import {
  findFaults,
  openNames,
  schema,
  setupScript,
  standIns,
  targetOf,
} from "../../provision/index.ts";
import { BoardError } from "../../serial/errors.ts";
import type { BoardLink, CheckReply, Refusal, TargetReply } from "../protocol.ts";
import { Body, oneOf } from "./body.ts";

const LINKS = ["wifi", "host", "modem"] as const satisfies BoardLink[];

export function boardApi(): Hono {
  const app = new Hono();

  app.post("/target", async (context) => {
    const body = await Body.read(context);
    const identity = { interpreter: body.text("interpreter"), header: body.text("header") };
    try {
      const { device, certain } = await targetOf(identity);
      return context.json({
        board: device.name,
        ...(certain ? { link: device.link } : {}),
        restart: device.reboots ? "E.reboot()" : "load()",
        open: openNames(),
        schema,
        script: await setupScript(device.name),
      } satisfies TargetReply);
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      const { interpreter } = identity;
      const problem = { kind: "noBoardFile", interpreter } as const;
      return context.json({ message: error.message, problem } satisfies Refusal, 409);
    }
  });

  app.post("/check", async (context) => {
    const body = await Body.read(context);
    const link = body.optionalText("link");
    const settings = standIns(body.object("settings"), schema);
    const faults = findFaults(settings, link === undefined ? link : oneOf("link", link, LINKS));
    return context.json({ faults } satisfies CheckReply);
  });

  return app;
}
