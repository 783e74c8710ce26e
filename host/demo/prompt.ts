/**
 * What a person can do on the stage after the walk: one line a command.
 * @module
 */
import { decodeTrace, tracesOf } from "../trace/index.ts";
import type { Stage } from "./stage.ts";
import { finishing, imageFor, push } from "./updates.ts";

export const HELP = `set {"power_switch":1}        set properties from the platform
call query_power_level {}     call a service
rrpc {"any":"text"}           send an RRPC
update 1.2.0                  push the firmware under another version
cut | restore                 cut the network, and restore it
off | on | cycle              the board's power switch
repl ali.status()             evaluate on the board's REPL (ali.help() lists more)
status                        what the platform holds of the device
quit`;

/** A line that is no command, or has a wrong argument. */
export class CommandError extends Error {}

/** Carries out one line; resolves with what to show, or undefined to leave. */
export async function command(stage: Stage, line: string): Promise<string | undefined> {
  const [word = "", ...rest] = line.trim().split(/\s+/);
  const argument = line.trim().slice(word.length).trim();
  switch (word) {
    case "":
      return "";
    case "help":
    case "?":
      return HELP;
    case "set":
      return show(await stage.cloud.setProperty(stage.device, object(argument)));
    case "call": {
      const [service = "", ...input] = rest;
      if (!service) throw new CommandError("which service? e.g. call query_power_level");
      return show(
        await stage.cloud.invokeService(stage.device, service, object(input.join(" ") || "{}")),
      );
    }
    case "rrpc": {
      const request = { payload: Buffer.from(argument), timeoutMs: 5000 };
      return (await stage.cloud.rrpc(stage.device, request)).payload.toString("utf8");
    }
    case "update":
      if (!argument) throw new CommandError("to which version? e.g. update 1.2.0");
      return update(stage, argument);
    case "cut":
      stage.network.cut();
      return "the network is cut";
    case "restore":
      await stage.network.restore();
      return "the network is back";
    case "off":
      await stage.board.powerOff();
      return "the power is off";
    case "on":
      await stage.board.powerOn();
      return "the power is on";
    case "cycle":
      await stage.board.powerOff();
      await stage.board.powerOn();
      return "the power was off and is on again";
    case "repl":
      if (!argument) throw new CommandError("what? e.g. repl ali.status()");
      return decodeTrace(await stage.board.evaluate(argument), tracesOf(stage.build)).trimEnd();
    case "status":
      return status(stage);
    case "quit":
    case "exit":
      return undefined;
    default:
      throw new CommandError(`"${word}" is no command; help lists them`);
  }
}

async function update(stage: Stage, version: string): Promise<string> {
  let image: Buffer;
  try {
    image = imageFor(stage, version);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
  const job = await push(stage, version, image);
  const task = await stage.cloud.ota.finished(job, stage.device.deviceName, finishing(stage));
  return `${task.status} at ${task.progress} %: ${task.desc}`;
}

async function status({ cloud, device }: Stage): Promise<string> {
  const view = cloud.device(device.productKey, device.deviceName);
  const properties = Object.entries(await view.properties()).map(
    ([identifier, { value }]) => `  ${identifier} = ${JSON.stringify(value)}`,
  );
  const modules = (await view.otaVersions()).map(
    ({ module, version }) => `  module ${module} ${version}`,
  );
  return [`${device.deviceName} is ${await view.status()}`, ...properties, ...modules].join("\n");
}

function object(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandError(`a JSON object is expected, e.g. {"power_switch":1}, not "${text}"`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CommandError(`a JSON object is expected, not ${text}`);
  }
  return value as Record<string, unknown>;
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
