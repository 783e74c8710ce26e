/**
 * The walk's step on boards with a modem: the platform upgrades the modem's own firmware, as the
 * manual's firmware module.
 * @module
 */
import { makePackage } from "../modem/upgrade.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./walk.ts";

/** Name of the manual's firmware module. */
export const FIRMWARE_MODULE = "EC600N-CNLC";
const PACKAGE_BYTES = 30_000;

/** The revision after this one: `EC600NCNLCR03A11M16` comes before `EC600NCNLCR03A12M16`. */
export function nextRevision(revision: string): string {
  const next = revision.replace(/(\d\d)(?=M\d\d\b)/, (number) =>
    String((Number(number) + 1) % 100).padStart(2, "0"),
  );
  if (next === revision) throw new Error(`the revision "${revision}" has no number to count up`);
  return next;
}

async function upgradeModem(stage: Stage): Promise<string> {
  const { cloud, device, modem, watch } = stage;
  if (!modem) throw new Error("this board has no modem");
  const from = modem.nvram.revision;
  const to = nextRevision(from);
  const firmwareId = await cloud.ota.addFirmware({
    productKey: device.productKey,
    module: FIRMWARE_MODULE,
    version: to,
    files: [
      {
        name: "delta.bin",
        bytes: Buffer.from(makePackage({ from, to, size: PACKAGE_BYTES }), "latin1"),
      },
    ],
    signMethod: "SHA256",
  });
  const job = await cloud.ota.createJob({ firmwareId, devices: [device.deviceName] });
  const task = await cloud.ota.finished(job, device.deviceName, watch.patience);
  if (task.status !== "SUCCEEDED") throw new Error(`the upgrade is ${task.status}: ${task.desc}`);
  const { revision } = modem.nvram;
  if (revision !== to) throw new Error(`the modem's revision is ${revision}, expected ${to}`);
  return `${from} became ${to}`;
}

export const modemUpgrade: Step = { title: "The modem's firmware is upgraded", run: upgradeModem };

/** The steps that only boards with a modem have. */
export function modemSteps({ modem }: Stage): Step[] {
  return modem ? [modemUpgrade] : [];
}
