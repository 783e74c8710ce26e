/**
 * The SIM card.
 * @module
 */
import type { SystemHandler } from "../system.ts";

export const simCommands: Record<string, SystemHandler> = {
  "+CPIN": (call, job, system) => {
    const { sim } = system;
    if (call.form === "set") {
      const error = sim.enter(call.text(0));
      if (error === 0) job.ok(() => sim.entered());
      else job.cme(error);
      return;
    }
    if (call.form === "read") {
      const { status } = sim;
      if (typeof status === "number") {
        job.cme(status);
        return;
      }
      job.line(`+CPIN: ${status}`);
    }
    job.ok();
  },
  "+QINISTAT": (_, job, system) => {
    job.line(`+QINISTAT: ${Math.max(0, system.sim.initialised)}`);
    job.ok();
  },
  "+QSIMSTAT": (call, job, system) => {
    const mode = system.settings.get("+QSIMSTAT") ?? "0";
    if (call.form === "read") job.line(`+QSIMSTAT: ${mode},${system.sim.isInserted ? 1 : 0}`);
    if (call.form === "set") {
      if (call.number(0, 0, 1) === undefined) {
        job.error();
        return;
      }
      system.settings.set("+QSIMSTAT", call.parameters);
    }
    job.ok();
  },
  "+QSIMDET": (call, job, system) => {
    if (call.form === "read") job.line(`+QSIMDET: ${system.settings.get("+QSIMDET") ?? "0,0"}`);
    else if (call.form === "set") system.settings.set("+QSIMDET", call.parameters);
    job.ok();
  },
  "+QPINC": (call, job, system) => {
    if (call.form !== "test") job.line(`+QPINC: "SC",${system.kernel.nvram.card.tries},10`);
    job.ok();
  },
};
