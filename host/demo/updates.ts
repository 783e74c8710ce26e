/**
 * Updates over the air in the walk: one that loses its power on the way, one whose image is bad.
 * @module
 */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { firmwareEntries } from "../image/firmware.ts";
import { packImage } from "../image/image.ts";
import { decodeTrace, tracesOf } from "../trace/index.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./walk.ts";

/** Share of an image after which the server goes silent, so that the power fails in the middle. */
const STALL_SHARE = 0.5;
/** How often the board is asked how far it is, ms. */
const LOOK_MS = 50;

/** An image for the stage's board: the firmware itself unless another script is given. */
export function imageFor({ build, board }: Stage, version: string, script?: string): Buffer {
  const entries =
    script === undefined
      ? firmwareEntries(board.board.machine, readFileSync(build.firmware))
      : [{ name: "main.js", bytes: Buffer.from(script) }];
  return packImage({ board: build.board, module: PROJECT_NAME, version, entries });
}

/** How an image is announced, and comes: over HTTP unless a protocol is named. */
interface Way {
  signMethod: "MD5" | "SHA256";
  protocol?: "mqtt";
}

/** Puts an image on the platform and pushes it to the board; gives the job's id. */
export async function push(
  stage: Stage,
  version: string,
  image: Buffer,
  { signMethod, ...way }: Way = { signMethod: "SHA256" },
): Promise<string> {
  const { cloud, device } = stage;
  const firmwareId = await cloud.ota.addFirmware({
    productKey: device.productKey,
    module: PROJECT_NAME,
    version,
    files: [{ name: "image.bin", bytes: image }],
    signMethod,
  });
  return cloud.ota.createJob({ firmwareId, devices: [device.deviceName], ...way });
}

/** Waits until the board says that it has this share of the package, in per cent. */
async function reach(stage: Stage, percent: number): Promise<void> {
  const end = Date.now() + stage.watch.patience;
  while (Date.now() < end) {
    if (Number(await stage.board.evaluate("ali.ota().percent")) >= percent) return;
    await pause(LOOK_MS);
  }
  throw new Error(`the download did not reach ${percent} %`);
}

/** How long an update may take in all, with its restarts, ms. */
export function finishing({ watch }: Stage): number {
  return 3 * watch.patience;
}

async function runningVersion({ cloud, device }: Stage): Promise<string | undefined> {
  const modules = await cloud.device(device.productKey, device.deviceName).otaVersions();
  return modules.find(({ module }) => module === PROJECT_NAME)?.version;
}

async function expectVersion(stage: Stage, expected: string): Promise<void> {
  const version = await runningVersion(stage);
  if (version !== expected) throw new Error(`the platform knows ${version}, expected ${expected}`);
}

async function updateWithPowerCut(stage: Stage): Promise<string> {
  const { cloud, board, device } = stage;
  await expectVersion(stage, "1.0.0");
  const image = imageFor(stage, "1.1.0");
  cloud.ota.faults = { stallAfter: Math.floor(image.length * STALL_SHARE), times: 1 };
  const job = await push(stage, "1.1.0", image);
  await reach(stage, 30);
  const percent = await board.evaluate("ali.ota().percent");
  await board.powerOff();
  await board.powerOn();
  const task = await cloud.ota.finished(job, device.deviceName, finishing(stage));
  if (task.status !== "SUCCEEDED") throw new Error(`the update is ${task.status}: ${task.desc}`);
  await expectVersion(stage, "1.1.0");
  return `power cut at ${percent} %, went on after it; the platform knows 1.1.0`;
}

async function rollBack(stage: Stage): Promise<string> {
  const { cloud, device } = stage;
  const script = 'print("a bad image starts");\nthis.is.no.firmware();\n';
  const from = stage.watch.now;
  const job = await push(stage, "1.2.0", imageFor(stage, "1.2.0", script));
  const task = await cloud.ota.finished(job, device.deviceName, finishing(stage));
  if (task.status !== "FAILED") throw new Error(`the bad image's update is ${task.status}`);
  await stage.watch.wait(
    "the old version",
    from,
    (seen) => seen.kind === "message" && seen.topic.startsWith("/ota/device/inform/"),
  );
  await expectVersion(stage, "1.1.0");
  const reason = decodeTrace(task.desc, tracesOf(stage.build));
  return `"${reason}"; the platform knows 1.1.0`;
}

export const updates: Step[] = [
  { title: "An update whose power fails halfway", run: updateWithPowerCut },
  { title: "A bad image is rolled back", run: rollBack },
];
