/**
 * Registration, signal, operator.
 * @module
 */
import type { Domain } from "../radio.ts";
import type { System, SystemHandler } from "../system.ts";

const registration: SystemHandler = (call, job, system) => {
  const domain = call.name as Domain;
  const { registrationMode } = system.kernel.family;
  if (call.form === "read") job.line(system.radio.row(domain));
  else if (call.form === "test") job.line(`${domain}: (0-2${registrationMode > 2 ? ",4" : ""})`);
  else {
    const mode = call.number(0, 0, registrationMode);
    if (mode === undefined || mode === 3) {
      job.error();
      return;
    }
    system.profile.registration[domain] = mode;
  }
  job.ok();
};

/** Levels for AT+QCSQ from AT+CSQ's number: RSSI and RSRP in dBm, SINR and RSRQ. */
function levels(system: System): string {
  const rssi = 2 * system.radio.signal - 113;
  return `${rssi},${rssi - 20},160,-10`;
}

function operatorOf(system: System) {
  const { operator = "CHINA MOBILE", plmn = "46000" } = system.kernel.options.registration ?? {};
  return { operator, plmn };
}

const operator: SystemHandler = (call, job, system) => {
  const { kernel, radio } = system;
  const busy = kernel.hooks.value.ask("cops");
  if (typeof busy === "number") {
    job.cme(busy);
    return;
  }
  const { operator, plmn } = operatorOf(system);
  const act = kernel.options.registration?.act ?? 7;
  if (call.form === "read") {
    job.line(radio.isRegistered ? `+COPS: 0,0,"${operator}",${act}` : "+COPS: 0");
    job.ok();
  } else if (call.form === "test") {
    kernel.after(kernel.timing.scan, () => {
      job.line(`+COPS: (2,"${operator}","${operator}","${plmn}",${act}),,(0-4),(0-2)`);
      job.ok();
    });
  } else {
    const mode = call.number(0, 0, 4);
    if (mode === undefined) {
      job.error();
      return;
    }
    kernel.after(kernel.timing.cfunSet, () => {
      job.ok(() => {
        if (mode === 2) radio.stop();
        else if (mode === 0 && system.sim.isReady && !radio.isRegistered) radio.start();
      });
    });
  }
};

export const radioCommands: Record<string, SystemHandler> = {
  "+CREG": registration,
  "+CGREG": registration,
  "+CEREG": registration,
  "+CSQ": (call, job, system) => {
    if (call.form === "read" || call.form === "set") {
      job.cme(3);
      return;
    }
    const { signal } = system.radio;
    job.line(call.form === "test" ? "+CSQ: (0-31,99),(0-7,99)" : `+CSQ: ${signal},99`);
    job.ok();
  },
  "+QCSQ": (_, job, system) => {
    const { signal } = system.radio;
    job.line(signal === 99 ? '+QCSQ: "NOSERVICE"' : `+QCSQ: "LTE",${levels(system)}`);
    job.ok();
  },
  "+QNWINFO": (_, job, system) => {
    const { band = "LTE BAND 3", channel = 1650 } = system.kernel.options.registration ?? {};
    const { plmn } = operatorOf(system);
    job.line(
      system.radio.isRegistered
        ? `+QNWINFO: "FDD LTE",${plmn},"${band}",${channel}`
        : "+QNWINFO: No Service",
    );
    job.ok();
  },
  "+COPS": operator,
  "+CGATT": (call, job, system) => {
    if (call.form === "read") job.line(`+CGATT: ${system.radio.isRegistered ? 1 : 0}`);
    else if (call.form === "test") job.line("+CGATT: (0,1)");
    else if (call.number(0, 0, 1) === undefined) {
      job.error();
      return;
    } else if (call.number(0, 0, 1) === 0) system.pdp.detach();
    else if (system.radio.isRegistered) system.pdp.attach();
    job.ok();
  },
  "+CEER": (_, job, system) => {
    job.line(
      `+CEER: ${system.radio.stat === 3 ? "EMM cause 15" : "No cause information available"}`,
    );
    job.ok();
  },
};
