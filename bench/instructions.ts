/**
 * What operations of the firmware cost on the interpreter, in instructions, each beside a hand-written
 * floor on the same platform. Counted are those within callbacks; the code runs from RAM, as it does
 * from an ESP32's mapped flash. Where valgrind is missing: the time within callbacks, which says less,
 * for it depends on what else the computer does, and leaves out what the interpreter does around them.
 * @module
 */
import { findInterpreter } from "../host/board/find-interpreter.ts";
import { REPLY_SECONDS } from "./frame/timers.ts";
import { callbacksBetweenPings } from "./instructions/between-pings.ts";
import { findValgrind } from "./instructions/callgrind.ts";
import {
  downlink,
  each,
  type Measured,
  measureDownlink,
  measureOperations,
  OPERATIONS,
  type OperationName,
} from "./instructions/operations.ts";
import { CALLBACK, MARK, Session } from "./instructions/program.ts";
import { openRig, type Rig, SCRIPT } from "./instructions/rig.ts";
import { measureStart } from "./instructions/start.ts";
import type { Bench, Row } from "./run.ts";

export const name = "Instructions of the firmware's operations on the interpreter";
export const uses: Bench["uses"] = ["interpreter", "callgrind"];

/** Operations in the shortest of the series that are compared: few are enough to be counted. */
const COUNTED = 10;
/** Messages in the shortest of theirs. */
const MESSAGES = 4;
const TIMED = 50;
const IDLE_SECONDS = 10;
/** Most that two counts of the same may differ, per cent. */
const SPREAD = 1;

const DOWNLINKS = [
  { what: "message of 1 KB", text: downlink(1024) },
  { what: "message of 16,000 bytes", text: downlink(16_000) },
  { what: "message of 4 KB in 100 objects", text: downlink(4096, true) },
];

interface Tools {
  interpreter: string;
  valgrind: string | undefined;
}

/** What one program takes. */
interface Figures {
  operations: Record<OperationName, Measured>;
  downlinks: Measured[];
  /** Per second. */
  idle: () => number;
  /** What a report's timers take when all has been acknowledged and answered. */
  timers: () => number;
}

type Which = "firmware" | "floor";

export async function bench(): Promise<Row[] | string> {
  const interpreter = findInterpreter();
  if (interpreter === undefined) return "no interpreter: set ESPRUINO";
  const valgrind = findValgrind();
  const tools = { interpreter, valgrind };
  const rig = await openRig(valgrind !== undefined);
  try {
    const floor = await measureProgram(rig, "floor", tools);
    const firmware = await measureProgram(rig, "firmware", tools);
    return [
      ...showOperations(firmware, floor, valgrind !== undefined),
      ...(valgrind === undefined ? [] : await countedOnly(rig, firmware, floor, tools)),
      {
        what: "callbacks between two pings, ESP32 connected over Wi-Fi",
        value: await callbacksBetweenPings(),
        unit: "callbacks",
        most: 0,
      },
    ];
  } finally {
    await rig.close();
  }
}

async function measureProgram(rig: Rig, which: Which, tools: Tools): Promise<Figures> {
  const isCounted = tools.valgrind !== undefined;
  const session = await Session.begin(async (port) => ({
    ...tools,
    folder: await rig[which](port),
    script: SCRIPT,
    counting: { within: [CALLBACK], marks: [MARK] },
  }));
  try {
    const count = isCounted ? COUNTED : TIMED;
    const operations = await measureOperations(session, rig, count, isCounted);
    const downlinks: Measured[] = [];
    for (const { text } of DOWNLINKS) {
      downlinks.push(await measureDownlink(session, rig, text, MESSAGES, which === "floor"));
    }
    if (which === "floor") await session.run("tick", 0);
    await session.run("report", 1);
    const settled = await session.run("rest", isCounted ? REPLY_SECONDS : 0);
    const none = await session.run("rest", 0);
    const rest = await session.run("rest", isCounted ? IDLE_SECONDS : 0);
    await session.end(isCounted);
    const idle = () => Math.max(0, rest.cost - none.cost) / IDLE_SECONDS;
    return { operations, downlinks, idle, timers: () => settled.cost - none.cost };
  } finally {
    await session.close();
  }
}

/** Millions of instructions, or milliseconds, one operation each. */
function showOperations(firmware: Figures, floor: Figures, isCounted: boolean): Row[] {
  const scale = isCounted ? 1e6 : 1e3;
  const unit = isCounted ? "M instructions" : "ms within callbacks";
  const pair = (measured: Measured, least: Measured, per = 1) => ({
    value: each(measured).cost / scale / per,
    floor: each(least).cost / scale / per,
  });
  const limits = (some: Partial<Row>) => (isCounted ? some : {});
  const report = each(firmware.operations.report).cost / scale;
  const most = Number((1.2 * report).toPrecision(4));
  const rows = Object.entries(OPERATIONS).map(([key, what]): Row => {
    const name = key as OperationName;
    return {
      what,
      ...pair(firmware.operations[name], floor.operations[name]),
      unit,
      ...limits(name === "report" ? { most: 3, mostTimes: 2.2 } : { most }),
    };
  });
  const received = DOWNLINKS.map(({ what, text }, index): Row => {
    const measured = [firmware.downlinks[index], floor.downlinks[index]] as [Measured, Measured];
    return {
      what: `${what}, until the application has it`,
      ...pair(...measured, text.length / 1024),
      unit: `${unit} a KB`,
      ...limits({ mostTimes: 1.5 }),
    };
  });
  return [...rows, ...received];
}

/** What makes no sense as time. */
async function countedOnly(
  rig: Rig,
  firmware: Figures,
  floor: Figures,
  { interpreter, valgrind = "" }: Tools,
): Promise<Row[]> {
  const start = await measureStart(rig, "firmware", interpreter, valgrind);
  const leastStart = await measureStart(rig, "floor", interpreter, valgrind);
  const all = [firmware, floor].flatMap(({ operations, downlinks }) => [
    ...Object.values(operations),
    ...downlinks,
  ]);
  return [
    {
      what: "timers that a report set, until none is left",
      value: firmware.timers() / 1e6,
      unit: "M instructions",
    },
    {
      what: "idle second, connected",
      value: firmware.idle() / 1e3,
      floor: floor.idle() / 1e3,
      unit: "k instructions",
      mostTimes: 1.1,
    },
    {
      what: "start until CONNECT is sent",
      value: start.connect / 1e6,
      floor: leastStart.connect / 1e6,
      unit: "M instructions",
    },
    {
      what: "start until the first report's reply",
      value: start.report / 1e6,
      floor: leastStart.report / 1e6,
      unit: "M instructions",
    },
    {
      what: "two counts of the same differ at most by",
      value: 100 * Math.max(...all.map((measured) => each(measured).spread)),
      unit: "%",
      most: SPREAD,
    },
  ];
}
