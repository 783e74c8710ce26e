/**
 * The local platform, and what the interpreter runs against it: the firmware from RAM, and its floor.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBoardFile } from "../../host/build/boards.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import type { DeviceId } from "../../host/cloud/device-id.ts";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { installFirmware } from "../../host/demo/install.ts";
import { buildProgram } from "../../test/mqtt/interpreter.ts";
import { floorPackets, literal } from "./packets.ts";
import { openStillWire } from "./still-wire.ts";

/** Images of this board are held compressed: what runs is in RAM, as mapped flash is on an ESP32. */
const boardFile = inProject("test/examples/board.ts");
const device = (file: string) => join(import.meta.dirname, "device", file);
/** Seconds: no ping falls into what is measured. */
const KEEPALIVE = 1200;

/** Name of the script in each folder. */
export const SCRIPT = "program.js";

export interface Rig {
  cloud: Cloud;
  device: DeviceId;
  /**
   * A folder with the firmware in its flash, and with a script that does nothing.
   * @param control port of the orders, or 0
   */
  firmware(control: number): Promise<string>;
  /** A folder with the floor as its script. */
  floor(control: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Builds both programs and starts the platform.
 * @param counted whether instructions will be counted, for which what the platform sends comes piece by
 *   piece; else the programs note the time that their listeners take
 */
export async function openRig(counted: boolean): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "bench-instructions-"));
  const firmware = await build({
    board: "linux",
    boardFile,
    app: device("app.ts"),
    outDir: inProject(".cache/instructions/dist"),
    quiet: true,
  });
  const floor = await buildProgram(device("floor.ts"));
  const cloud = await startCloud();
  const product = cloud.products[0];
  const secrets = product?.devices[0];
  if (!product || !secrets) throw new Error("the products hold no device");
  const { productKey } = product;
  const id = { productKey, deviceName: secrets.deviceName };
  const wire = counted ? await openStillWire(cloud.endpoints.mqtt) : undefined;
  const { host, port } = wire?.endpoint ?? cloud.endpoints.mqtt;
  const place = () => mkdtempSync(join(folder, "run-"));
  return {
    cloud,
    device: id,
    firmware: async (control) => {
      const settings = {
        ...{ productKey, ...secrets, server: `${host}:${port}`, qos: 1 },
        ...{ keepalive: KEEPALIVE, log: "error", app: { control, timed: !counted } },
      };
      return install(place(), firmware, settings);
    },
    floor: async (control) => {
      const own = place();
      const packets = floorPackets(id, secrets.deviceSecret);
      const settings = { ...packets, platform: { host, port }, control, timed: !counted };
      writeFileSync(join(own, SCRIPT), `var settings=${literal(settings)};\n${floor}`, "latin1");
      return own;
    },
    close: async () => {
      await wire?.close();
      await cloud.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function install(folder: string, firmware: BuildResult, settings: object): Promise<string> {
  const { machine } = await loadBoardFile(boardFile);
  const flash = join(folder, "espruino.flash");
  installFirmware(flash, machine, firmware, JSON.stringify(settings));
  writeFileSync(join(folder, SCRIPT), "0");
  return folder;
}
