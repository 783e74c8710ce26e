/**
 * Start order of the firmware: the interpreter is checked, then the settings are read, the link
 * goes up, and the application starts.
 * @module
 */
import { startApp } from "#app";
import { device } from "#board";
import { installConsole } from "./debug/console.ts";
import { describeError, logError, logInfo, logWarn, setLogLevel } from "./debug/log.ts";
import { networkEncrypts } from "./link/connection.ts";
import { link } from "./link/index.ts";
import { readSettings, type Settings } from "./store/settings.ts";
import { checkInterpreter } from "./system/check.ts";
import { seedRandom } from "./system/seed.ts";

/** Says what does not fit; whether the firmware can run all the same. */
function interpreterFits(): boolean {
  const misfits = checkInterpreter(device.needs(), process.env, process.memory().free);
  let fits = true;
  for (const misfit of misfits) {
    if (misfit.fatal) fits = false;
    if (misfit.fatal) logError("board", misfit.text);
    else logWarn("board", misfit.text);
  }
  return fits;
}

function start(settings: Settings): void {
  if (settings.log) setLogLevel(settings.log);
  if (device.telnet && !settings.telnet) require("TelnetServer").setOptions({ mode: "off" });
  link.up(settings);
  if (settings.tls && !networkEncrypts()) {
    logWarn("tls", "encrypts, but this interpreter does not verify the server");
  }
  installConsole(startApp(settings));
}

function main(): void {
  logInfo("board", device.name + ", Espruino " + process.env.VERSION);
  if (!interpreterFits()) return;
  seedRandom();
  try {
    const settings = readSettings();
    if (settings) start(settings);
    else logWarn("start", "no settings: this console waits for `npm run provision`");
  } catch (error) {
    logError("start", describeError(error));
  }
}

main();
