/**
 * AT+QICFG: settings of sockets, forgotten at a restart.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import type { Family } from "../families/family.ts";
import type { System } from "../system.ts";
import { failWith } from "./packet-data.ts";

type Bounds = [low: number, high: number];

interface Setting {
  usual: string;
  bounds(family: Family): Bounds[];
}

const flag: Setting = { usual: "0", bounds: () => [[0, 1]] };

const range = (usual: number, low: number, high: number): Setting => ({
  usual: String(usual),
  bounds: () => [[low, high]],
});

const settings: Record<string, Setting> = {
  transpktsize: range(1024, 1, 1460),
  transwaittm: range(2, 0, 20),
  dataformat: {
    usual: "0,0",
    bounds: () => [
      [0, 1],
      [0, 1],
    ],
  },
  viewmode: flag,
  "udp/sendmode": flag,
  "udp/readmode": flag,
  "tcp/accept": flag,
  passiveclosed: flag,
  "tcp/twrecycle": flag,
  "close/mode": flag,
  "pdp/retry": flag,
  recvind: flag,
  sendinfo: flag,
  "tcp/keepalive": {
    usual: "0",
    bounds: ({ keepaliveIdle }) => [[0, 1], keepaliveIdle, [25, 100], [3, 10]],
  },
  "tcp/retranscfg": {
    usual: "12,60",
    bounds: () => [
      [3, 20],
      [5, 1000],
    ],
  },
  "tcp/sendmode": range(0, 0, 4),
  "send/buffersize": range(10_240, 1460, 10_240),
  "send/auto": flag,
  "recv/ignore": flag,
  formatcfg: flag,
  "qisend/timeout": range(5, 0, 3600),
};

/** What is told of keys whose capitals matter. */
const spelling: Record<string, string> = { "tcp/sendmode": "TCP/SendMode" };

export function configureSockets(call: Call, job: Job, system: System): void {
  const key = call.text(0).toLowerCase();
  const setting = settings[key];
  if (!setting || call.form !== "set") {
    failWith(552, job, system);
    return;
  }
  const place = `QICFG"${key}"`;
  if (call.count === 1) {
    const value = system.settings.get(place) ?? setting.usual;
    job.line(`+QICFG: "${spelling[key] ?? key}",${value}`);
    job.ok();
    return;
  }
  const bounds = setting.bounds(system.kernel.family);
  const fits = call.args.slice(1).every((_, at) => {
    const [low, high] = bounds[at] ?? [1, 0];
    return call.number(at + 1, low, high) !== undefined;
  });
  if (!fits) {
    failWith(552, job, system);
    return;
  }
  system.settings.set(place, call.args.slice(1).join(","));
  if (key === "qisend/timeout") system.dataTimeout = 1000 * Number(call.text(1));
  job.ok();
}
