/**
 * All commands by name.
 * @module
 */
import type { SystemHandler } from "../system.ts";
import { basicCommands } from "./basic.ts";
import { fileCommands } from "./files.ts";
import { httpCommands } from "./http.ts";
import { identityCommands } from "./identity.ts";
import { packetDataCommands } from "./packet-data.ts";
import { radioCommands } from "./radio.ts";
import { simCommands } from "./sim.ts";
import { socketCommands } from "./sockets.ts";
import { timeCommands } from "./time.ts";
import { tlsCommands } from "./tls.ts";
import { upgradeCommands } from "./upgrade.ts";

const table: Record<string, SystemHandler> = {
  ...basicCommands,
  ...identityCommands,
  ...simCommands,
  ...radioCommands,
  ...packetDataCommands,
  ...socketCommands,
  ...tlsCommands,
  ...fileCommands,
  ...httpCommands,
  ...timeCommands,
  ...upgradeCommands,
  "+CLAC": (_, job) => {
    for (const name of Object.keys(table)) job.line(`AT${name}`);
    job.ok();
  },
};

export const commands = new Map(Object.entries(table));
