/**
 * The session itself: echo, forms of results, rate, profile, power, where lines go.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import { factoryProfile } from "../nvram.ts";
import type { System, SystemHandler } from "../system.ts";

const rates = [4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];

/** `ATV0` and its like: a digit that switches, the form of its own result too. */
function switching(set: (system: System, isOn: boolean) => void): SystemHandler {
  return (call, job, system) => {
    if (!/^[01]?$/.test(call.parameters)) {
      job.error();
      return;
    }
    set(system, call.parameters === "1");
    job.ok();
  };
}

function restoreProfile(system: System): void {
  Object.assign(system.profile, factoryProfile());
  system.input.endOfLine = "\r";
}

/** A value that is kept and told, and has no effect here. */
function kept(low: number, high: number, missing: number): SystemHandler {
  return (call, job, system) => {
    if (call.form === "read") {
      job.line(`${call.name}: ${system.settings.get(call.name) ?? missing}`);
      job.ok();
      return;
    }
    if (call.form === "test") {
      job.line(`${call.name}: (${low}-${high})`);
      job.ok();
      return;
    }
    if (call.number(0, low, high) === undefined) {
      job.error();
      return;
    }
    system.settings.set(call.name, call.parameters);
    job.ok();
  };
}

function setFunctionality(call: Call, job: Job, system: System): void {
  if (call.form === "read") {
    job.line(`+CFUN: ${system.functionality}`);
    job.ok();
    return;
  }
  if (call.form === "test") {
    job.line("+CFUN: (0-1,4),(0-1)");
    job.ok();
    return;
  }
  const value = call.number(0, 0, 4);
  const restarts = call.number(1, 0, 1, 0);
  if (value === undefined || value === 2 || value === 3 || restarts === undefined) {
    job.error();
    return;
  }
  if (restarts === 1) {
    const { restartNotice } = system.kernel.family;
    job.ok(() => {
      if (restartNotice !== undefined) system.kernel.write(`\r\n${restartNotice}\r\n`);
      system.board.restart();
    });
    return;
  }
  const { kernel } = system;
  kernel.after(kernel.timing.cfunSet, () => job.ok(() => system.setFunctionality(value)));
}

function powerDown(call: Call, job: Job, system: System): void {
  const mode = call.number(0, 0, 1, 1);
  if (mode === undefined) {
    job.error();
    return;
  }
  const { kernel, board } = system;
  job.ok(() => {
    if (mode === 0) board.powerOff(undefined);
    else kernel.after(kernel.timing.powerDown, () => board.powerOff("POWERED DOWN"));
  });
}

function setRate(call: Call, job: Job, system: System): void {
  if (call.form === "read") {
    job.line(`+IPR: ${system.settings.get("+IPR") ?? system.kernel.nvram.baud}`);
    job.ok();
    return;
  }
  const rate = call.number(0, 0, 4_000_000);
  if (rate === undefined || (rate !== 0 && !rates.includes(rate))) {
    job.error();
    return;
  }
  system.settings.set("+IPR", String(rate));
  job.ok(() => {
    if (rate > 0) system.board.setBaud(rate);
  });
}

function sendLinesTo(call: Call, job: Job, system: System): void {
  const { nvram } = system.kernel;
  if (call.text(0).toLowerCase() !== "urcport") {
    job.error();
    return;
  }
  if (call.count === 1) {
    job.line(`+QURCCFG: "urcport","${nvram.urcport}"`);
    job.ok();
    return;
  }
  const port = call.text(1).toLowerCase();
  if (!["usbat", "usbmodem", "uart1", "all"].includes(port)) {
    job.error();
    return;
  }
  nvram.urcport = port;
  job.ok();
}

const configurationDefaults: Record<string, string> = {
  "urc/cache": "0",
  "urc/delay": "0",
  "urc/ri/other": '"off"',
  "urc/ri/ring": '"auto"',
  "urc/ri/smsincoming": '"pulse",120',
  nwscanmode: "0",
  band: "0x0,0x200000000000000095,0x0",
  "fota/cid": "1",
  "fota/path": '"UFS:"',
  risignaltype: '"respective"',
  apready: "0,0,500",
  usbnet: "1",
};

function configure(call: Call, job: Job, system: System): void {
  const key = call.text(0).toLowerCase();
  const usual = configurationDefaults[key];
  if (usual === undefined) {
    job.error();
    return;
  }
  const { configuration } = system.kernel.nvram;
  if (call.count === 1) {
    job.line(`+QCFG: "${key}",${configuration.get(key) ?? usual}`);
  } else {
    configuration.set(key, call.args.slice(1).join(","));
  }
  job.ok();
}

const register: SystemHandler = (call, job, system) => {
  const usual: Record<string, number> = { S0: 0, S3: 13, S4: 10, S5: 8, S7: 0 };
  if (call.form === "read") {
    const value = Number(system.settings.get(call.name) ?? usual[call.name]);
    job.raw(`\r\n${String(value).padStart(3, "0")}\r\n`);
    job.ok();
    return;
  }
  const value = call.number(0, 0, 255);
  if (value === undefined) {
    job.error();
    return;
  }
  system.settings.set(call.name, String(value));
  job.ok(() => {
    if (call.name === "S3") system.input.endOfLine = String.fromCharCode(value & 127);
    if (call.name === "S5") system.input.backspace = String.fromCharCode(value & 127);
  });
};

export const basicCommands: Record<string, SystemHandler> = {
  E: switching((system, isOn) => {
    system.profile.echo = isOn;
  }),
  V: switching((system, isOn) => {
    system.profile.verbose = isOn;
  }),
  Q: switching((system, isOn) => {
    system.profile.quiet = isOn;
  }),
  X: (_, job) => job.ok(),
  "&C": (_, job) => job.ok(),
  "&D": (_, job) => job.ok(),
  "&F": (_, job, system) => {
    restoreProfile(system);
    job.ok();
  },
  Z: (_, job, system) => {
    Object.assign(system.profile, structuredClone(system.kernel.nvram.profile ?? factoryProfile()));
    job.ok();
  },
  "&W": (_, job, system) => {
    system.kernel.nvram.profile = structuredClone(system.profile);
    const rate = Number(system.settings.get("+IPR") ?? 0);
    if (rate > 0) system.kernel.nvram.baud = rate;
    job.ok();
  },
  S0: register,
  S3: register,
  S4: register,
  S5: register,
  S7: register,
  "+CMEE": (call, job, system) => {
    if (call.form === "read") job.line(`+CMEE: ${system.profile.errors}`);
    if (call.form === "test") job.line("+CMEE: (0-2)");
    if (call.form === "set") {
      const errors = call.number(0, 0, 2);
      if (errors === undefined) {
        job.error();
        return;
      }
      system.profile.errors = errors;
    }
    job.ok();
  },
  "+IPR": setRate,
  "+IFC": (call, job, system) => {
    if (call.form === "read") job.line(`+IFC: ${system.settings.get("+IFC") ?? "0,0"}`);
    if (call.form === "set") {
      if (!/^[02],[02]$/.test(call.args.join(","))) {
        job.error();
        return;
      }
      system.settings.set("+IFC", call.args.join(","));
    }
    job.ok();
  },
  "+CFUN": setFunctionality,
  "+QPOWD": powerDown,
  "+QSCLK": (call, job, system) => {
    const mode = call.number(0, 0, 1);
    if (call.form === "read") job.line(`+QSCLK: ${system.sleepMode}`);
    if (call.form === "set") {
      if (mode === undefined) {
        job.error();
        return;
      }
      system.sleepMode = mode;
    }
    job.ok();
  },
  "+QURCCFG": sendLinesTo,
  "+QCFG": configure,
  "+CMGF": kept(0, 1, 0),
  "+CSCS": (_, job) => job.ok(),
  "+CNMI": (_, job) => job.ok(),
  "+CBC": (_, job) => {
    job.line("+CBC: 0,100,3800");
    job.ok();
  },
};
