/**
 * The clock, and where its time comes from.
 * @module
 */
import { timeText } from "../rtc.ts";
import type { SystemHandler } from "../system.ts";
import { failWith } from "./packet-data.ts";

/** `26/08/07,13:54:02+32` as ms since 1970, zone aside. */
function readTime(text: string): number | undefined {
  const match = /^(\d\d|\d{4})\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d{1,2})?$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  return Date.UTC(year < 100 ? 2000 + year : year, month - 1, day, hour, minute, second);
}

export const timeCommands: Record<string, SystemHandler> = {
  "+CCLK": (call, job, system) => {
    if (call.form === "set") {
      const time = readTime(call.text(0));
      if (time === undefined) {
        job.cme(50);
        return;
      }
      system.clock.set(time);
    } else if (call.form === "read") {
      const given = system.kernel.hooks.value.ask("cclk");
      job.line(`+CCLK: "${given ?? timeText(system.clock.shown, 2)}"`);
    }
    job.ok();
  },
  "+QLTS": (call, job, system) => {
    const mode = call.number(0, 0, 2, 0);
    if (mode === undefined) {
      job.cme(50);
      return;
    }
    const given = system.kernel.hooks.value.ask("qlts");
    if (call.form !== "test") job.line(`+QLTS: "${given ?? system.clock.latest(mode)}"`);
    else job.line("+QLTS: (0-2)");
    job.ok();
  },
  "+CTZU": (call, job, system) => {
    const { nvram } = system.kernel;
    const mode = call.number(0, 0, 3);
    if (call.form === "read") job.line(`+CTZU: ${nvram.zoneUpdate}`);
    if (call.form === "set") {
      if (mode === undefined || mode === 2) {
        job.cme(50);
        return;
      }
      nvram.zoneUpdate = mode;
      if (mode > 0 && system.clock.lastSync !== undefined) system.clock.synchronise(mode === 3);
    }
    job.ok();
  },
  "+CTZR": (call, job, system) => {
    if (call.form === "read") job.line(`+CTZR: ${system.settings.get("+CTZR") ?? 0}`);
    if (call.form === "set") {
      if (call.number(0, 0, 2) === undefined) {
        job.cme(50);
        return;
      }
      system.settings.set("+CTZR", call.parameters);
    }
    job.ok();
  },
  "+QNTP": (call, job, system) => {
    const { kernel, pdp } = system;
    const context = call.number(0, 1, kernel.family.contexts);
    const host = call.text(1);
    const port = call.number(2, 1, 65_535, 123);
    const sets = call.number(3, 0, 1, 1);
    if (context === undefined || host === "" || port === undefined || sets === undefined) {
      failWith(552, job, system);
      return;
    }
    if (!pdp.isActive(context)) {
      failWith(561, job, system);
      return;
    }
    job.ok(() =>
      kernel.after(kernel.timing.ntp, () => {
        const given = kernel.hooks.value.ask("ntp");
        const error = typeof given === "number" ? given : pdp.works(context) ? 0 : 569;
        if (error !== 0) {
          kernel.urc(`+QNTP: ${error}`);
          return;
        }
        // Greenwich time, although the zone stands behind it.
        kernel.urc(`+QNTP: 0,"${timeText(kernel.clock.now(), 4)}"`);
        if (sets === 1) system.clock.synchronise();
      }),
    );
  },
};
