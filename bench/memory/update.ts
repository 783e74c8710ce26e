/**
 * Variables of the whole firmware while it answers the platform, and downloads, checks and arms an
 * update; and whether it does all that where there are few of them.
 * @module
 */
import { imageFor, push } from "../../host/demo/updates.ts";
import { runWalk, walk } from "../../host/demo/walk.ts";
import { LOOK } from "./look.ts";
import { Subject } from "./subject.ts";

export interface UpdateMemory {
  /** JsVars, connected and at rest. */
  idle: number;
  /** The most of them until the restart into the update. */
  most: number;
}

const VERSION = "9.9.9";
/** How long an update may take where each look at the memory collects garbage, ms. */
const PATIENCE = 300_000;

/** Steps of the walk that keep the board on. */
const STEPS = walk.filter(({ title }) => /Reply|Response|network fails/.test(title));

async function answer({ stage }: Subject): Promise<void> {
  const failed = (await runWalk(stage, STEPS, () => {})).find(({ missing }) => missing);
  if (failed) throw new Error(`${failed.title}: ${failed.missing}`);
}

async function update({ stage }: Subject, overMqtt: boolean): Promise<void> {
  const job = await push(stage, VERSION, imageFor(stage, VERSION), {
    signMethod: "MD5",
    ...(overMqtt ? { protocol: "mqtt" } : {}),
  });
  const task = await stage.cloud.ota.finished(job, stage.device.deviceName, PATIENCE);
  if (task.status !== "SUCCEEDED") throw new Error(`update ${task.status}: ${task.desc}`);
}

/** Counts them on an interpreter, by its path. Rejects when the update does not succeed. */
export async function measureUpdate(interpreter: string, overMqtt: boolean): Promise<UpdateMemory> {
  const subject = await Subject.open("sample", interpreter);
  const { board } = subject.stage;
  try {
    await subject.connect();
    await subject.report(5);
    const idle = await subject.rest();
    await board.evaluate(LOOK);
    await answer(subject);
    await subject.rest();
    // From here on it also looks every few milliseconds, and tells.
    const code =
      'setTimeout(function(){print("idle "+look.idle());look.tells=true;setInterval(look.count,3)},300)';
    const [, base] = await subject.printed(/idle (\d+)\r?\n/, () => board.evaluate(code));

    let most = 0;
    let text = "";
    board.onConsole((more) => {
      text += more;
      for (const [, figure] of text.matchAll(/most (\d+)\r?\n/g)) most = Number(figure);
      text = text.slice(-40);
    });
    await update(subject, overMqtt);
    return { idle, most: idle + most - Number(base) };
  } finally {
    await subject.close();
  }
}

/** A script for the power-on that takes all variables but so many, besides those of the interpreter. */
const take = (limit: number) => `global.held=[];(function(){
var first=process.memory(),over=first.total-${limit},taken=0;
while(taken<over-120){held.push(new Uint8Array(1400));taken=process.memory().usage-first.usage}
while(taken++<over)held.push(0)})()`;

/**
 * Whether the firmware answers the platform and is updated with so many variables, up to its restart;
 * undefined when it does, else what went wrong.
 */
export async function failureWithin(
  interpreter: string,
  limit: number,
): Promise<string | undefined> {
  const files = async () => ({ ".bootPowerOn": take(limit) });
  const subject = await Subject.open("sample", interpreter, { files });
  let text = "";
  subject.stage.board.onConsole((more) => {
    text += more;
  });
  try {
    await subject.connect();
    await answer(subject);
    await update(subject, false);
  } catch (error) {
    const memory = /OUT OF MEMORY|[A-Z_,]*MEMORY/.exec(text)?.[0];
    return memory ?? (error as Error).message;
  } finally {
    await subject.close();
  }
  return /[A-Z_,]*MEMORY/.exec(text)?.[0];
}
