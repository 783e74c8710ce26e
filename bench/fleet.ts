/**
 * The local platform with many devices, each of which reports two properties every 10 s (QoS 1, a post of
 * the thing model) and waits for the platform's answer with its id. All devices are one process; the
 * platform is another one, started as `npm run cloud` starts it, with its console, and keeps everything in
 * a folder. The floor has the same load in the same run: the broker that the platform is built on, alone
 * in a process, that lets everybody in and answers each report with as many bytes (`fleet/bare.ts`).
 *
 * CPU is of the server's whole process, user and system, the store's threads included. Memory is what the
 * process takes more than with the smallest fleet, by device added. At saturation, 100 devices report again
 * as soon as they have their answer; so they do before all else, until both servers are warm.
 *
 * With `FLEET_PROFILE=FOLDER` in the environment the servers write what their CPU went to there, as
 * `platform.cpuprofile` and `bare.cpuprofile`, for the developer tools of a browser.
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { productFile } from "./fleet/fleet.ts";
import type { Outcome } from "./fleet/load.ts";
import { Load, Server } from "./fleet/processes.ts";
import type { Row } from "./run.ts";

export const name = "fleet: the local platform and the bare broker with as many devices";

const SIZES = [100, 1000, 5000];
const PERIOD_MS = 10_000;
/** Periods with which a fleet of new size begins, and those that are measured. */
const WARM_PERIODS = 1;
const PERIODS = 2;
/** New connections in a second. */
const RATE = 200;
const SATURATION = { devices: 100, warmMs: 5000, ms: 10_000 };
/** The platform may take as many times as much as the bare broker: a ratio of 0.7 the other way round. */
const MOST_TIMES = 1 / 0.7;
/** How much more a device may take with 5,000 than with 1,000. */
const MOST_GROWTH = 1.1;

/** A server with a load of its own. */
interface Side {
  server: Server;
  load: Load;
}

/** One load on one server. */
interface Measured extends Outcome {
  /** CPU of the server meanwhile, ms. */
  serverMs: number;
  /** Memory of the server afterwards, bytes. */
  rss: number;
}

/** The platform, and its floor. */
interface Pair<T> {
  platform: T;
  bare: T;
}

export async function bench(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-fleet-"));
  const sides: Partial<Pair<Side>> = {};
  try {
    const products = join(folder, "products.json");
    await writeFile(products, productFile(Math.max(...SIZES)));
    const data = join(folder, "data");
    const platform = { server: await Server.platform(data, products), load: Load.start() };
    sides.platform = platform;
    const bare = { server: await Server.bare(), load: Load.start() };
    sides.bare = bare;
    return await measureAll({ platform, bare });
  } finally {
    for (const side of [sides.platform, sides.bare]) {
      side?.load.close();
      await side?.server.close();
    }
    await rm(folder, { recursive: true });
  }
}

async function measureAll(sides: Pair<Side>): Promise<Row[]> {
  const rows: Row[] = [];
  const sizes: Pair<Measured>[] = [];
  await warmUp(sides.platform);
  await warmUp(sides.bare);
  for (const devices of SIZES) {
    // One after the other, so that neither takes from the other what is measured.
    const platform = await withDevices(sides.platform, devices);
    const bare = await withDevices(sides.bare, devices);
    rows.push(...sizeRows(devices, { platform, bare }));
    sizes.push({ platform, bare });
  }
  rows.push(...memoryRows(sizes));
  const platform = await saturated(sides.platform);
  rows.push(...saturationRows({ platform, bare: await saturated(sides.bare) }));
  return rows;
}

async function connect({ server: { host, port }, load }: Side, devices: number): Promise<void> {
  await load.connect({ host, port, devices, rate: RATE });
}

async function warmUp(side: Side): Promise<void> {
  const { devices, warmMs: ms } = SATURATION;
  await connect(side, devices);
  await side.load.measure({ kind: "saturate", devices, ms });
}

async function withDevices(side: Side, devices: number): Promise<Measured> {
  await connect(side, devices);
  const { server, load } = side;
  const period = { kind: "report", periodMs: PERIOD_MS } as const;
  await load.measure({ ...period, periods: WARM_PERIODS });
  return during(server, () => load.measure({ ...period, periods: PERIODS }));
}

async function saturated({ server, load }: Side): Promise<Measured> {
  const { devices, warmMs, ms } = SATURATION;
  await load.measure({ kind: "saturate", devices, ms: warmMs });
  return during(server, () => load.measure({ kind: "saturate", devices, ms }));
}

/** What a server uses for a load. */
async function during(server: Server, measure: () => Promise<Outcome>): Promise<Measured> {
  const before = await server.cpuMs();
  const outcome = await measure();
  const serverMs = (await server.cpuMs()) - before;
  return { ...outcome, serverMs, rss: await server.rss() };
}

function sizeRows(devices: number, { platform, bare }: Pair<Measured>): Row[] {
  const what = (text: string) => `${devices} devices: ${text}`;
  const seconds = platform.ms / 1000;
  const cpu = (each: Measured) => each.serverMs / (each.ms / 1000);
  return [
    { what: what("reports"), value: platform.posts / seconds, unit: "/s" },
    { what: what("answers"), value: platform.replies / seconds, unit: "/s" },
    {
      what: what("CPU of the platform"),
      value: cpu(platform),
      unit: "ms/s",
      floor: cpu(bare),
      mostTimes: MOST_TIMES,
    },
    {
      what: what("CPU of a device"),
      value: (1000 * cpu(platform)) / devices,
      unit: "us/s",
      floor: (1000 * cpu(bare)) / devices,
    },
    {
      what: what("report to answer, median"),
      value: platform.p50,
      unit: "ms",
      floor: bare.p50,
    },
    {
      what: what("report to answer, 99 of 100"),
      value: platform.p99,
      unit: "ms",
      floor: bare.p99,
    },
  ];
}

function memoryRows(sizes: Pair<Measured>[]): Row[] {
  const [least] = sizes as [Pair<Measured>];
  const [devicesThen = 0, ...larger] = SIZES;
  const growth = larger.map((devices, index) => {
    const now = sizes[index + 1] as Pair<Measured>;
    const of = (side: keyof Pair<Measured>) =>
      (now[side].rss - least[side].rss) / 1024 / (devices - devicesThen);
    return { devices, platform: of("platform"), bare: of("bare") };
  });
  const rows: Row[] = growth.map(({ devices, platform, bare }) => ({
    what: `${devices} devices: memory (RSS) of a device`,
    value: platform,
    unit: "KB",
    floor: bare,
  }));
  const [few, many] = [growth.at(0), growth.at(-1)];
  if (!few || !many) return rows;
  const ratio = many.platform / few.platform;
  const what = `memory of a device, with ${many.devices} to with ${few.devices}`;
  return [...rows, { what, value: ratio, unit: "x", most: MOST_GROWTH }];
}

function saturationRows({ platform, bare }: Pair<Measured>): Row[] {
  const what = (text: string) => `${SATURATION.devices} without a pause: ${text}`;
  const rate = (each: Measured) => each.replies / (each.ms / 1000);
  const cpu = (each: Measured) => (1000 * each.serverMs) / each.posts;
  return [
    { what: what("answers"), value: rate(platform), unit: "/s" },
    {
      what: what("time of a report"),
      value: 1e6 / rate(platform),
      unit: "us",
      floor: 1e6 / rate(bare),
      mostTimes: MOST_TIMES,
    },
    {
      what: what("CPU of a report"),
      value: cpu(platform),
      unit: "us",
      floor: cpu(bare),
      mostTimes: MOST_TIMES,
    },
    { what: what("load's own CPU"), value: platform.cpuMs / platform.ms, unit: "of a core" },
    {
      what: what("report to answer, 99 of 100"),
      value: platform.p99,
      unit: "ms",
      floor: bare.p99,
    },
  ];
}
