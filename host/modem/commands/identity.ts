/**
 * Who the module and its card are.
 * @module
 */
import type { System, SystemHandler } from "../system.ts";

/** An answer of one line; a number stands for a CME error. */
function telling(text: (system: System) => string | number): SystemHandler {
  return (call, job, system) => {
    if (call.form === "test") {
      job.ok();
      return;
    }
    const answer = call.form === "run" ? text(system) : undefined;
    if (answer === undefined) job.error();
    else if (typeof answer === "number") job.cme(answer);
    else {
      job.line(answer);
      job.ok();
    }
  };
}

/** Digits of the card, or the error that keeps them away. */
function ofCard(system: System, digits: string): string | number {
  const { status } = system.sim;
  return typeof status === "number" ? status : digits;
}

const maker = telling(() => "Quectel");
const model = telling((system) => system.kernel.family.model);
const revision = telling((system) => system.kernel.nvram.revision);
const imei: SystemHandler = (call, job, system) => {
  if (call.form === "set" && call.number(0, 0, 3) === undefined) {
    job.error();
    return;
  }
  if (call.form !== "test") job.line(system.kernel.nvram.imei);
  job.ok();
};

function iccid(prefix: string): SystemHandler {
  return telling((system) => {
    const { options, hooks, family } = system.kernel;
    const digits = hooks.value.ask("iccid") ?? options.sim?.iccid ?? "89860000000000000000";
    return ofCard(system, `${prefix}:${family.iccidSpace}${digits}`);
  });
}

export const identityCommands: Record<string, SystemHandler> = {
  I: (_, job, system) => {
    const { family, nvram } = system.kernel;
    job.raw(`\r\nQuectel\r\n${family.model}\r\nRevision: ${nvram.revision}\r\n`);
    job.ok();
  },
  "+CGMI": maker,
  "+GMI": maker,
  "+CGMM": model,
  "+GMM": model,
  "+CGMR": revision,
  "+GMR": revision,
  "+QGMR": telling(({ kernel }) => `${kernel.nvram.revision}_${kernel.family.subRevision}`),
  "+CGSN": imei,
  "+GSN": imei,
  "+CIMI": telling((system) => {
    const { options, family } = system.kernel;
    const digits = options.sim?.imsi ?? "460000000000000";
    return system.sim.isReady || typeof system.sim.status === "number"
      ? ofCard(system, `${family.imsiSpace}${digits}`)
      : 11;
  }),
  "+QCCID": iccid("+QCCID"),
  "+ICCID": iccid("+ICCID"),
};
