/**
 * Packet data contexts, names, ping.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import type { System, SystemHandler } from "../system.ts";

const types = ["", "IP", "IPV6", "IPV4V6"];

/** Fails as a TCP/IP command does: the number is kept for AT+QIGETERROR. */
export function failWith(error: number, job: Job, system: System): void {
  system.lastError = error;
  job.error();
}

function contextOf(call: Call, system: System, place = 0): number | undefined {
  return call.number(place, 1, system.kernel.family.contexts);
}

function setContext(call: Call, job: Job, system: System): void {
  const { family } = system.kernel;
  if (call.form === "test") {
    job.line(`+QICSGP: (1-${family.contexts}),(1-3),<APN>,<username>,<password>,(0-3)`);
    job.ok();
    return;
  }
  const context = contextOf(call, system);
  if (call.form !== "set" || context === undefined) {
    failWith(552, job, system);
    return;
  }
  if (call.count === 1) {
    const { type, apn, user, password, authentication } = system.pdp.settingsOf(context);
    job.line(`+QICSGP: ${type},"${apn}","${user}","${password}",${authentication}`);
    job.ok();
    return;
  }
  const type = call.number(1, 1, 3);
  const authentication = call.number(5, 0, 3, 0);
  if (type === undefined || authentication === undefined) {
    failWith(552, job, system);
    return;
  }
  const settings = { type, apn: call.text(2), user: call.text(3), password: call.text(4) };
  system.pdp.configure(context, { ...settings, authentication });
  job.ok();
}

function activate(call: Call, job: Job, system: System): void {
  const { kernel, pdp } = system;
  if (call.form === "read") {
    const isHidden = kernel.hooks.value.ask("qiact") !== undefined;
    for (const [context, address] of isHidden ? [] : pdp.active()) {
      job.line(`+QIACT: ${context},1,${pdp.settingsOf(context).type},"${address}"`);
    }
    job.ok();
    return;
  }
  if (call.form === "test") {
    job.line(`+QIACT: (1-${kernel.family.contexts})`);
    job.ok();
    return;
  }
  const context = contextOf(call, system);
  if (context === undefined) {
    failWith(552, job, system);
    return;
  }
  const ms = pdp.isActive(context) ? kernel.timing.answer : kernel.timing.qiact;
  kernel.after(ms, () => {
    const error = activation(context, system);
    if (error === 0) job.ok();
    else failWith(error, job, system);
  });
}

/** Activates now; 0 or an error number. */
function activation(context: number, { pdp, radio, kernel }: System): number {
  const given = kernel.hooks.value.ask("activate");
  if (typeof given === "number") return given;
  if (!radio.isRegistered) return 561;
  if (pdp.active().length >= kernel.family.activeContexts && !pdp.isActive(context)) return 561;
  return pdp.activate(context);
}

function resolveName(call: Call, job: Job, system: System): void {
  const { kernel } = system;
  const context = contextOf(call, system);
  const host = call.text(1);
  if (context === undefined || host === "") {
    failWith(552, job, system);
    return;
  }
  if (!system.pdp.isActive(context)) {
    failWith(561, job, system);
    return;
  }
  job.ok(() =>
    kernel.after(kernel.timing.dns, () =>
      kernel.network.resolve(host, (found) =>
        kernel.after(0, () => {
          const addresses = system.pdp.works(context) ? found : [];
          if (addresses.length === 0) {
            kernel.urc('+QIURC: "dnsgip",565');
            return;
          }
          kernel.urc(`+QIURC: "dnsgip",0,${addresses.length},600`);
          for (const address of addresses) kernel.urc(`+QIURC: "dnsgip","${address}"`);
        }),
      ),
    ),
  );
}

function ping(call: Call, job: Job, system: System): void {
  const { kernel } = system;
  const context = contextOf(call, system);
  const host = call.text(1);
  if (context === undefined || host === "" || !system.pdp.isActive(context)) {
    failWith(context === undefined || host === "" ? 552 : 561, job, system);
    return;
  }
  const row = (address: string) => kernel.urc(`+QPING: 0,"${address}",32,45,64`);
  job.ok(() =>
    kernel.network.resolve(host, ([address]) => {
      if (address === undefined) {
        kernel.after(kernel.timing.dns, () => kernel.urc("+QPING: 565"));
        return;
      }
      for (let turn = 0; turn < 4; turn++) kernel.after(turn * 1000 + 45, () => row(address));
      kernel.after(3100, () => kernel.urc("+QPING: 0,4,4,0,45,45,45"));
    }),
  );
}

function later(name: string, run: (system: System, context: number) => number): SystemHandler {
  return (call, job, system) => {
    const { kernel } = system;
    const context = contextOf(call, system);
    if (context === undefined) failWith(552, job, system);
    else {
      job.ok(() =>
        kernel.after(kernel.timing.qiact, () =>
          kernel.urc(`${name}: ${context},${run(system, context)}`),
        ),
      );
    }
  };
}

export const packetDataCommands: Record<string, SystemHandler> = {
  "+CGDCONT": (call, job, system) => {
    const context = contextOf(call, system);
    if (call.form === "read") {
      for (const [id] of system.pdp.bearerRows()) {
        const { type, apn } = system.pdp.settingsOf(id);
        job.line(`+CGDCONT: ${id},"${types[type]}","${apn}","0.0.0.0",0,0,0,0`);
      }
    } else if (call.form === "set") {
      const type = types.indexOf(call.text(1).toUpperCase());
      if (context === undefined || type < 1) {
        job.error();
        return;
      }
      const before = system.pdp.settingsOf(context);
      system.pdp.configure(context, { ...before, type, apn: call.text(2) });
    }
    job.ok();
  },
  "+CGPADDR": (call, job, system) => {
    const rows = system.pdp.bearerRows();
    const wanted = call.form === "set" ? call.number(0, 1, 16) : undefined;
    for (const [id, isActive] of rows) {
      if (wanted !== undefined && wanted !== id) continue;
      job.line(`+CGPADDR: ${id}${isActive ? `,"${system.pdp.addressOf(id)}"` : ""}`);
    }
    job.ok();
  },
  "+CGACT": (call, job, system) => {
    if (call.form === "read") {
      for (const [id, isActive] of system.pdp.bearerRows()) {
        job.line(`+CGACT: ${id},${isActive ? 1 : 0}`);
      }
      job.ok();
      return;
    }
    const wanted = call.number(0, 0, 1);
    const context = contextOf(call, system, 1);
    if (wanted === undefined || context === undefined) {
      job.error();
      return;
    }
    const error = system.pdp.setBearer(context, wanted === 1);
    if (error === 0) job.ok();
    else job.cme(error);
  },
  "+QICSGP": setContext,
  "+QIACT": activate,
  "+QIDEACT": (call, job, system) => {
    const { kernel, pdp } = system;
    const context = contextOf(call, system);
    if (call.form === "test") {
      job.line(`+QIDEACT: (1-${kernel.family.contexts})`);
      job.ok();
      return;
    }
    if (context === undefined) {
      failWith(552, job, system);
      return;
    }
    kernel.after(kernel.timing.qideact, () => {
      if (pdp.deactivate(context)) job.ok();
      else failWith(552, job, system);
    });
  },
  "+QIACTEX": later("+QIACTEX", (system, context) => activation(context, system)),
  "+QIDEACTEX": later("+QIDEACTEX", (system, context) =>
    system.pdp.deactivate(context) ? 0 : 552,
  ),
  "+QIDNSCFG": (call, job, system) => {
    const context = contextOf(call, system);
    if (context === undefined || !system.pdp.isActive(context)) {
      failWith(context === undefined ? 552 : 561, job, system);
      return;
    }
    const key = `+QIDNSCFG${context}`;
    const servers = system.settings.get(key) ?? '"223.5.5.5","8.8.8.8"';
    if (call.count === 1) job.line(`+QIDNSCFG: ${context},${servers}`);
    else system.settings.set(key, call.args.slice(1).join(","));
    job.ok();
  },
  "+QIDNSGIP": resolveName,
  "+QPING": ping,
};
