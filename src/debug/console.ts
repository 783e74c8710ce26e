/**
 * The global `ali` of the serial REPL. It shows no secrets.
 * @module
 */
import type { AliIot } from "../ali/aliiot.ts";
import { ways } from "../ali/entrance.ts";
import { link } from "../link/index.ts";
import type { AliIotOTA } from "../ota/aliiotota.ts";
import { openJournal } from "../store/boot-journal.ts";
import { requestSafe } from "../store/choice.ts";
import { runLate } from "../system/late.ts";
import { restart } from "../system/restart.ts";
import { type LogLevel, logLevel, setLogLevel } from "./log.ts";

const HELP =
  "ali.status()       log-on, link, last reply\n" +
  "ali.stats()        counters, JsVars in use\n" +
  "ali.log('debug')   off, error, warn, info, debug\n" +
  "ali.report({...})  report properties now\n" +
  "ali.connect()      log on\n" +
  "ali.disconnect()   log off and stay off\n" +
  "ali.ota()          image that runs, update\n" +
  "ali.link()         state, signal, identity, counters\n" +
  "ali.safe()         restart once without the application\n" +
  "ali.reboot()       restart\n" +
  "ali.server         the AliIot object";

/** Prints what a promise becomes: a REPL shows only that it is one. */
function show(what: string, result: Promise<any>): void {
  result.then((value) => print(what + ": " + value));
}

interface Parts {
  server: AliIot<any>;
  ota?: AliIotOTA;
}

/** Made when they are used first. @brief */
function makeCommands(parts: Parts) {
  const server = parts.server;
  const ota = parts.ota;
  const commands: any = {
    server: server,
    status: () => ({
      online: server.status,
      link: link.describe(),
      lastReply: server.lastReply,
    }),
    stats: () => {
      const stats: any = server.stats();
      stats.jsVars = process.memory().usage;
      return stats;
    },
    log: (level?: LogLevel) => {
      if (level && !setLogLevel(level)) return "off, error, warn, info or debug expected";
      return logLevel();
    },
    report: (properties: { [identifier: string]: any }) =>
      show("report", server.propertiesReport(properties)),
    connect: () => show("connect", server.connect()),
    disconnect: () => show("disconnect", server.disconnect()),
    ota: () => (ota ? ota.describe() : "this application has no AliIotOTA"),
    link: () => ({
      state: link.state,
      signal: link.signal(),
      identity: link.identity(),
      counters: link.counters,
    }),
    safe: () => {
      runLate(() => {
        if (requestSafe(openJournal())) restart();
        else print("the journal in flash can't be written");
      });
      return "restarting";
    },
    reboot: () => restart(),
    help: () => print(HELP),
  };
  // Of the application's ways in, only one can have got what may be forgotten.
  if (ways.registration) commands.forget = ways.registration.forget;
  return commands;
}

/** Installs `ali`; its commands take no memory before it is used. */
export function installConsole(parts: Parts): void {
  let commands: any;
  Object.defineProperty(global, "ali", {
    get: () => {
      if (!commands) commands = makeCommands(parts);
      return commands;
    },
  });
}
