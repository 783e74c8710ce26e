/**
 * Memory of the whole firmware while it downloads, checks and arms an update, on the 32-bit
 * interpreter, which has as many variables as an ESP32.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import { findSmallInterpreter } from "../../host/board/find-interpreter.ts";
import { build } from "../../host/build/index.ts";
import { openStage, type Stage } from "../../host/demo/stage.ts";
import { imageFor } from "../../host/demo/updates.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";

/** On the board: prints each new maximum, garbage taken out; it looks between pieces, not within. */
const WATCH = `(function(){var most=0;setInterval(function(){
var now=process.memory().usage;if(now>most){most=now;print("most "+now)}},3)})()`;

export interface Memory {
  /** JsVars, connected and idle. */
  idle: number;
  /** The most of them until the restart. */
  most: number;
}

/** Undefined where there is no such interpreter. */
export async function measureWhole(overMqtt: boolean): Promise<Memory | undefined> {
  const small = findSmallInterpreter();
  if (small === undefined) return undefined;
  const built = await build({ board: "linux", quiet: true });
  const usual = process.env.ESPRUINO;
  process.env.ESPRUINO = small;
  let stage: Stage;
  try {
    stage = await openStage({ build: built, engine: "espruino", settings: { log: "error" } });
  } finally {
    if (usual === undefined) delete process.env.ESPRUINO;
    else process.env.ESPRUINO = usual;
  }
  try {
    let most = 0;
    let text = "";
    stage.board.onConsole((more) => {
      text += more;
      for (const [, figure] of text.matchAll(/most (\d+)\r?\n/g)) most = Number(figure);
      text = text.slice(-40);
    });
    await stage.board.powerOn();
    while ((await stage.board.evaluate("ali.server.status")) !== "true") await pause(50);
    // What the log-on set in motion comes to rest.
    await pause(500);
    await stage.board.evaluate(WATCH);
    const idle = Number(await stage.board.evaluate("process.memory().usage"));
    most = 0;
    const image = imageFor(stage, "9.9.9");
    const { productKey, deviceName } = stage.device;
    const { ota } = stage.cloud;
    const firmwareId = await ota.addFirmware({
      productKey,
      module: PROJECT_NAME,
      version: "9.9.9",
      files: [{ name: "image.bin", bytes: image }],
    });
    const job = await ota.createJob({
      firmwareId,
      devices: [deviceName],
      ...(overMqtt ? { protocol: "mqtt" as const } : {}),
    });
    const task = await ota.finished(job, deviceName);
    if (task.status !== "SUCCEEDED") throw new Error(`update ${task.status}: ${task.desc}`);
    return { idle, most };
  } finally {
    await stage.close();
  }
}
